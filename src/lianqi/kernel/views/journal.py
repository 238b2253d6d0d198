"""审计记录: the journal for auditors, with proof of a single record's chain."""

from django.apps import apps
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lianqi.kernel.access import cover_lines, may
from lianqi.kernel.filter_forms import JournalFilter
from lianqi.kernel.htmx import after_post, render_page
from lianqi.kernel.journal import verify_chain
from lianqi.kernel.paging import keyset_page, query_url
from lianqi.kernel.queries import journal as found


def _require(request: HttpRequest) -> None:
    if not may(request.user, "kernel.view_journal"):
        raise PermissionDenied


@login_required
@require_safe
def journal(request: HttpRequest) -> HttpResponse:
    """Show journal lines, newest first."""
    _require(request)
    kinds = found.subject_types()
    form = JournalFilter(request.GET, kinds=kinds)
    form.is_valid()
    rows = found.journal_list(request.user, **form.cleaned_data)
    page = keyset_page(rows, request.GET, order=("-pk",))
    cover_lines(request.user, page.rows)
    names = dict(kinds)
    found.withhold_matters(request.user, page.rows)
    context = {
        "page": page,
        "lines": [(line, found.subject_name(names, line)) for line in page.rows],
        "filter_form": form,
        "seal": found.last_seal(),
        "chosen": form.cleaned_data,
    }
    return render_page(request, "kernel/journal.html", context, parts=["rows"])


@login_required
@require_POST
def journal_verify(request: HttpRequest) -> HttpResponse:
    """Prove the chain of one record and say how it stands."""
    _require(request)
    kind, _colon, number = request.POST.get("subject", "").partition(":")
    if not number.isdecimal() or kind not in dict(found.subject_types()):
        raise Http404
    model = apps.get_model(kind)
    verdict = verify_chain(kind, int(number))
    name = f"{model._meta.verbose_name} {number}"
    if verdict.broken:
        messages.error(request, _("校验不通过：%(problem)s") % {"problem": verdict.broken})
    else:
        messages.success(
            request, _("%(name)s的 %(lines)d 行记录完整。") % {"name": name, "lines": verdict.lines}
        )
    here = query_url(reverse("kernel:journal"), subject_type=kind, subject_id=number)
    return after_post(request, here)
