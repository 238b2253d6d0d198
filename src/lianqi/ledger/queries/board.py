"""The ledger's board, scorecards and calendar; every figure leads to its rows."""

from calendar import Calendar as Weeks
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from lianqi.ledger.access import oversees_ledger, visible_items, working_units
from lianqi.ledger.enums import COUNTED_STATES, ItemState
from lianqi.ledger.models import Item, ProgressReport
from lianqi.ledger.queries.items import ON_TIME, ItemRow, is_judged
from lianqi.ledger.queries.lights import LIGHTS, told_light
from lianqi.organisation.models import Unit, User


@dataclass(frozen=True)
class Figure:
    """A count and the way to its rows."""

    label: Any
    count: int
    url: str
    tone: str = ""


@dataclass(frozen=True)
class UnitScore:
    """What a unit leads: by light, and how much of what was judged was on time."""

    unit: Unit
    total: int
    lights: list[Figure]
    judged: int
    on_time: int
    struck: int
    reports: int
    reports_in_time: int
    reopened: int

    @property
    def url(self) -> str:
        """The unit's own page."""
        return reverse("ledger:scorecard", args=[self.unit.code])

    @property
    def judged_url(self) -> str:
        """The rows of the denominator."""
        return rows_url(lead=self.unit.code, judged="1")

    @property
    def late_url(self) -> str:
        """The judged rows that were late."""
        return rows_url(lead=self.unit.code, on_time="no")


def rows_url(**asked: str) -> str:
    """Return the address of the list narrowed so."""
    return f"{reverse('ledger:item_list')}?{urlencode({'view': 'all', **asked})}"


@dataclass(frozen=True)
class Tally:
    """How many items of one lead unit stand in one state and show one light."""

    unit: int
    state: str
    light: str
    count: int
    judged: int
    on_time: int


def tallies(rows: QuerySet[Item]) -> list[Tally]:
    """Count the rows once, by lead unit, state and light; every figure is a sum of these."""
    found = (
        rows.order_by()
        .annotate(light=told_light())
        .values_list("lead_unit", "state", "light")
        .annotate(
            count=Count("pk"),
            judged=Count("pk", filter=is_judged()),
            on_time=Count("pk", filter=is_judged() & ON_TIME),
        )
    )
    return [Tally(*row) for row in found]


def light_figures(
    user: User, *, year: int | None = None, counted: Sequence[Tally] | None = None
) -> list[Figure]:
    """Return how many items of the ledger show each light now; ``counted`` saves counting again."""
    asked = {"year": str(year)} if year else {}
    seen = _sums(_seen(user, year) if counted is None else counted, "light")
    return [
        Figure(label, seen.get(key, 0), rows_url(light=key, **asked), key)
        for key, label in LIGHTS.items()
    ]


def state_figures(
    user: User, *, year: int | None = None, counted: Sequence[Tally] | None = None
) -> list[Figure]:
    """Return how many items stand in each state; ``counted`` saves counting again."""
    asked = {"year": str(year)} if year else {}
    seen = _sums(_seen(user, year) if counted is None else counted, "state")
    return [
        Figure(state.label, seen.get(state.value, 0), rows_url(state=state.value, **asked))
        for state in ItemState
    ]


def board(
    user: User, *, year: int | None = None
) -> tuple[list[Figure], list[Figure], list[UnitScore]]:
    """Return the figures by light and by state and the units' scores; an overseer's rows are counted once."""
    seen = _seen(user, year)
    scores = unit_scores(user, year=year, counted=seen if oversees_ledger(user) else None)
    return (
        light_figures(user, year=year, counted=seen),
        state_figures(user, year=year, counted=seen),
        scores,
    )


def _seen(user: User, year: int | None) -> list[Tally]:
    rows = visible_items(user)
    return tallies(rows.filter(year=year) if year else rows)


def _sums(counted: Iterable[Tally], name: str) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for tally in counted:
        sums[getattr(tally, name)] += tally.count
    return sums


