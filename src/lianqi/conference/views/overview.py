"""联席会议: counters and lights of each body, the next meeting, topics in hand."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianqi.conference.enums import TopicState
from lianqi.conference.queries.bodies import FIRST_DAY, counters, next_meetings, topics_in_hand
from lianqi.conference.queries.topics import topic_rows, with_duties
from lianqi.kernel.access import desks_of, may
from lianqi.kernel.clause_texts import clauses_behind
from lianqi.kernel.clock import today
from lianqi.kernel.htmx import render_page
from lianqi.kernel.paging import query_url
from lianqi.organisation.views.signed_in import SignedInRequest


@login_required
@require_safe
def overview(request: SignedInRequest) -> HttpResponse:
    """Show how the bodies stand this year (or another), what comes next, and what waits for me."""
    user = request.user
    if not may(user, "conference.view_room"):
        raise PermissionDenied
    now_year = today().year
    year = _year(request.GET.get("year", ""), now_year)
    topic_list = reverse("conference:topic_list")
    context = {
        "year": year,
        "years": [
            {"label": str(one), "url": f"?year={one}", "active": one == year}
            for one in range(now_year, max(FIRST_DAY.year, now_year - 6) - 1, -1)
        ],
        "counters": counters(user, year) if may(user, "conference.view_rules") else [],
        "meetings": next_meetings(user),
        "states": [
            (TopicState(state).label, count, query_url(topic_list, state=state))
            for state, count in topics_in_hand(user).items()
        ],
        "mine": with_duties(topic_rows(user, mine=True).order_by("pk")[:10], desks_of(user)),
        "may_propose": may(user, "conference.propose_topic"),
        "trail": [{"label": _("联席会议"), "url": ""}],
        "clauses": clauses_behind("A1-4-1-1 A1-4-1-3 A1-4-2-2"),
    }
    return render_page(request, "conference/overview.html", context)


def _year(text: str, usual: int) -> int:
    asked = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else usual
    return asked if FIRST_DAY.year <= asked <= usual else usual
