"""工作台 and the list of duties behind its numbers."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianqi.kernel.access import desks_of, may
from lianqi.kernel.cells import DutyItems
from lianqi.kernel.filter_forms import DutyFilter
from lianqi.kernel.htmx import render_page
from lianqi.kernel.models.duty import DutyState
from lianqi.kernel.paging import keyset_page, query_url
from lianqi.kernel.queries import duties as found
from lianqi.kernel.queries.notices import latest_notices

NEWEST_NOTICES = 5


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Show what this person owes, what they wait for, their notices and their unit's numbers."""
    user = request.user
    counts = found.desk_counts(user)
    to_do = found.duties_to_do(user, counts.to_do)
    paused = found.duties_to_do(user, counts.paused, DutyState.PAUSED)
    awaited = found.duties_awaited(user, counts.awaited)
    mine, others = DutyItems(), DutyItems(holders=True)
    here = reverse("kernel:duty_list")
    context = {
        "to_do": to_do,
        "paused": paused,
        "awaited": awaited,
        "rows": {
            "to_do": [mine.item(line) for line in to_do.lines],
            "paused": [mine.item(line) for line in paused.lines],
            "awaited": [others.item(line) for line in awaited.lines],
        },
        "notices": latest_notices(user, NEWEST_NOTICES),
        "numbers": counts.numbers,
        "live_url": query_url(here, whose="near"),
        "amber_url": query_url(here, whose="near", light="amber"),
        "red_url": query_url(here, whose="near", light="red"),
        "mine_url": query_url(here, whose="mine"),
        "awaited_url": query_url(here, whose="awaited"),
    }
    return render_page(request, "kernel/desk.html", context)


@login_required
@require_safe
def duty_list(request: HttpRequest) -> HttpResponse:
    """Show duties by range, unit, light and state, the most pressing first."""
    everybody = may(request.user, "kernel.view_all_duties")
    form = DutyFilter(
        request.GET,
        units=found.unit_choices(request.user),
        widest=_("全部单位") if everybody else _("我能看到的"),
    )
    form.is_valid()
    chosen = form.cleaned_data
    rows = found.duty_list(
        request.user,
        whose=chosen.get("whose", ""),
        unit=chosen.get("unit", ""),
        light=chosen.get("light", ""),
        state=chosen.get("state", ""),
        text=chosen.get("q", ""),
    )
    page = keyset_page(rows, request.GET, order=found.ORDER, unit="件")
    context = {
        "page": page,
        "lines": found.duty_lines(page.rows, desks_of(request.user)),
        "filter_form": form,
        "views": _light_tabs(chosen),
    }
    return render_page(request, "kernel/duty_list.html", context, parts=["rows"])


def _light_tabs(chosen: dict[str, str]) -> list[dict[str, object]]:
    """Return the saved views: all, overdue, near, keeping the range."""
    light, whose = chosen.get("light", ""), chosen.get("whose", "")
    here = reverse("kernel:duty_list")
    words = [("", _("在办")), ("red", _("逾期")), ("amber", _("临期"))]
    return [
        {
            "label": word,
            "url": query_url(here, whose=whose, light=colour),
            "active": light == colour,
        }
        for colour, word in words
    ]
