"""Figures of the task force's board; each knows the address of the rows it counts."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, partial
from statistics import median
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _

from lianqi.appeals.access import oversees_appeals, visible_appeals
from lianqi.appeals.enums import AppealState
from lianqi.appeals.models import Appeal, HandlingUnit
from lianqi.appeals.queries.listing import (
    STAGES,
    AppealRow,
    appeal_duties,
    appeal_page,
    day_range,
    filtered_appeals,
    lit,
    rated,
)
from lianqi.appeals.queries.precedents import dispute_hours_by_unit
from lianqi.kernel.clock import SHANGHAI, today
from lianqi.kernel.paging import counts_in_one, query_url
from lianqi.kernel.workdays import calendar
from lianqi.organisation.models import Unit, User

MOST_RED = 20


@dataclass(frozen=True)
class Figure:
    """A number with its name and the way to its rows."""

    label: str
    value: int
    url: str
    of: int = 0


@dataclass(frozen=True)
class UnitLine:
    """How one unit stands: what it has now, and how it did in the period."""

    name: str
    now: list[Figure]
    answered: Figure
    median_days: float | None
    bad: Figure
    # How often it returned an order, and how many working hours the rulings took: for the units to
    # settle between them, the firm's clock runs on.
    returned: int
    dispute_hours: float


@dataclass(frozen=True)
class Board:
    """Everything on the board."""

    since: date
    states: list[Figure]
    today: list[Figure]
    funnel: list[Figure]
    units: list[UnitLine]
    red_rows: list[AppealRow]
    red: Figure


def rows_url(**asked: str) -> str:
    """Return the address of the list that shows exactly the rows asked for."""
    return query_url(_list_address(), view="all", **asked)


@cache
def _list_address() -> str:
    return reverse("appeals:appeal_list")


def board(user: User, *, days: int) -> Board:
    """Return the board over the last ``days`` natural days, of the appeals this person may see."""
    since = today() - timedelta(days=days)
    red = appeal_page(user, overdue=True, per_page=MOST_RED)
    red_appeals = filtered_appeals(user, overdue=True).count()
    return Board(
        since=since,
        states=_by_state(user),
        today=_today(user),
        funnel=_funnel(user, since),
        units=_by_unit(user, since),
        red_rows=red.rows,
        red=Figure(_("逾期"), red_appeals, rows_url(light="red")),
    )


def _by_state(user: User) -> list[Figure]:
    counted = visible_appeals(user).order_by().values_list("state").annotate(n=Count("pk"))
    numbers = dict(counted)
    return [
        Figure(str(state.label), numbers[state.value], rows_url(state=state.value))
        for state in AppealState
        if state.value in numbers
    ]


def _today(user: User) -> list[Figure]:
    begin, end = day_range(today())
    on = today().isoformat()
    seen = visible_appeals(user).values("pk")
    # Each stage by its own index.
    counts = counts_in_one(
        **{
            stage: seen.filter(**{f"{stage}_at__gte": begin, f"{stage}_at__lt": end})
            for stage in STAGES
        }
    )
    return [
        Figure(_("今日%s") % label, counts[stage], rows_url(reached=stage, on=on))
        for stage, label in STAGES.items()
    ]


def _funnel(user: User, since: date) -> list[Figure]:
    """Of the appeals filed since: how many came how far."""
    filed = visible_appeals(user).filter(submitted_at__gte=day_range(since)[0])
    counts = filed.aggregate(
        **{s: Count("pk", filter=Q(**{f"{s}_at__isnull": False})) for s in STAGES}
    )
    day = since.isoformat()
    return [
        Figure(
            str(label),
            counts[stage],
            rows_url(since=day, reached=stage),
            of=counts["submitted"],
        )
        for stage, label in STAGES.items()
    ]


# --- by unit


def _by_unit(user: User, since: date) -> list[UnitLine]:
    day = since.isoformat()
    filed = visible_appeals(user).filter(
        lead_unit__isnull=False, submitted_at__gte=day_range(since)[0]
    )
    opened = _open_by_unit(user)
    any_rating, bad_rating = _ratings_by_unit(filed)
    amber, red = _duties_by_unit()
    spans = _answer_spans(user, since)
    disputes = dispute_hours_by_unit(user, day_range(since)[0])
    seen = {*opened, *any_rating, *amber, *red, *spans, *disputes} - {""}
    return [
        UnitLine(
            name=unit.name,
            now=[
                Figure(_("在办"), opened.get(unit.code, 0), rows_url(unit=unit.code, state="open")),
                Figure(
                    _("临期"), amber.get(unit.code, 0), rows_url(owed_by=unit.code, light="amber")
                ),
                Figure(_("逾期"), red.get(unit.code, 0), rows_url(owed_by=unit.code, light="red")),
            ],
            answered=Figure(
                _("已答复"),
                len(spans.get(unit.code, ())),
                rows_url(unit=unit.code, since=day, reached="answered"),
            ),
            median_days=median(spans[unit.code]) if unit.code in spans else None,
            bad=Figure(
                _("差评"),
                bad_rating.get(unit.code, 0),
                rows_url(unit=unit.code, since=day, rating="bad"),
                of=any_rating.get(unit.code, 0),
            ),
            returned=len(disputes.get(unit.code, ())),
            dispute_hours=round(sum(disputes.get(unit.code, ())), 1),
        )
        for unit in Unit.objects.filter(code__in=seen)
    ]


def _open_by_unit(user: User) -> dict[str, int]:
    rows = HandlingUnit.objects.filter(leads=True, open=True)
    if not oversees_appeals(user):
        rows = rows.filter(appeal__in=visible_appeals(user))
    return dict(rows.values_list("unit__code").annotate(n=Count("pk")))


def _ratings_by_unit(filed: QuerySet[Appeal]) -> tuple[dict[str, int], dict[str, int]]:
    """Return how many of these appeals were ever rated, and how many badly, by unit."""
    bad = Q(rated(bad=True))
    rows = filed.filter(rated(bad=False)).order_by().values_list("lead_unit__code")
    counted: list[Any] = list(rows.annotate(n=Count("pk"), bad=Count("pk", filter=bad)))
    return {code: n for code, n, _ in counted}, {code: n for code, _, n in counted if n}


def _duties_by_unit() -> tuple[dict[str, int], dict[str, int]]:
    """Return on how many appeals each unit owes something amber, and something red."""
    rows = appeal_duties().filter(lit("amber") | lit("red")).order_by().values_list("unit_code")
    count = partial(Count, "subject_id", distinct=True)
    counted: list[Any] = list(
        rows.annotate(amber=count(filter=lit("amber")), red=count(filter=lit("red")))
    )
    return {code: n for code, n, _ in counted if n}, {code: n for code, _, n in counted if n}


def _answer_spans(user: User, since: date) -> dict[str, list[int]]:
    """Return the working days from dispatch to answer, by unit, of appeals filed since."""
    working = calendar()
    spans: dict[str, list[int]] = {}
    answered = visible_appeals(user).filter(
        submitted_at__gte=day_range(since)[0],
        answered_at__isnull=False,
        dispatched_at__isnull=False,
        lead_unit__isnull=False,
    )
    # The days are what counts: the database adds up the appeals that share both.
    rows: QuerySet[Any, Any] = answered.order_by().values_list(
        "lead_unit__code",
        TruncDate("dispatched_at", tzinfo=SHANGHAI),
        TruncDate("answered_at", tzinfo=SHANGHAI),
    )
    for code, begun, ended, count in rows.annotate(n=Count("pk")):
        days = working.working_days_between(begun, ended)
        spans.setdefault(code, []).extend([days] * count)
    return spans
