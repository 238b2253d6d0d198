"""The list of appeals: one set of filters for page, export, board figures and API."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet
from django.utils.dateparse import parse_date
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianqi.appeals.access import identity_known, oversees_appeals, sole_unit, visible_appeals
from lianqi.appeals.enums import BAD_LEVEL, OPEN_STATES, AppealState
from lianqi.appeals.models import Appeal, CoHandler, HandlingUnit, Rating
from lianqi.appeals.queries.duties import ABOUT_APPEALS, LiveDuty, live_duties
from lianqi.appeals.queries.identity import Identity, identities
from lianqi.appeals.queries.keyset import Page, Stretch, cut
from lianqi.appeals.queries.search import TextAsked, appeal_query, hits_in, text_asked
from lianqi.kernel.access import desks_of
from lianqi.kernel.clock import SHANGHAI, now
from lianqi.kernel.models import Duty
from lianqi.kernel.models.duty import DutyState
from lianqi.kernel.paging import COUNT_CEILING, count_text, counted, counts_up_to_ceiling
from lianqi.kernel.search import Hit, Query, marked
from lianqi.kernel.templatetags.ui import word
from lianqi.organisation.models import User

# Moments an appeal has reached; each is a column, so a figure and its rows cannot differ.
STAGES = {
    "submitted": _("提交"),
    "accepted": _("受理"),
    "dispatched": _("派单"),
    "signed": _("签收"),
    "answered": _("答复"),
    "closed": _("办结"),
}
BY_DUE = (
    Stretch(Q(due_at__isnull=False), ("due_at", "pk")),
    Stretch(Q(due_at__isnull=True), ("-pk",)),
)
# The same order, by the index of what one unit handles.
BY_DUE_AT_UNIT = (
    Stretch(Q(unit_due__isnull=False), ("unit_due", "pk")),
    Stretch(Q(unit_due__isnull=True), ("-pk",)),
)
NEWEST = (Stretch(Q(), ("-pk",)),)
CHUNK = 500
# What a line of the page, or of the workbook, may show: texts of pages are not loaded for it.
ON_A_LINE = (
    "number", "state", "kind", "channel", "urgent", "title", "contact_name", "round", "outcome",
    "submitted_at", "accepted_at", "dispatched_at", "signed_at", "contacted_at", "answered_at",
    "closed_at", "due_at", "red_at", "promised_on", "sealed_at", "enterprise__name",
    "lead_unit__name",
)  # fmt: skip
COUNTED_AMONG = 2_000
OPEN_ONLY = {"state": "open"}


@dataclass(frozen=True)
class AppealRow:
    """One line of a list: the appeal and the most urgent thing owed on it."""

    appeal: Appeal
    duty: LiveDuty | None
    identity: Identity
    # What was searched, and where its words stand besides title and name.
    query: Query = field(default_factory=Query)
    hit: Hit | None = None

    @property
    def title(self) -> str:
        """The title, with the words searched in it marked."""
        return marked(self.appeal.title, self.query)

    @property
    def number(self) -> str:
        """The number, marked likewise."""
        return marked(self.appeal.number, self.query)

    @property
    def firm_name(self) -> str:
        """The firm's name, marked likewise, or that it is kept from this reader."""
        return marked(self.identity.name, self.query)

    @property
    def unit_name(self) -> str:
        """The lead unit, if one has been named."""
        return self.appeal.lead_unit.name if self.appeal.lead_unit else ""

    @property
    def due_at(self) -> datetime | None:
        """When the duty is due whose light, holder and time left the row shows."""
        return self.duty.due_at if self.duty else self.appeal.due_at

    @property
    def promised_at(self) -> datetime | None:
        """What the firm is promised, by which the list is ordered, where that is another date."""
        return self.appeal.due_at if self.appeal.due_at != self.due_at else None

    @property
    def next_step(self) -> str:
        """Who owes what next."""
        return f"{word(self.duty.duty.label)} · {self.duty.duty.holder_label}" if self.duty else ""

    @property
    def remaining_text(self) -> str:
        """What is left of that duty's time."""
        return self.duty.remaining_text if self.duty else ""


def appeal_page(
    user: User,
    *,
    cursor: str = "",
    per_page: int = 50,
    sort: str = "due",
    known_count: int | None = None,
    **asked: Any,
) -> Page[AppealRow]:
    """Return one page of the appeals this person may see.

    ``sort`` is "due" (dated first, then newest) or "new". ``asked`` are the filters of
    ``filtered_appeals``; ``known_count`` how many they are, if that has been counted already.
    """
    query = appeal_query(asked.pop("q", ""))
    unit = sole_unit(user) if sort == "due" and asked == OPEN_ONLY and not query else None
    if unit is not None:
        rows = open_at_unit(unit)
        found, after, before = cut(_loaded(rows), BY_DUE_AT_UNIT, cursor, per_page)
        count = count_text(rows, "件") if known_count is None else counted(known_count, "件")
        return Page(_with_duties(user, found), count, after, before)
    narrowed = filtered_appeals(user, **asked)
    text = text_asked(user, query) if query else None
    rows = narrowed.filter(text.condition) if text else narrowed
    found, after, before = cut(_loaded(rows), _order(sort, asked), cursor, per_page)
    # A list that fits on its first page has been counted by showing it.
    if not cursor and not after:
        count = counted(len(found), "件")
    elif known_count is not None:
        count = counted(known_count, "件")
    elif text and text.walked:
        count = _count_walked(user, narrowed, text, asked)
    else:
        count = count_text(rows, "件")
    return Page(_with_hits(user, _with_duties(user, found), query), count, after, before)


