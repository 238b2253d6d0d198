"""Units and bodies."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from lianqi.kernel.access import may
from lianqi.kernel.htmx import render_page
from lianqi.kernel.paging import keyset_page
from lianqi.kernel.remaining import remaining_text
from lianqi.kernel.workdays import calendar
from lianqi.organisation.access import visible_units
from lianqi.organisation.queries.roster import bodies_with_people
from lianqi.organisation.queries.units import (
    duty_views,
    people_of,
    unit_duties,
    unit_numbers,
    units_with_numbers,
)
from lianqi.organisation.views import require_page, user_of


@login_required
@require_GET
def unit_list(request: HttpRequest) -> HttpResponse:
    """Show all units with what they owe."""
    require_page(request, "organisation.view_roster")
    return render_page(request, "organisation/unit_list.html", {"lines": units_with_numbers()})


@login_required
@require_GET
def unit_detail(request: HttpRequest, code: str) -> HttpResponse:
    """Show a unit: its numbers and the duties behind them, its people now and earlier."""
    user = user_of(request)
    unit = get_object_or_404(visible_units(user), code=code)
    numbers = unit_numbers(unit)
    asked = request.GET.get("view", "")
    views = duty_views()
    view = asked if asked in dict(views) else "open"
    rows = unit_duties(unit, view, seen_by=user)
    page = keyset_page(rows, request.GET, order=("sort_at", "pk"), size=20, unit="件")
    days = calendar()
    for duty in page.rows:
        duty.remaining_text = remaining_text(duty, days)
    now_here, earlier = people_of(unit)
    context = {
        "unit": unit,
        "numbers": numbers,
        "page": page,
        "views": [
            {
                "label": label,
                "url": f"?view={key}",
                "active": key == view,
                "count": getattr(numbers, key),
            }
            for key, label in views
        ],
        "hidden": max(0, getattr(numbers, view) - rows.count()),
        "people": now_here,
        "earlier": earlier,
        "may_appoint": may(user, "organisation.appoint"),
        "may_reveal": may(user, "organisation.reveal_phone"),
    }
    return render_page(request, "organisation/unit_detail.html", context, parts=["rows"])


@login_required
@require_GET
def bodies(request: HttpRequest) -> HttpResponse:
    """Show conference and task forces with their basis and their people."""
    require_page(request, "organisation.view_roster")
    context = {
        "bodies": bodies_with_people(),
        "may_appoint": may(request.user, "organisation.appoint"),
    }
    return render_page(request, "organisation/bodies.html", context)
