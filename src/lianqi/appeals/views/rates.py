"""诉求三率: the table, the rows behind each figure, the workbook of either."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianqi.appeals.access import oversees_appeals
from lianqi.appeals.exports import facts_workbook, rates_workbook
from lianqi.appeals.forms.rates import PeriodForm
from lianqi.appeals.queries.identity import told_with
from lianqi.appeals.queries.periods import PRESETS
from lianqi.appeals.queries.rates import cell_label, direct_answers, rate_rows, rates_table
from lianqi.appeals.views.lists import XLSX
from lianqi.kernel.access import may
from lianqi.kernel.clause_texts import clauses_behind
from lianqi.kernel.clock import today
from lianqi.kernel.htmx import render_page
from lianqi.kernel.paging import keyset_page
from lianqi.kernel.rate_limits import spend
from lianqi.organisation.views.signed_in import SignedInRequest


def period_form(request: SignedInRequest, permission: str) -> PeriodForm:
    """Return what a page of figures is asked to show; PermissionDenied for whom it is not."""
    if not may(request.user, permission):
        raise PermissionDenied
    return PeriodForm(request.GET, all_units=oversees_appeals(request.user))


def preset_tabs(request: SignedInRequest, form: PeriodForm) -> list[dict[str, Any]]:
    """Return the preset periods as tabs; the other filters stay."""
    tabs = []
    for key, label in PRESETS.items():
        query = request.GET.copy()
        for name in ("since", "until"):
            query.pop(name, None)
        query["period"] = key
        tabs.append(
            {"label": label, "url": f"?{query.urlencode()}", "active": key == form.asked.key}
        )
    return tabs


@login_required
@require_safe
def rates(request: SignedInRequest) -> HttpResponse:
    """Show the three rates of a period: overseers every unit, a unit its own and the district."""
    form = period_form(request, "appeals.view_rates")
    table = rates_table(request.user, form.asked, unit=form.unit_asked, kind=form.kind_asked)
    everything = oversees_appeals(request.user)
    context = {
        "form": form,
        "table": table,
        "tabs": preset_tabs(request, form),
        "direct": direct_answers(request.user, form.asked) if everything else None,
        "export_query": request.GET.urlencode(),
        "may_freeze": may(request.user, "appeals.freeze_rates"),
        "clauses": clauses_behind("A3-3-5 A3-1-1"),
    }
    return render_page(request, "appeals/rates.html", context, parts=["rows"])


@login_required
@require_safe
def rates_export(request: SignedInRequest) -> FileResponse:
    """Give the same table as a workbook."""
    form = period_form(request, "appeals.view_rates")
    spend("export", f"rates:{request.user.pk}")
    table = rates_table(request.user, form.asked, unit=form.unit_asked, kind=form.kind_asked)
    name = f"诉求三率{form.asked.first:%Y%m%d}-{form.asked.last:%Y%m%d}.xlsx"
    return FileResponse(rates_workbook(table), as_attachment=True, filename=name, content_type=XLSX)


@login_required
@require_safe
def rate_rows_page(request: SignedInRequest) -> HttpResponse:
    """Show exactly the appeals that a figure counts; ``?export=1`` gives them as a workbook."""
    form = period_form(request, "appeals.view_rates")
    cell = request.GET.get("cell", "")
    try:
        rows = rate_rows(
            request.user,
            cell,
            first=form.asked.first,
            last=form.asked.last,
            unit=form.unit_asked,
            kind=form.kind_asked,
        )
        label = cell_label(cell)
    except KeyError as unknown:
        raise Http404 from unknown
    return show_rows(request, rows, label, form.asked)


def show_rows(request: SignedInRequest, rows: Any, label: str, period: Any) -> HttpResponse:
    """Show the rows of a figure, live or frozen, or give them as a workbook."""
    if request.GET.get("export"):
        spend("export", f"rate_rows:{request.user.pk}")
        book = facts_workbook(request.user, rows.order_by("pk").iterator(chunk_size=500))
        name = f"三率明细{today():%Y%m%d}.xlsx"
        return FileResponse(book, as_attachment=True, filename=name, content_type=XLSX)
    query = request.GET.copy()
    query["export"] = "1"
    page = keyset_page(rows, request.GET, order=("-pk",), unit="件")
    context = {
        "page": page,
        "rows": list(told_with(request.user, page.rows, lambda row: row.appeal)),
        "label": label,
        "count": rows.count(),
        "period": period,
        "export_url": f"?{query.urlencode()}",
        "nothing": _("没有这样的诉求。"),
    }
    return render_page(request, "appeals/rate_rows.html", context, parts=["rows"])
