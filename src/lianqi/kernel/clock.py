"""The one clock of the system."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")


_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """Return this moment; everything in the system asks here and nowhere else."""
    return _told.get() or timezone.now()


@contextmanager
def told_at(moment: datetime) -> Iterator[None]:
    """Let the clock stand at a moment, to enter what happened earlier (demo data, benchmarks)."""
    token = _told.set(moment)
    try:
        yield
    finally:
        _told.reset(token)


def local(moment: datetime) -> datetime:
    """Return the moment as the wall clock in the office shows it."""
    return moment.astimezone(SHANGHAI)


def today() -> date:
    """Return the date in the office."""
    return local(now()).date()