def open_at_unit(unit: int) -> QuerySet[Appeal]:
    """Return the open appeals that one unit leads or helps on, with ``unit_due`` to sort them by."""
    at_unit = FilteredRelation("handled_by", condition=Q(handled_by__unit_id=unit))
    rows = Appeal.objects.annotate(at_unit=at_unit).filter(at_unit__open=True)
    return rows.annotate(unit_due=F("at_unit__due_at"))


def _count_walked(
    user: User, narrowed: QuerySet[Appeal], text: TextAsked, asked: Mapping[str, Any]
) -> str:
    """Count the matches among the newest rows; to look through all of them would take too long."""
    if text.is_frequent and oversees_appeals(user) and not any(asked.values()):
        return counted(COUNT_CEILING + 1, "件")
    looked_at = narrowed.order_by("-pk").values("pk")
    newest = Appeal.objects.filter(pk__in=looked_at[:COUNTED_AMONG]).filter(text.condition)
    count = newest[: COUNT_CEILING + 1].count()
    if count > COUNT_CEILING or not looked_at[COUNTED_AMONG : COUNTED_AMONG + 1]:
        return counted(count, "件")
    return gettext("至少 %(count)s 件") % {"count": f"{count:,}"}


def every_row(user: User, *, sort: str = "due", **asked: Any) -> Iterator[AppealRow]:
    """Return all rows of the same list in the same order, a chunk at a time, for exports."""
    rows, cursor = _loaded(filtered_appeals(user, **asked), "contact_phone"), ""
    while True:
        found, cursor, _ = cut(rows, _order(sort, asked), cursor, CHUNK)
        yield from _with_duties(user, found)
        if not cursor:
            return


def _order(sort: str, asked: Mapping[str, Any]) -> tuple[Stretch, ...]:
    if sort == "new":
        return NEWEST
    # A duty with a light has a date, and so has its appeal: the undated need not be looked through.
    return BY_DUE[:1] if asked.get("overdue") or asked.get("light") else BY_DUE


def _loaded(rows: QuerySet[Appeal], *more: str) -> QuerySet[Appeal]:
    return rows.select_related("enterprise", "lead_unit").only(*ON_A_LINE, *more)


def _with_duties(user: User, appeals: list[Appeal]) -> list[AppealRow]:
    duties, known = live_duties(appeals, explained=False), identities(user, appeals)
    return [AppealRow(one, next(iter(duties[one.pk]), None), known[one.pk]) for one in appeals]


def _with_hits(user: User, rows: list[AppealRow], query: Query) -> list[AppealRow]:
    if not query.wanted or not rows:
        return rows
    # Rows of a list are loaded without their texts.
    whole = Appeal.objects.filter(pk__in=[row.appeal.pk for row in rows])
    hits = hits_in(user, list(whole.select_related("enterprise", "filed_by")), query)
    return [replace(row, query=query, hit=hits[row.appeal.pk]) for row in rows]


# --- filters


def filtered_appeals(
    user: User,
    *,
    state: str = "",
    unit: str = "",
    kind: str = "",
    q: str = "",
    overdue: bool = False,
    urgent: bool = False,
    mine: str = "",
    light: str = "",
    owed_by: str = "",
    rating: str = "",
    since: str = "",
    until: str = "",
    reached: str = "",
    on: str = "",
    channel: str = "",
    outcome: str = "",
    co_unit: str = "",
    firm: str = "",
    again: bool = False,
    promised: bool = False,
    joined: bool = False,
) -> QuerySet[Appeal]:
    """Return the appeals this person may see and asked for; an unknown value finds nothing.

    ``state`` is a state, "open" or "done"; ``unit`` the lead unit's code, ``co_unit`` that of a unit
    that helps or helped; ``firm`` a credit code or a whole name; ``q`` words to be found (see
    ``kernel.search.read_query``); ``mine`` "desk" (I owe a step) or "filed" (I filed it); ``light``
    "red" or "amber" (some duty shows it; ``overdue`` is short for red), narrowed by ``owed_by`` to
    the duties of that unit; ``rating`` "any" or "bad"; ``since`` and ``until`` the first and last day
    of submission; ``reached`` one of STAGES, ``on`` the day it was reached; ``again`` in a second or
    later round; ``promised`` a day is promised; ``joined`` others were merged into it.
    """
    words = {"kind": kind, "channel": channel, "outcome": outcome, "lead_unit__code": unit}
    rows = visible_appeals(user).filter(**{name: said for name, said in words.items() if said})
    boxes = {
        Q(urgent=True): urgent,
        Q(round__gt=1): again,
        Q(promised_on__isnull=False): promised,
    }
    rows = rows.filter(*(condition for condition, ticked in boxes.items() if ticked))
    rows = rows.filter(_relations_asked(user, co_unit, firm, joined))
    if state:
        rows = rows.filter(_state_asked(state))
    query = appeal_query(q)
    if query:
        rows = rows.filter(text_asked(user, query).condition)
    if mine:
        rows = rows.filter(_mine(user, mine))
    wanted_light = "red" if overdue else light
    if wanted_light == "red" and not owed_by:
        rows = rows.filter(first_red_at__lte=now())
    elif wanted_light or owed_by:
        rows = rows.filter(pk__in=_owing(wanted_light, owed_by))
    if rating:
        rows = rows.filter(rated(bad=rating == "bad"))
    return rows.filter(_dates_asked(since, until, reached, on))


