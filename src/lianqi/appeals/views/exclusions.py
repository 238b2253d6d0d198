"""剔除台账: the ledger, an application, its steps."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianqi.appeals.access import oversees_appeals, visible_appeals, visible_exclusions
from lianqi.appeals.actions.excluding import counted_fact
from lianqi.appeals.exports import exclusion_workbook
from lianqi.appeals.forms.rates import EXCLUSION_STEP_FORMS, ExclusionForm, LedgerForm
from lianqi.appeals.models import Appeal, Exclusion
from lianqi.appeals.queries import StepLink
from lianqi.appeals.queries.exclusions import exclusion_rows
from lianqi.appeals.queries.timeline import file_rows
from lianqi.appeals.views.lists import XLSX
from lianqi.appeals.workflow import EXCLUSION
from lianqi.kernel.access import cover_lines, may
from lianqi.kernel.clause_texts import clauses_behind
from lianqi.kernel.clock import today
from lianqi.kernel.errors import NotPermitted, RuleBroken
from lianqi.kernel.htmx import after_post, render_page
from lianqi.kernel.idempotency import once
from lianqi.kernel.models import Attachment, Duty, JournalEntry
from lianqi.kernel.paging import keyset_page
from lianqi.kernel.rate_limits import spend
from lianqi.kernel.templatetags.ui import word
from lianqi.organisation.views.signed_in import SignedInRequest

_KINDS = {"primary": "primary", "normal": "primary", "danger": "danger"}


def _ledger_form(request: SignedInRequest) -> LedgerForm:
    if not may(request.user, "appeals.view_rates"):
        raise PermissionDenied
    return LedgerForm(request.GET, all_units=oversees_appeals(request.user))


@login_required
@require_safe
def exclusion_list(request: SignedInRequest) -> HttpResponse:
    """Show the ledger: overseers all of it, a unit its own."""
    form = _ledger_form(request)
    rows = exclusion_rows(request.user, **form.asked())
    query = request.GET.urlencode()
    context = {
        "form": form,
        "page": keyset_page(rows, request.GET, order=("-pk",), unit="条"),
        "export_url": f"{reverse('appeals:exclusion_export')}?{query}",
    }
    return render_page(request, "appeals/exclusion_list.html", context, parts=["rows"])


@login_required
@require_safe
def exclusion_export(request: SignedInRequest) -> FileResponse:
    """Give the same ledger as a workbook."""
    form = _ledger_form(request)
    spend("export", f"exclusions:{request.user.pk}")
    rows = exclusion_rows(request.user, **form.asked()).order_by("pk")
    return FileResponse(
        exclusion_workbook(rows.iterator(chunk_size=500)),
        as_attachment=True,
        filename=f"剔除台账{today():%Y%m%d}.xlsx",
        content_type=XLSX,
    )


@login_required
@require_http_methods(["GET", "POST"])
def exclusion_new(request: SignedInRequest, number: str) -> HttpResponse:
    """Apply for leaving an appeal out of one rate."""
    rows = visible_appeals(request.user).select_related("lead_unit")
    appeal = get_object_or_404(rows, number=number)
    if not may(request.user, "appeals.apply_exclusion", appeal):
        raise NotPermitted("申请剔除由主办单位联络员、分管领导或专班办公室提出。")
    counted_fact(appeal)
    posted = request.method == "POST"
    form = ExclusionForm(
        appeal,
        request.POST if posted else None,
        request.FILES if posted else None,
        initial={"idempotency_key": uuid.uuid4()},
    )
    status = 200
    if posted and form.is_valid():
        try:
            exclusion, _fresh = once(
                request.user,
                form.cleaned_data["idempotency_key"],
                _content(appeal, form),
                lambda: form.apply(actor=request.user),
            )
        except NotPermitted:
            raise
        except RuleBroken as problem:
            form.add_error(problem.field if problem.field in form.fields else None, problem.message)
            status = problem.status
        else:
            messages.success(request, _("已提交剔除申请，编号%s。") % exclusion)
            return after_post(request, exclusion.get_absolute_url())
    elif form.errors:
        status = 422
    context = {
        "appeal": appeal,
        "form": form,
        "here": request.path,
        "clauses": clauses_behind("A3-3-5"),
    }
    return render_page(
        request, "appeals/exclusion_new.html", context, parts=["step-panel"], status=status
    )


def _content(appeal: Appeal, form: ExclusionForm) -> dict[str, Any]:
    told = form.cleaned_data
    return {
        "appeal": appeal.pk,
        **{name: told[name] for name in ("rate", "reason", "text")},
        "files": [file.sm3 for file in told["files"]],
    }


@login_required
@require_safe
def exclusion_detail(request: SignedInRequest, number: str) -> HttpResponse:
    """Show an application: who asked, why, the evidence, who decided."""
    exclusion = _visible(request, number)
    lines = list(JournalEntry.objects.about(exclusion).order_by("-seq"))
    if exclusion.appeal.sealed:
        cover_lines(request.user, lines)
    duty = Duty.objects.about(exclusion).filter(state="open").first()
    context = {
        "exclusion": exclusion,
        "steps": [
            StepLink(
                step.key,
                str(step.label),
                reverse("appeals:exclusion_step", args=[exclusion.number, step.key]),
                step.tone,
            )
            for step in EXCLUSION.open_steps(exclusion, request.user)
        ],
        "duty": duty,
        "files": file_rows(Attachment.objects.about(exclusion)),
        "entries": [
            {
                "at": line.at,
                "label": word(line.label),
                "actor_label": line.actor_label,
                "text": line.text,
                "attachments": [],
                "tone": "grey",
            }
            for line in lines
        ],
        "trail": [
            {"label": _("诉求三率"), "url": reverse("appeals:rates")},
            {"label": _("剔除台账"), "url": reverse("appeals:exclusion_list")},
            {"label": exclusion.number, "url": ""},
        ],
    }
    return render_page(request, "appeals/exclusion_detail.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def exclusion_step(request: SignedInRequest, number: str, key: str) -> HttpResponse:
    """Take a step on an application."""
    exclusion = _visible(request, number)
    if key not in EXCLUSION_STEP_FORMS:
        raise Http404
    EXCLUSION.check_open(key, exclusion, request.user)
    posted = request.method == "POST"
    form = EXCLUSION_STEP_FORMS[key](request.POST if posted else None)
    step = EXCLUSION.steps[key]
    status = 200
    if posted and form.is_valid():
        try:
            form.save(exclusion, actor=request.user)
        except NotPermitted:
            raise
        except RuleBroken as problem:
            form.add_error(problem.field if problem.field in form.fields else None, problem.message)
            status = problem.status
        else:
            messages.success(request, _("已办：%s。") % word(step.label))
            return after_post(request, exclusion.get_absolute_url())
    elif form.errors:
        status = 422
    context = {
        "exclusion": exclusion,
        "form": form,
        "step": step,
        "kind": _KINDS[step.tone],
        "here": request.path,
        "clauses": clauses_behind(step.basis),
    }
    return render_page(
        request, "appeals/exclusion_step.html", context, parts=["step-panel"], status=status
    )


def _visible(request: SignedInRequest, number: str) -> Exclusion:
    rows = visible_exclusions(request.user).select_related(
        "appeal", "unit", "filed_by", "decided_by"
    )
    return get_object_or_404(rows, number=number)
