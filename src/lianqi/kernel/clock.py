"""The one clock of the system."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """Return this moment; everything in the system asks here and nowhere else."""
    return timezone.now()


def local(moment: datetime) -> datetime:
    """Return the moment as the wall clock in the office shows it."""
    return moment.astimezone(SHANGHAI)


def today() -> date:
    """Return the date in the office."""
    return local(now()).date()
