"""Filings of changed leaders and liaisons: lists, timeline, clock and lateness."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from lianqi.engines.worktime import Deadline
from lianqi.kernel.clock import SHANGHAI
from lianqi.kernel.limits import time_limit
from lianqi.kernel.models import Duty, JournalEntry
from lianqi.kernel.models.duty import DutyState
from lianqi.kernel.workdays import calendar
from lianqi.organisation.access import visible_roster_changes
from lianqi.organisation.enums import RosterChangeState
from lianqi.organisation.models import Appointment, RosterChange, Unit, User

FILING_LIMIT = "roster.file"


def roster_change_rows(user: User, *, state: str = "", text: str = "") -> QuerySet[RosterChange]:
    """Return the filings this person may see; every relation that a row prints is loaded."""
    rows = visible_roster_changes(user).select_related("unit", "predecessor")
    if state in RosterChangeState.values:
        rows = rows.filter(state=state)
    if text:
        found = rows.filter(unit__name__icontains=text)
        rows = found | rows.filter(successor_name__icontains=text) | rows.filter(number=text)
    return rows


def filing_deadline(effective_on: date) -> Deadline | None:
    """Return by when a change of that day had to be filed (suggested limit of A1-R-3).

    None if the calendar has no data for the day's year.
    """
    started = datetime.combine(effective_on, time(8, 30), tzinfo=SHANGHAI)
    try:
        return calendar().deadline(started, time_limit(FILING_LIMIT).limit)
    except LookupError:
        return None


def filed_late(effective_on: date, moment: datetime) -> bool:
    """Whether a filing at that moment came after the limit."""
    limit = filing_deadline(effective_on)
    return limit is not None and moment >= limit.red_at


def live_duty(change: RosterChange) -> Duty | None:
    """Return what is owed on the filing now."""
    return Duty.objects.about(change).filter(state=DutyState.OPEN).first()


@dataclass(frozen=True)
class Happening:
    """A journal line as the timeline shows it."""

    at: datetime
    label: str
    actor_label: str
    text: str
    attachments: tuple[Any, ...] = ()
    tone: str = "grey"


def happenings(change: RosterChange) -> list[Happening]:
    """Return what happened to the filing, in order."""
    lines = JournalEntry.objects.about(change).order_by("seq")
    return [Happening(line.at, line.label, line.actor_label, line.text) for line in lines]


def units_one_speaks_for(user: User) -> QuerySet[Unit]:
    """Return the units whose leader or liaison this person is now."""
    held = Appointment.objects.in_force().filter(
        user=user, body=None, post__in=["leader", "liaison"], unit=OuterRef("pk")
    )
    return Unit.objects.filter(Exists(held))
