"""Leases: which process has a job or a message in hand, for how long, and how it keeps it.

A lease is short and renewed by the holder's heartbeat, so that what a killed worker had in hand is
taken up by the next one within a minute; it is counted as begun when it is claimed, so that what
kills its worker cannot do so for ever.
"""

import os
import secrets
import socket
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from lianqi.kernel.clock import now
from lianqi.kernel.models import JobState, OutboxMessage

LEASE = timedelta(seconds=settings.LIANQI_LEASE_SECONDS)
# How far two clocks may differ before we say that one of them was set back.
SLACK = timedelta(minutes=5)
# A process number alone comes again: every container's first process is number 1.
_DRAWN = secrets.token_hex(4)
_in_hand: list[float] = []


def process_name() -> str:
    """Return machine and number of this process, as the jobs page lists it."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}"


def holder() -> str:
    """Return the name under which this process, and no later one, holds leases."""
    return f"{process_name()}:{_DRAWN}"


def unheld(moment: datetime) -> Q:
    """Return the condition on rows that nobody holds at this moment.

    A lease that ends later than any could was written before the clock was set back.
    """
    impossible = moment + LEASE + SLACK
    return Q(leased_until=None) | Q(leased_until__lt=moment) | Q(leased_until__gt=impossible)


def take_in_hand() -> None:
    """Note when this process took up what it is doing now."""
    _in_hand[:] = [time.monotonic()]


def put_down() -> None:
    """Note that this process has nothing in hand."""
    _in_hand.clear()


def seconds_in_hand() -> float:
    """Return for how long this process has been at one piece; 0 if it has none in hand."""
    return time.monotonic() - _in_hand[0] if _in_hand else 0.0


def renew_leases() -> None:
    """Keep what this process has in hand for another while."""
    for model in (JobState, OutboxMessage):
        held = model.objects.filter(leased_by=holder(), leased_until__isnull=False)
        if held.exists():
            held.update(leased_until=now() + LEASE)
