"""Time limits as settings: which row is in force, and the rows a fresh district starts with."""

import csv
from collections.abc import Callable
from datetime import date, datetime
from importlib import resources

from django.db import transaction

from lianqi.kernel.clock import local, now
from lianqi.kernel.models import TimeLimit
from lianqi.kernel.revisions import Kept, raise_revision


class LimitMissing(LookupError):
    """A workflow names a limit that has no row."""


def _rows_by_key() -> dict[str, list[TimeLimit]]:
    rows: dict[str, list[TimeLimit]] = {}
    for row in TimeLimit.objects.order_by("key", "-effective_from"):
        rows.setdefault(row.key, []).append(row)
    return rows


_kept = Kept("limits", _rows_by_key)
_fillers: list[tuple[str, Callable[[], int]]] = []


def fill_also(label: str, fill: Callable[[], int]) -> None:
    """Register a room's own settings rows, for `lianqi prepare` to enter where they are missing."""
    _fillers.append((label, fill))


def fill_others() -> list[tuple[str, int]]:
    """Enter the rooms' own settings rows; return what they are called and how many were added."""
    return [(label, fill()) for label, fill in _fillers]


def time_limit(key: str, at: datetime | None = None) -> TimeLimit:
    """Return the row in force at a moment (now if none is given): for a clock, its beginning.

    Raises:
        LimitMissing: no row with this key was in force at that moment.
    """
    moment = at or now()
    day = local(moment).date()
    for row in _kept.get().get(key, []):
        set_later = row.effective_from == day and row.set_at is not None and row.set_at > moment
        if row.effective_from <= day and not set_later:
            return row
    raise LimitMissing(f"时限“{key}”没有生效的设置，请到 系统管理-时限设置 补上。")


def forget_limits() -> None:
    """Drop the limits kept in memory."""
    _kept.forget()


@transaction.atomic
def fill_limits(package: str) -> int:
    """Add the rows of a domain's ``limits.csv`` whose keys are not there yet; return how many."""
    table = resources.files(package).joinpath("limits.csv").read_text(encoding="utf-8")
    known = set(TimeLimit.objects.values_list("key", flat=True))
    fresh = [
        TimeLimit(
            key=row["key"],
            label=row["label"],
            amount=int(row["amount"]),
            unit=row["unit"],
            source=row["source"],
            basis=row["basis"],
            effective_from=date(2020, 1, 1),
        )
        for row in csv.DictReader(table.splitlines())
        if row["key"] not in known
    ]
    TimeLimit.objects.bulk_create(fresh)
    if fresh:
        raise_revision("limits")
    return len(fresh)