def unit_scores(
    user: User,
    *,
    year: int | None = None,
    code: str = "",
    counted: Sequence[Tally] | None = None,
) -> list[UnitScore]:
    """Return the scores of the units this person may compare: overseers all, others their own.

    ``code`` narrows them to one unit; ``counted`` are tallies of all that these units lead.
    """
    units = Unit.objects.filter(active=True)
    if not oversees_ledger(user):
        units = units.filter(pk__in=working_units(user))
    shown = list(units.filter(code=code) if code else units)
    keys = [unit.pk for unit in shown]
    narrowed = Q(lead_unit__in=keys) & (Q(year=year) if year else Q())
    if counted is None:
        counted = tallies(Item.objects.filter(narrowed))
    by_unit: dict[int, list[Tally]] = defaultdict(list)
    for tally in counted:
        if tally.state in COUNTED_STATES:
            by_unit[tally.unit].append(tally)
    reports, reopened = _reports(keys, year), _reopened(narrowed)
    return [
        _score(unit, by_unit[unit.pk], reports.get(unit.pk, (0, 0)), reopened.get(unit.pk, 0), year)
        for unit in shown
        if unit.pk in by_unit
    ]


def _score(
    unit: Unit, counted: list[Tally], reports: tuple[int, int], reopened: int, year: int | None
) -> UnitScore:
    asked = {"lead": unit.code, **({"year": str(year)} if year else {})}
    lights, states = _sums(counted, "light"), _sums(counted, "state")
    return UnitScore(
        unit=unit,
        total=sum(states.values()),
        lights=[
            Figure(label, lights.get(key, 0), rows_url(light=key, **asked), key)
            for key, label in LIGHTS.items()
        ],
        judged=sum(tally.judged for tally in counted),
        on_time=sum(tally.on_time for tally in counted),
        struck=states.get(ItemState.STRUCK, 0),
        reports=reports[0],
        reports_in_time=reports[1],
        reopened=reopened,
    )


def _reports(units: Sequence[int], year: int | None) -> dict[int, tuple[int, int]]:
    """Return by unit how many reports came in, and how many in their period."""
    rows = ProgressReport.objects.filter(unit__in=units)
    rows = rows.filter(item__year=year) if year else rows
    found = rows.order_by().values("unit").annotate(
        all=Count("pk"), good=Count("pk", filter=Q(in_time=True))
    )  # fmt: skip
    return {row["unit"]: (row["all"], row["good"]) for row in found}


def _reopened(narrowed: Q) -> dict[int, int]:
    """Return by unit how often one of its items was taken up again."""
    items = Item.objects.filter(narrowed, state__in=COUNTED_STATES)
    rows = items.filter(closings__reopened_at__isnull=False).order_by().values_list("lead_unit")
    return dict(rows.annotate(count=Count("closings")))


# --- calendar


@dataclass
class CalendarDay:
    """A day of the month and the items that are due on it."""

    day: date
    in_month: bool
    rows: list[ItemRow] = field(default_factory=list)


def month_of_items(user: User, year: int, month: int) -> list[list[CalendarDay]]:
    """Return the weeks of a month, Monday first, each day with what is due on it."""
    weeks = Weeks().monthdatescalendar(year, month)
    due: dict[date, list[ItemRow]] = defaultdict(list)
    first, last = weeks[0][0], weeks[-1][-1]
    rows = visible_items(user).filter(sort_on__gte=first, sort_on__lte=last)
    for item in (
        rows.exclude(state=ItemState.CANCELLED)
        .select_related("lead_unit")
        .order_by("sort_on", "pk")
    ):
        due[item.sort_on].append(ItemRow(item))
    return [[CalendarDay(day, day.month == month, due[day]) for day in week] for week in weeks]


def around(year: int, month: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the month before and the month after."""
    first = date(year, month, 1)
    before, after = first - timedelta(days=1), first + timedelta(days=31)
    return (before.year, before.month), (after.year, after.month)
