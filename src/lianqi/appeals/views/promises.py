"""承诺台账, and the rows that an answer's form offers while it is written."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from lianqi.appeals.enums import PromiseFate
from lianqi.appeals.exports import XLSX, promise_workbook
from lianqi.appeals.forms.ledgers import PromiseFilter
from lianqi.appeals.forms.promises import fingerprint, found_in, offered_rows, rows_context
from lianqi.appeals.queries.promises import OVERDUE, fate_counts, ledger_lines, promise_rows
from lianqi.kernel.access import may
from lianqi.kernel.clock import today
from lianqi.kernel.fields import LONGEST_TEXT
from lianqi.kernel.htmx import render_page
from lianqi.kernel.paging import keyset_page, query_url
from lianqi.kernel.rate_limits import spend
from lianqi.organisation.views.signed_in import SignedInRequest

ORDER = ("on", "pk")
TABS = [
    ("", _("全部")),
    (PromiseFate.OPEN.value, PromiseFate.OPEN.label),
    (OVERDUE, _("过期未复核")),
    (PromiseFate.KEPT.value, PromiseFate.KEPT.label),
    (PromiseFate.BROKEN.value, PromiseFate.BROKEN.label),
    (PromiseFate.MOVED.value, PromiseFate.MOVED.label),
]
SOURCES = ("reply", "content")


@login_required
@require_safe
def promise_list(request: SignedInRequest) -> HttpResponse:
    """Show what has been promised to firms and what became of it, the next day first."""
    form = _asked(request)
    fate = form.cleaned_data.get("fate", "")
    rows = promise_rows(request.user, fate=fate, **form.asked())
    page = keyset_page(rows, request.GET, order=ORDER, unit="项")
    counts = fate_counts(request.user, **form.asked())
    context = {
        "page": page,
        "rows": ledger_lines(request.user, page.rows),
        "form": form,
        "views": [
            {
                "label": label,
                "url": _address(request, fate=key),
                "active": key == fate,
                "count": counts.get(key, ""),
            }
            for key, label in TABS
        ],
        "export_url": query_url(
            reverse("appeals:promise_export"),
            fate=fate,
            unit=form.unit_code,
            month=request.GET.get("month", "") if form.cleaned_data.get("month") else "",
        ),
    }
    return render_page(request, "appeals/promises.html", context, parts=["rows"])


@login_required
@require_safe
def promise_export(request: SignedInRequest) -> FileResponse:
    """Give the same ledger as a workbook, all pages of it."""
    form = _asked(request)
    spend("export", f"promises:{request.user.pk}")
    rows = promise_rows(
        request.user, fate=form.cleaned_data.get("fate", ""), **form.asked()
    ).order_by(*ORDER)
    return FileResponse(
        promise_workbook(request.user, rows.iterator(chunk_size=500)),
        as_attachment=True,
        filename=f"承诺台账{today():%Y%m%d}.xlsx",
        content_type=XLSX,
    )


def _asked(request: SignedInRequest) -> PromiseFilter:
    if not may(request.user, "appeals.view_promises"):
        raise PermissionDenied
    return PromiseFilter(request.GET)


def _address(request: SignedInRequest, **changed: str) -> str:
    query = request.GET.copy()
    for name in ("after", "before", *changed):
        query.pop(name, None)
    query.update({name: value for name, value in changed.items() if value})
    return f"?{query.urlencode()}"


@login_required
@require_POST
def promise_rows_found(request: SignedInRequest) -> HttpResponse:
    """Show the promises of a text that is being written, as rows of its form."""
    if not may(request.user, "appeals.view_promises"):
        raise PermissionDenied
    source = request.POST.get("source", "")
    source = source if source in SOURCES else SOURCES[0]
    found = found_in(request.POST.get(source, "")[:LONGEST_TEXT])
    context = rows_context("promises", source, offered_rows(found), fingerprint(found))
    return render(request, "appeals/promise_rows.html", {"widget": context, **context})