def _state_asked(state: str) -> Q:
    if state == "done":
        # Nearly all rows are: told as "not open", so that no index on the state is tried for them.
        return ~Q(state__in=OPEN_STATES)
    return Q(state__in=OPEN_STATES) if state == "open" else Q(state=state)


def _relations_asked(user: User, co_unit: str, firm: str, joined: bool) -> Q:
    asked = Q()
    if co_unit:
        helped = CoHandler.objects.filter(appeal=OuterRef("pk"), unit__code=co_unit)
        asked &= Q(Exists(helped))
    if firm:
        named = Q(enterprise__name=firm) | Q(enterprise__uscc=firm)
        asked &= named & identity_known(user)
    if joined:
        asked &= Q(Exists(Appeal.objects.filter(merged_into=OuterRef("pk"))))
    return asked


def _mine(user: User, mine: str) -> Q:
    if mine == "filed":
        return Q(filed_by=user.pk)
    owed = appeal_duties().filter(holder__in=desks_of(user), state=DutyState.OPEN)
    return Q(pk__in=owed.values("subject_id"))


def appeal_duties() -> QuerySet[Duty]:
    """Return all duties on appeals."""
    return Duty.objects.filter(subject_type=ABOUT_APPEALS)


def lit(light: str) -> Q:
    """Return the condition under which a duty shows this light."""
    counted = Q(state=DutyState.OPEN, advisory=False)
    if light == "red":
        return counted & Q(red_at__lte=now())
    return counted & Q(amber_at__lte=now(), red_at__gt=now())


def _owing(light: str, owed_by: str) -> QuerySet[Any]:
    duties = appeal_duties().filter(state=DutyState.OPEN, advisory=False)
    if light:
        duties = duties.filter(lit(light))
    if owed_by:
        duties = duties.filter(unit_code=owed_by)
    return duties.values("subject_id")


def rated(*, bad: bool) -> Exists:
    """Return the condition "was rated" or "was rated badly", in any round."""
    ratings = Rating.objects.filter(appeal=OuterRef("pk"))
    return Exists(ratings.filter(level__lte=BAD_LEVEL) if bad else ratings)


def day_range(day: date) -> tuple[datetime, datetime]:
    """Return the first moment of an office day and of the next one."""
    begin = datetime.combine(day, time.min, SHANGHAI)
    return begin, begin + timedelta(days=1)


def _dates_asked(since: str, until: str, reached: str, on: str) -> Q:
    asked = Q()
    if since:
        asked &= Q(submitted_at__gte=day_range(_day(since))[0])
    if until:
        asked &= Q(submitted_at__lt=day_range(_day(until))[1])
    if not reached:
        return asked
    if reached not in STAGES:
        return Q(pk__in=[])
    if not on:
        return asked & Q(**{f"{reached}_at__isnull": False})
    begin, end = day_range(_day(on))
    return asked & Q(**{f"{reached}_at__gte": begin, f"{reached}_at__lt": end})


def _day(text: str) -> date:
    """Read a day; one that cannot be read lies far ahead, where nothing is found."""
    try:
        return parse_date(text) or date.max.replace(year=9000)
    except ValueError:
        return date.max.replace(year=9000)


# --- figures of the saved views


def view_counts(user: User) -> dict[str, int]:
    """Return how many appeals wait in each saved view, in one query, up to a thousand and one."""
    seen = visible_appeals(user).values("pk")
    # Whoever owes a step sees its appeal: no need to ask the row filter again.
    owed = appeal_duties().filter(holder__in=desks_of(user), state=DutyState.OPEN)
    unit = sole_unit(user)
    open_now: QuerySet[Any, Any]
    unrated: QuerySet[Any, Any]
    if unit is None:
        open_now = seen.filter(state__in=OPEN_STATES)
        unrated = seen.filter(state=AppealState.ANSWERED)
    else:
        open_now = HandlingUnit.objects.filter(unit_id=unit, open=True).values("appeal_id")
        unrated = open_now.filter(unrated=True)
    return counts_up_to_ceiling(
        desk=owed.values("subject_id").distinct(),
        open=open_now,
        overdue=seen.filter(first_red_at__lte=now()),
        unrated=unrated,
    )
