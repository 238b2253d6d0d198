"""The ledger's board, scorecards and calendar; every figure leads to its rows."""

from calendar import Calendar as Weeks
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.http import urlencode

from lianqi.ledger.access import oversees_ledger, visible_items, working_units
from lianqi.ledger.enums import COUNTED_STATES, ItemState
from lianqi.ledger.models import Item, ProgressReport
from lianqi.ledger.queries.items import ON_TIME, ItemRow, is_judged
from lianqi.ledger.queries.lights import LIGHTS, with_light
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


def light_figures(user: User, *, year: int | None = None) -> list[Figure]:
    """Return how many items of the ledger show each light now, in one query."""
    rows = visible_items(user)
    asked = {"year": str(year)} if year else {}
    rows = rows.filter(year=year) if year else rows
    counts = rows.aggregate(**{key: Count("pk", filter=with_light(key)) for key in LIGHTS})
    return [
        Figure(label, counts[key], rows_url(light=key, **asked), key)
        for key, label in LIGHTS.items()
    ]


def state_figures(user: User, *, year: int | None = None) -> list[Figure]:
    """Return how many items stand in each state."""
    rows = visible_items(user)
    asked = {"year": str(year)} if year else {}
    rows = rows.filter(year=year) if year else rows
    found = dict(rows.order_by().values_list("state").annotate(count=Count("pk")))
    return [
        Figure(state.label, found.get(state.value, 0), rows_url(state=state.value, **asked))
        for state in ItemState
    ]


def unit_scores(user: User, *, year: int | None = None) -> list[UnitScore]:
    """Return the scores of the units this person may compare: overseers all, others their own."""
    units = Unit.objects.filter(active=True)
    if not oversees_ledger(user):
        units = units.filter(pk__in=working_units(user))
    narrowed = Q(year=year) if year else Q()
    items = Item.objects.filter(narrowed, state__in=COUNTED_STATES)
    rows = (
        items.order_by()
        .values("lead_unit")
        .annotate(
            total=Count("pk"),
            judged=Count("pk", filter=is_judged()),
            on_time=Count("pk", filter=is_judged() & ON_TIME),
            struck=Count("pk", filter=Q(state=ItemState.STRUCK)),
            **{f"light_{key}": Count("pk", filter=with_light(key)) for key in LIGHTS},
        )
    )
    by_unit = {row["lead_unit"]: dict(row) for row in rows}
    reports = _reports(narrowed)
    reopened = dict(
        items.filter(closings__reopened_at__isnull=False)
        .order_by()
        .values_list("lead_unit")
        .annotate(count=Count("closings"))
    )
    return [
        _score(unit, by_unit[unit.pk], reports.get(unit.pk, (0, 0)), reopened.get(unit.pk, 0), year)
        for unit in units
        if unit.pk in by_unit
    ]


def _score(
    unit: Unit, row: dict[str, Any], reports: tuple[int, int], reopened: int, year: int | None
) -> UnitScore:
    asked = {"lead": unit.code, **({"year": str(year)} if year else {})}
    return UnitScore(
        unit=unit,
        total=row["total"],
        lights=[
            Figure(label, row[f"light_{key}"], rows_url(light=key, **asked), key)
            for key, label in LIGHTS.items()
        ],
        judged=row["judged"],
        on_time=row["on_time"],
        struck=row["struck"],
        reports=reports[0],
        reports_in_time=reports[1],
        reopened=reopened,
    )


def _reports(narrowed: Q) -> dict[int, tuple[int, int]]:
    """Return by unit how many reports came in, and how many in their period."""
    items = Item.objects.filter(narrowed).values("pk")
    rows = ProgressReport.objects.filter(item__in=items).order_by().values("unit")
    found = rows.annotate(all=Count("pk"), good=Count("pk", filter=Q(in_time=True)))
    return {row["unit"]: (row["all"], row["good"]) for row in found}


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
