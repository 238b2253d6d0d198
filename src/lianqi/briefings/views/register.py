"""发文登记: the list of issued documents and its spreadsheet."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from lianqi.briefings.exports import register_sheet
from lianqi.briefings.forms.papers import RegisterFilter
from lianqi.briefings.queries.register import document_rows
from lianqi.enterprises.exports import xlsx_response
from lianqi.kernel.access import may
from lianqi.kernel.clock import today
from lianqi.kernel.htmx import render_page
from lianqi.kernel.paging import keyset_page, query_url
from lianqi.kernel.rate_limits import spend


def _require(request: HttpRequest) -> None:
    if not may(request.user, "briefings.view_documents"):
        raise PermissionDenied


@login_required
@require_safe
def document_list(request: HttpRequest) -> HttpResponse:
    """Show the documents this person may read, newest first."""
    _require(request)
    form = RegisterFilter(request.GET)
    chosen = form.chosen()
    rows = document_rows(request.user, **chosen)
    words = {name: str(value) for name, value in chosen.items()}
    context = {
        "filter_form": form,
        "page": keyset_page(rows, request.GET, order=("-issued_at", "-pk"), unit="件"),
        "export_url": query_url(reverse("briefings:document_export"), **words),
        "may_draft": may(request.user, "briefings.draft"),
        "may_view_drafts": may(request.user, "briefings.view_drafts"),
    }
    return render_page(request, "briefings/document_list.html", context, parts=["rows"])


@login_required
@require_safe
def document_export(request: HttpRequest) -> HttpResponse:
    """Give exactly the register as a spreadsheet."""
    _require(request)
    spend("export", f"documents:{request.user.pk}")
    rows = document_rows(request.user, **RegisterFilter(request.GET).chosen())
    return xlsx_response(f"发文登记{today():%Y%m%d}.xlsx", register_sheet(rows))
