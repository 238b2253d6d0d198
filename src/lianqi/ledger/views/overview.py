"""The ledger's board, a unit's scorecard, the calendar."""

from typing import IO

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianqi.kernel.access import may
from lianqi.kernel.clock import today
from lianqi.kernel.htmx import render_page
from lianqi.kernel.paging import keyset_page
from lianqi.kernel.rate_limits import spend
from lianqi.kernel.sheets import XLSX
from lianqi.ledger.enums import ItemState
from lianqi.ledger.exports import board_workbook, score_workbook
from lianqi.ledger.queries.board import (
    around,
    board,
    month_of_items,
    unit_scores,
)
from lianqi.ledger.queries.items import ItemRow, filtered_items, loaded
from lianqi.organisation.views.signed_in import SignedInRequest

EARLIEST, LATEST = 2000, 2100
MONTHS = range(1, 13)


def _permit(request: SignedInRequest) -> None:
    if not may(request.user, "ledger.view_board"):
        raise PermissionDenied


def _year(request: SignedInRequest) -> int | None:
    asked = request.GET.get("year", "")
    return int(asked) if asked.isdecimal() and EARLIEST <= int(asked) <= LATEST else None


@login_required
@require_safe
def board_page(request: SignedInRequest) -> HttpResponse:
    """Show how the ledger stands: by light, by state, by unit; each figure leads to its rows."""
    _permit(request)
    year = _year(request)
    here, this_year = reverse("ledger:board"), today().year
    years = [
        (_("全部年度"), None),
        *((_("%s年") % one, one) for one in range(this_year, this_year - 3, -1)),
    ]
    lights, states, scores = board(request.user, year=year)
    context = {
        "export_url": f"{reverse('ledger:board_export')}?{request.GET.urlencode()}",
        "scores_url": f"{reverse('ledger:score_export')}?{request.GET.urlencode()}",
        "lights": lights,
        "states": states,
        "scores": scores,
        "years": [
            {"label": label, "url": f"{here}?year={one}" if one else here, "active": one == year}
            for label, one in years
        ],
    }
    return render_page(request, "ledger/board.html", context)


@login_required
@require_safe
def board_export(request: SignedInRequest) -> FileResponse:
    """Give the figures of the board as a workbook."""
    _permit(request)
    spend("export", f"ledger-board:{request.user.pk}")
    year = _year(request)
    lights, states, _scores = board(request.user, year=year)
    figures = [*(("灯号", one) for one in lights), *(("状态", one) for one in states)]
    return _workbook(board_workbook(figures), "台账看板")


@login_required
@require_safe
def score_export(request: SignedInRequest) -> FileResponse:
    """Give the units' scores as a workbook, as far as this person may compare them."""
    _permit(request)
    spend("export", f"ledger-scores:{request.user.pk}")
    scores = unit_scores(request.user, year=_year(request))
    return _workbook(score_workbook(scores), "各单位台账得分")


def _workbook(book: IO[bytes], name: str) -> FileResponse:
    return FileResponse(
        book, as_attachment=True, filename=f"{name}{today():%Y%m%d}.xlsx", content_type=XLSX
    )


@login_required
@require_safe
def scorecard(request: SignedInRequest, code: str) -> HttpResponse:
    """Show one unit's score and what it has in hand."""
    _permit(request)
    score = next(iter(unit_scores(request.user, year=_year(request), code=code)), None)
    if score is None:
        raise Http404
    rows = filtered_items(request.user, view="open", lead=code).exclude(state=ItemState.DRAFTED)
    context = {
        "score": score,
        "page": (
            page := keyset_page(loaded(rows), request.GET, order=("sort_on", "pk"), unit="件")
        ),
        "rows": [ItemRow(item) for item in page.rows],
        "trail": [
            {"label": _("台账看板"), "url": reverse("ledger:board")},
            {"label": score.unit.name, "url": ""},
        ],
    }
    return render_page(request, "ledger/scorecard.html", context, parts=["rows"])


@login_required
@require_safe
def calendar_page(request: SignedInRequest) -> HttpResponse:
    """Show a month with what is due on each day."""
    _permit(request)
    year, month = _month(request.GET.get("month", ""))
    before, after = around(year, month)
    here = reverse("ledger:calendar")
    context = {
        "weeks": (weeks := month_of_items(request.user, year, month)),
        "any_due": any(one.rows for week in weeks for one in week if one.in_month),
        "title": _("%(year)s年%(month)s月") % {"year": year, "month": month},
        "before_url": f"{here}?month={before[0]}-{before[1]:02d}",
        "after_url": f"{here}?month={after[0]}-{after[1]:02d}",
        "today": today(),
    }
    return render_page(request, "ledger/calendar.html", context)


def _month(asked: str) -> tuple[int, int]:
    year, _dash, month = asked.partition("-")
    written = year.isdecimal() and month.isdecimal()
    if written and EARLIEST <= int(year) <= LATEST and int(month) in MONTHS:
        return int(year), int(month)
    return today().year, today().month
