"""The list of appeals and the workbook of exactly that list."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from lianqi.appeals.exports import XLSX, appeal_workbook
from lianqi.appeals.forms.bulk import BULK_STEPS
from lianqi.appeals.forms.listing import VIEWS, AppealFilterForm
from lianqi.appeals.queries import appeal_page, every_row, view_counts
from lianqi.appeals.queries.columns import APPEAL_LIST, COLUMNS, COMPOSED
from lianqi.appeals.views.rows import RowWriter
from lianqi.appeals.workflow import APPEAL
from lianqi.enterprises.access import acts_for_some_enterprise
from lianqi.kernel.access import may
from lianqi.kernel.clock import today
from lianqi.kernel.htmx import render_page
from lianqi.kernel.queries.lists import OwnList, own_list
from lianqi.kernel.rate_limits import spend
from lianqi.kernel.templatetags.ui import capped, word
from lianqi.organisation.views.signed_in import SignedInRequest


@login_required
@require_safe
def appeal_list(request: SignedInRequest) -> HttpResponse:
    """Show the appeals this person may see, filtered; entrepreneurs have a list of their own."""
    if not may(request.user, "appeals.view_list"):
        if acts_for_some_enterprise(request.user):
            return redirect("portal:appeal_list")
        raise PermissionDenied
    own = own_list(APPEAL_LIST, request.user, request.GET)
    if not request.GET and own.opens_with:
        return redirect(own.opens_with)
    form = AppealFilterForm(request.GET)
    counts = view_counts(request.user)
    page = appeal_page(
        request.user,
        cursor=request.GET.get("cursor", ""),
        sort=form.sort_key,
        known_count=counts.get(form.view_alone),
        **form.asked(),
    )
    page.next_url = page.next_cursor and _address(request, cursor=page.next_cursor)
    page.previous_url = page.previous_cursor and _address(request, cursor=page.previous_cursor)
    more = [COLUMNS[key] for key in own.columns if key not in COMPOSED]
    bulk_steps = [
        {"key": key, "label": word(APPEAL.steps[key].label)}
        for key in BULK_STEPS
        if may(request.user, APPEAL.steps[key].may)
    ]
    writer = RowWriter(own.columns, more, ticks=bool(bulk_steps))
    context = {
        "page": page,
        "rows": [writer.row(row) for row in page.rows],
        "columns": own.columns,
        "more_columns": more,
        "form": form,
        "own": own,
        "views": [*_tabs(request, form, own, counts), *own.tabs],
        "notes": form.notes(),
        "sort": form.sort_key,
        "sort_due_url": _address(request, sort="due"),
        "sort_new_url": _address(request, sort="new"),
        "export_url": reverse("appeals:appeal_export") + _address(request),
        "may_file": may(request.user, "appeals.file"),
        "may_take_calls": may(request.user, "appeals.take_calls"),
        "bulk_steps": bulk_steps,
        "search_text": request.GET.get("q", ""),
    }
    return render_page(request, "appeals/list.html", context, parts=["rows"])


@login_required
@require_safe
def appeal_export(request: SignedInRequest) -> FileResponse:
    """Give the same list as a workbook, all pages of it."""
    if not may(request.user, "appeals.view_list"):
        raise PermissionDenied
    spend("export", f"appeals:{request.user.pk}")
    form = AppealFilterForm(request.GET)
    own = own_list(APPEAL_LIST, request.user, request.GET)
    rows = every_row(request.user, sort=form.sort_key, **form.asked())
    book = appeal_workbook(rows, own.chosen)
    return FileResponse(
        book, as_attachment=True, filename=f"诉求清单{today():%Y%m%d}.xlsx", content_type=XLSX
    )


def _address(request: SignedInRequest, **changed: str) -> str:
    """Return this list's query with some words changed; a change goes back to the first page."""
    query = request.GET.copy()
    for name in ("cursor", *changed):
        query.pop(name, None)
    query.update({name: value for name, value in changed.items() if value})
    return f"?{query.urlencode()}"


def _tabs(
    request: SignedInRequest, form: AppealFilterForm, own: OwnList, counts: dict[str, int]
) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "url": _address(request, view=key, state="", saved=""),
            "active": key == form.view_key and not own.active,
            "count": capped(counts[key]) if key in counts else "",
        }
        for key, (label, _) in VIEWS.items()
    ]
