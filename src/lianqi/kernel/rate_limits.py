"""Limits on how often: one budget for each act and person.

What changes something is counted in the database, for all processes together. Mere calls are counted
by each web process for itself: reading must not write. Sign-in has limits of its own (allauth,
``ACCOUNT_RATE_LIMITS``).
"""

import threading
from datetime import UTC, datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from lianqi.kernel.clock import now
from lianqi.kernel.errors import TooManyRequests
from lianqi.kernel.models import RateCount

SECONDS = {"m": 60, "h": 3600, "d": 86_400}
_lock = threading.Lock()
# Calls counted in the present span of time, which stands under "span".
_here: dict[str, int] = {}


def spend(act: str, who: object) -> None:
    """Count one more use of an act by somebody; fixed spans of a minute, an hour or a day.

    Called inside the transaction of what it guards, only what succeeds is counted.

    Raises:
        TooManyRequests: the budget ``settings.LIANQI_RATE_LIMITS[act]`` (e.g. "20/h") is used up.
    """
    most, seconds = budget(act)
    span, moment = divmod(int(now().timestamp()), seconds)
    key = f"{act}:{who}"
    if _count(key, span, (span + 1) * seconds) > most:
        raise TooManyRequests(most, seconds, retry_after=seconds - moment)


def spend_here(act: str, who: object) -> None:
    """Count one more call in the memory of this process, which writes nothing.

    Raises:
        TooManyRequests: the budget is used up here.
    """
    most, seconds = budget(act)
    span, moment = divmod(int(now().timestamp()), seconds)
    with _lock:
        if _here.get("span") != span:
            _here.clear()
            _here["span"] = span
        used = _here.get(f"{act}:{who}", 0) + 1
        _here[f"{act}:{who}"] = used
    if used > most:
        raise TooManyRequests(most, seconds, retry_after=seconds - moment)


def forget_calls() -> None:
    """Drop what this process has counted."""
    with _lock:
        _here.clear()


def budget(act: str) -> tuple[int, int]:
    """Return how many uses in how many seconds an act has.

    Raises:
        KeyError: the settings know no such act or span.
    """
    most, _per, span = settings.LIANQI_RATE_LIMITS[act].partition("/")
    return int(most), SECONDS[span]


@transaction.atomic
def _count(key: str, span: int, ends: int) -> int:
    """Add one in a single UPDATE, so that two at once are never counted as one; return one's own."""
    counted = RateCount.objects.filter(key=key, span=span)
    if not counted.update(used=F("used") + 1):
        try:
            with transaction.atomic():
                ends_at = datetime.fromtimestamp(ends, UTC)
                RateCount.objects.create(key=key, span=span, ends_at=ends_at, used=1)
        except IntegrityError:
            counted.update(used=F("used") + 1)
    return counted.values_list("used", flat=True).get()


def forget_old_counts() -> int:
    """Remove the counts of spans that are over; return how many."""
    return RateCount.objects.filter(ends_at__lt=now()).delete()[0]
