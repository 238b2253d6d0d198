"""监督和回访抽样: figures that open their rows, the sample list, the facts of one case as a file."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from lianqi.appeals.access import visible_appeals
from lianqi.appeals.exports import pack_pdf, pack_word
from lianqi.appeals.forms.rates import FactsPackForm
from lianqi.appeals.queries.facts_pack import case_file
from lianqi.appeals.queries.identity import told_with
from lianqi.appeals.queries.samples import hints_of, reason_words, sample_counts, sample_rows
from lianqi.appeals.queries.supervision import supervision
from lianqi.appeals.views.rates import period_form, preset_tabs
from lianqi.kernel.access import may
from lianqi.kernel.clause_texts import clauses_behind
from lianqi.kernel.errors import NotPermitted, RuleBroken, TooManyRequests
from lianqi.kernel.htmx import render_page
from lianqi.kernel.limits import time_limit
from lianqi.kernel.paging import keyset_page
from lianqi.organisation.views.signed_in import SignedInRequest

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FILES = {"docx": (pack_word, DOCX), "pdf": (pack_pdf, "application/pdf")}
_VIEWS = {
    "open": gettext_lazy("待回访"),
    "done": gettext_lazy("已回访"),
    "all": gettext_lazy("全部"),
}


@login_required
@require_safe
def supervision_page(request: SignedInRequest) -> HttpResponse:
    """Show what happened how often, by unit, to those who supervise."""
    form = period_form(request, "appeals.supervise")
    context = {
        "supervision": supervision(form.asked),
        "tabs": preset_tabs(request, form),
        "clauses": clauses_behind("A3-5-4-2 A3-5-4-3"),
    }
    return render_page(request, "appeals/supervision.html", context)


@login_required
@require_safe
def sample_list(request: SignedInRequest) -> HttpResponse:
    """Show the closed appeals drawn for a call, with the facts they were drawn for."""
    if not may(request.user, "appeals.view_samples"):
        raise PermissionDenied
    view = request.GET.get("view", "")
    view = view if view in _VIEWS else "open"
    counts = sample_counts()
    page = keyset_page(sample_rows(view), request.GET, order=("-pk",), unit="件")
    context = {
        "page": page,
        "rows": [
            {"sample": one, "whose": whose, "reasons": reason_words(one), "hints": hints_of(one)}
            for one, whose in told_with(request.user, page.rows, lambda sample: sample.appeal)
        ],
        "tabs": [
            {
                "label": label,
                "url": f"?view={key}",
                "active": key == view,
                "count": getattr(counts, key),
            }
            for key, label in _VIEWS.items()
        ],
        "share": time_limit("appeal.sample.share"),
        "may_call": may(request.user, "appeals.review"),
    }
    return render_page(request, "appeals/sample_list.html", context, parts=["rows"])


@login_required
@require_http_methods(["GET", "POST"])
def facts_pack(request: SignedInRequest, number: str) -> HttpResponse:
    """Ask what the facts are for, enter it, and give them as a file."""
    rows = visible_appeals(request.user).select_related("enterprise", "lead_unit")
    appeal = get_object_or_404(rows, number=number)
    if not may(request.user, "appeals.make_facts_pack", appeal):
        raise NotPermitted("事实材料由纪检监督员、专班办公室、专班组长生成。")
    posted = request.method == "POST"
    form = FactsPackForm(request.POST if posted else None)
    status = 200
    if posted and form.is_valid():
        try:
            pack = form.save(appeal, actor=request.user)
        except TooManyRequests:
            raise  # a page of its own says when there may be more
        except RuleBroken as problem:
            form.add_error(problem.field if problem.field in form.fields else None, problem.message)
            status = problem.status
        else:
            write, content_type = _FILES[form.cleaned_data["form"]]
            response = FileResponse(
                write(case_file(request.user, pack)),
                as_attachment=True,
                filename=f"{appeal.number}事实材料{pack.number}.{form.cleaned_data['form']}",
                content_type=content_type,
            )
            response["Cache-Control"] = "no-store"
            return response
    elif form.errors:
        status = 422
    context = {
        "appeal": appeal,
        "form": form,
        "here": request.path,
        "packs": appeal.packs.select_related("made_by"),
        "clauses": clauses_behind("A3-5-4-3"),
        "trail": [
            {"label": _("诉求响应"), "url": reverse("appeals:appeal_list")},
            {"label": appeal.number, "url": appeal.get_absolute_url()},
            {"label": _("事实材料"), "url": ""},
        ],
    }
    return render_page(request, "appeals/facts_pack.html", context, status=status)
