"""派单判例: past rulings on returned orders, and who handled similar appeals; never an order."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from lianqi.appeals.access import visible_appeals
from lianqi.appeals.models import Appeal, ReturnOrder
from lianqi.engines.textmining import rank
from lianqi.engines.worktime import Calendar
from lianqi.kernel.clock import local, now
from lianqi.kernel.workdays import calendar
from lianqi.organisation.models import Unit, User

# How many of the newest are compared: enough for years of rulings, and bounded whatever comes.
MOST_RULINGS = 500
MOST_HANDLED = 300
MOST_SHOWN = 3
SIMILAR = 0.12


@dataclass(frozen=True)
class Precedent:
    """A ruling that may fit, with how alike its appeal is (0 to 1)."""

    order: ReturnOrder
    score: float = 0
    hours: float = 0  # working hours from the return to the ruling

    @property
    def month(self) -> str:
        """The month of the ruling, as a quotation names it."""
        at = local(self.order.ruled_at or self.order.returned_at)
        return _("%(year)d年%(month)d月") % {"year": at.year, "month": at.month}

    @property
    def percent(self) -> int:
        """How alike the two appeals are, in percent."""
        return round(100 * self.score)


@dataclass(frozen=True)
class UnitSuggestion:
    """A unit that handled similar appeals: how many of those compared, and one of them."""

    unit: Unit
    count: int
    example: Appeal


@dataclass(frozen=True)
class Suggestions:
    """What the past says about where an appeal might go."""

    precedents: list[Precedent]
    units: list[UnitSuggestion]

    @property
    def found(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.precedents or self.units)


def rulings(user: User) -> QuerySet[ReturnOrder]:
    """Return all rulings on the appeals this person may see, with what a row prints."""
    return (
        ReturnOrder.objects.filter(ruled_at__isnull=False, appeal__in=visible_appeals(user))
        .select_related("appeal", "unit", "new_unit")
        .order_by("-ruled_at", "-pk")
    )


def precedent_rows(
    user: User, *, q: str = "", unit: str = "", verdict: str = ""
) -> QuerySet[ReturnOrder]:
    """Return the rulings asked for: words in matter, basis or ruling; a unit on either side."""
    rows = rulings(user)
    for word in q.split():
        rows = rows.filter(
            Q(appeal__title__icontains=word)
            | Q(appeal__number__icontains=word)
            | Q(basis__icontains=word)
            | Q(ruling__icontains=word)
        )
    if unit:
        rows = rows.filter(Q(unit__code=unit) | Q(new_unit__code=unit))
    if verdict:
        rows = rows.filter(upheld=verdict == "upheld")
    return rows


def suggestions(user: User, appeal: Appeal) -> Suggestions:
    """Return the rulings and the units that similar appeals of the past speak for.

    The office chooses; nothing here dispatches. Three queries, however many appeals there are.
    """
    text = _text(appeal)
    orders = list(rulings(user).exclude(appeal=appeal.pk)[:MOST_RULINGS])
    ranked = rank(text, [f"{_text(order.appeal)} {order.basis}" for order in orders], SIMILAR)
    return Suggestions(
        [Precedent(orders[index], score) for index, score in ranked[:MOST_SHOWN]],
        _units(text, _handled(user, appeal)),
    )


def _text(appeal: Appeal) -> str:
    # The title says what it is about: it counts twice.
    return f"{appeal.title} {appeal.title} {appeal.content[:300]}"


def _handled(user: User, appeal: Appeal) -> list[Appeal]:
    """Return the newest answered appeals of units that still are on the platform."""
    rows = visible_appeals(user).filter(
        answered_at__isnull=False, lead_unit__active=True, lead_unit__on_platform=True
    )
    return list(
        rows.exclude(pk=appeal.pk).select_related("lead_unit").order_by("-pk")[:MOST_HANDLED]
    )


def _units(text: str, handled: list[Appeal]) -> list[UnitSuggestion]:
    alike = [
        handled[index] for index, _score in rank(text, [_text(one) for one in handled], SIMILAR)
    ]
    counted = Counter(one.lead_unit_id for one in alike)
    first: dict[Any, Appeal] = {}
    for one in alike:
        first.setdefault(one.lead_unit_id, one)
    # Equal counts: whose appeal is more alike comes first, as the counter met it first.
    return [
        UnitSuggestion(first[unit_id].lead_unit, count, first[unit_id])  # type: ignore[arg-type]
        for unit_id, count in counted.most_common(MOST_SHOWN)
    ]


# --- how long disputes take: measured, never charged to the firm


def measured(orders: Iterable[ReturnOrder]) -> list[Precedent]:
    """Return rulings with how long their disputes took."""
    working = calendar()
    return [Precedent(order, hours=dispute_hours(order, working)) for order in orders]


def dispute_hours(order: ReturnOrder, working: Calendar) -> float:
    """Return the working hours from a return to its ruling, or until now, to a tenth."""
    ended = max(order.returned_at, order.ruled_at or now())
    return round(working.working_minutes_between(order.returned_at, ended) / 60, 1)


def dispute_hours_by_unit(user: User, since: datetime) -> dict[str, list[float]]:
    """Return the working hours of each return since a moment, by the code of who returned."""
    orders = ReturnOrder.objects.filter(
        returned_at__gte=since, appeal__in=visible_appeals(user)
    ).select_related("unit")
    working = calendar()
    hours: dict[str, list[float]] = {}
    for order in orders:
        hours.setdefault(order.unit.code, []).append(dispute_hours(order, working))
    return hours
