"""The ledger of promises: one set of filters for page, export and counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from lianqi.appeals.access import visible_promises
from lianqi.appeals.enums import PromiseFate
from lianqi.appeals.models import Appeal, Promise
from lianqi.appeals.queries.identity import Identity, told_with
from lianqi.kernel.clock import today
from lianqi.organisation.models import User

OVERDUE = "overdue"
_TONES = {
    PromiseFate.OPEN: "blue",
    PromiseFate.KEPT: "green",
    PromiseFate.BROKEN: "red",
    PromiseFate.MOVED: "amber",
    PromiseFate.SUPERSEDED: "grey",
}


@dataclass(frozen=True)
class PromiseLine:
    """A promise as pages show it: its tone, and whether its day went by unchecked."""

    promise: Promise
    tone: str
    late: bool
    # Whom it was given to; only the ledger says so, for the page of an appeal does already.
    identity: Identity | None = None


def promise_lines(promises: Iterable[Promise]) -> list[PromiseLine]:
    """Return promises as pages show them."""
    return [_line(promise) for promise in promises]


def ledger_lines(user: User, promises: Iterable[Promise]) -> list[PromiseLine]:
    """Return promises as the ledger shows them, with the firms as this person may know them."""
    told = told_with(user, promises, lambda promise: promise.appeal)
    return [_line(promise, whose) for promise, whose in told]


def _line(promise: Promise, whose: Identity | None = None) -> PromiseLine:
    late = promise.fate == PromiseFate.OPEN and promise.on < today()
    return PromiseLine(promise, _TONES[promise.fate], late, whose)


def promises_of(appeal: Appeal) -> list[PromiseLine]:
    """Return the promises of one appeal, the first day first."""
    return promise_lines(appeal.promises.select_related("moved_to", "unit"))  # type: ignore[attr-defined]


def promise_rows(
    user: User, *, fate: str = "", unit: str = "", month: date | None = None
) -> QuerySet[Promise]:
    """Return the promises this person may see and asked for, with what a row prints.

    ``fate`` is a fate or "overdue" (open although its day has gone by); ``month`` any day of it.
    """
    rows = visible_promises(user).select_related("appeal__enterprise", "unit", "moved_to")
    if fate == OVERDUE:
        rows = _overdue(rows)
    elif fate in PromiseFate.values:
        rows = rows.with_fate(fate)  # type: ignore[attr-defined]
    if unit:
        rows = rows.filter(unit__code=unit)
    if month is not None:
        first = month.replace(day=1)
        rows = rows.filter(on__gte=first, on__lt=(first + timedelta(days=32)).replace(day=1))
    return rows


def _overdue(rows: Any) -> QuerySet[Promise]:
    return rows.with_fate(PromiseFate.OPEN).filter(on__lt=today())


def fate_counts(user: User, *, unit: str = "", month: date | None = None) -> dict[str, int]:
    """Return how many promises have each fate, and how many are overdue, in one query."""
    rows = promise_rows(user, unit=unit, month=month).order_by()
    unchecked = Q(kept=None, moved_to=None, superseded_at=None)
    counted = rows.aggregate(
        open_count=Count("pk", filter=unchecked),
        overdue_count=Count("pk", filter=unchecked & Q(on__lt=today())),
        kept_count=Count("pk", filter=Q(kept=True)),
        broken_count=Count("pk", filter=Q(kept=False)),
        moved_count=Count("pk", filter=Q(kept=None, moved_to__isnull=False)),
    )
    return {name.removesuffix("_count"): count for name, count in counted.items()}
