"""The task force's board."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from lianqi.appeals.queries.board import board
from lianqi.appeals.views.rows import RedWriter, UnitWriter
from lianqi.kernel.access import may
from lianqi.organisation.views.signed_in import SignedInRequest

PERIODS = {30: _("近30天"), 90: _("近90天"), 365: _("近一年")}
USUAL_PERIOD = 90


@login_required
@require_safe
def board_page(request: SignedInRequest) -> HttpResponse:
    """Show how the district's appeals stand, to those who oversee them."""
    if not may(request.user, "appeals.view_board"):
        raise PermissionDenied
    asked = request.GET.get("days", "")
    days = int(asked) if asked.isdecimal() and int(asked) in PERIODS else USUAL_PERIOD
    shown, may_urge = board(request.user, days=days), may(request.user, "appeals.review")
    red, units = RedWriter(may_urge=may_urge), UnitWriter()
    context = {
        "board": shown,
        "red_rows": [red.row(row) for row in shown.red_rows],
        "unit_rows": [units.row(line) for line in shown.units],
        "periods": [
            {"label": label, "url": f"?days={length}", "active": length == days}
            for length, label in PERIODS.items()
        ],
        "may_urge": may_urge,
    }
    return render(request, "appeals/board.html", context)
