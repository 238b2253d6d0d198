"""The bodies: their rules, members, people, and how many meetings they have held this year."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqi.conference.access import visible_meetings, visible_topics
from lianqi.conference.enums import Capacity, MeetingKind, MeetingState, TopicState
from lianqi.conference.models import Delegation, Meeting, MeetingRule, MemberUnit
from lianqi.kernel.clock import today
from lianqi.kernel.paging import query_url
from lianqi.organisation.enums import BodyCode, Post
from lianqi.organisation.models import Appointment, Unit, User

FIRST_DAY = date(2020, 8, 21)
HELD = (
    MeetingState.IN_SESSION,
    MeetingState.HELD,
    MeetingState.DRAFTED,
    MeetingState.SIGNED,
    MeetingState.ISSUED,
    MeetingState.ARCHIVED,
)
OPEN_TOPICS = tuple(
    state
    for state in TopicState
    if state not in (TopicState.FED_BACK, TopicState.DECLINED, TopicState.WITHDRAWN)
)
_WORDS = {
    "green": gettext_lazy("已达到"),
    "amber": gettext_lazy("还不足"),
    "red": gettext_lazy("没有达到"),
    "blue": gettext_lazy("不定期"),
    "grey": gettext_lazy("未到期"),
}


def member_units(body: str) -> list[Unit]:
    """Return the body's member units today."""
    rows = MemberUnit.objects.in_force(body).select_related("unit")
    return [member.unit for member in rows]


def member_rows() -> QuerySet[MemberUnit]:
    """Return all memberships, past ones too."""
    return MemberUnit.objects.select_related("unit")


def people_of_body(body: str) -> QuerySet[User]:
    """Return who holds a post in a body today."""
    held = Appointment.objects.in_force().filter(body__code=body)  # type: ignore[attr-defined]
    return User.objects.filter(pk__in=held.values("user"), is_active=True)


def directors_of(body: str) -> QuerySet[User]:
    """Return the directors of a body's office today."""
    return _holders(body, (Post.OFFICE_DIRECTOR,))


def _holders(body: str, posts: tuple[Post, ...]) -> QuerySet[User]:
    held = Appointment.objects.in_force().filter(body__code=body, post__in=posts)  # type: ignore[attr-defined]
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pk")


def chair_of(meeting: Meeting) -> str:
    """Return the name of whoever holds the post that convened the meeting, "" if nobody does."""
    posts = {
        Capacity.CONVENER: (Post.CONVENER,),
        Capacity.DIRECTOR: (Post.OFFICE_DIRECTOR,),
        Capacity.HEAD: (Post.HEAD,),
    }
    holder = _holders(meeting.body, posts[Capacity(meeting.convened_as)]).first()
    return str(holder) if holder else ""


def delegations_in_force() -> QuerySet[Delegation]:
    """Return the delegations to convene that are valid today."""
    rows = Delegation.objects.filter(meeting=None, valid_until__gte=today())
    return rows.select_related("delegate", "recorded_by")


# --- the rules in force


def rules_in_force(on: date | None = None) -> list[MeetingRule]:
    """Return the newest row of each body and form that is in force on a day (today)."""
    rows = MeetingRule.objects.filter(effective_from__lte=on or today())
    newest: dict[tuple[str, str], MeetingRule] = {}
    for rule in rows.order_by("effective_from", "pk"):
        newest[rule.body, rule.kind] = rule
    order = {code: place for place, code in enumerate(BodyCode)}
    kinds = {kind: place for place, kind in enumerate(MeetingKind)}
    return sorted(
        newest.values(),
        key=lambda rule: (order[BodyCode(rule.body)], kinds[MeetingKind(rule.kind)]),
    )


# --- counters


@dataclass(frozen=True)
class Counter:
    """How many meetings of one form a body has held in a year, against its rule."""

    rule: MeetingRule
    year: int
    held: int
    light: str
    url: str

    @property
    def light_word(self) -> str:
        """The light in words."""
        return str(_WORDS[self.light])

    @property
    def wanted(self) -> str:
        """What the rule asks for in a year."""
        least, most = self.rule.least, self.rule.most
        if least and most:
            return _("每年%(least)d至%(most)d次") % {"least": least, "most": most}
        if least:
            return _("每年%(least)d次") % {"least": least}
        return _("根据需要")

    @property
    def note(self) -> str:
        """What is to be known of the number."""
        if self.year == FIRST_DAY.year:
            return _("自2020年8月21日起计，不足整年，不亮红灯")
        if self.rule.most is not None and self.held > self.rule.most:
            return _("超过“原则上”的次数，仅作提示")
        return ""


def light_of(rule: MeetingRule, held: int, year: int, on: date) -> str:
    """Return the light of a count: red only when the year is over, amber from the warning month on.

    2020 began on 21 August: a part of a year is never red.
    """
    if rule.least is None:
        return "blue"
    if held >= rule.least:
        return "green"
    if year == FIRST_DAY.year:
        return "grey"
    if year < on.year:
        return "red"
    return "amber" if year == on.year and on.month >= rule.warn_month else "grey"


def counters(user: User, year: int) -> list[Counter]:
    """Return the counters of all bodies for a year, in two queries."""
    day = today()
    rules = rules_in_force(min(date(year, 12, 31), max(day, FIRST_DAY)))
    rows = Meeting.objects.filter(state__in=HELD, day__year=year, day__gte=FIRST_DAY)
    found = rows.values_list("body", "kind").annotate(held=Count("pk")).order_by()
    held = {(body, kind): count for body, kind, count in found}
    address = reverse("conference:meeting_list")
    return [
        Counter(
            rule,
            year,
            count := held.get((rule.body, rule.kind), 0),
            light_of(rule, count, year, day),
            query_url(address, body=rule.body, kind=rule.kind, year=str(year)),
        )
        for rule in rules
    ]


# --- the overview


def next_meetings(user: User) -> list[Meeting]:
    """Return the meetings that are still to come, the nearest first."""
    waiting = (MeetingState.PLANNED, MeetingState.NOTIFIED, MeetingState.IN_SESSION)
    return list(visible_meetings(user).filter(state__in=waiting).order_by("day", "pk")[:5])


def topics_in_hand(user: User) -> dict[str, int]:
    """Return how many open topics stand in each state, as far as this person sees them."""
    rows = visible_topics(user).filter(state__in=OPEN_TOPICS).order_by()
    found = dict(rows.values_list("state").annotate(count=Count("pk", filter=Q())))
    return {state: found[state] for state in OPEN_TOPICS if state in found}
