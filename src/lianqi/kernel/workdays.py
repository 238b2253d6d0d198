"""The district's own working calendar: dated rows poured into the worktime engine."""

from datetime import date, time

from django.db import transaction

from lianqi.engines.worktime import Calendar, OfficeHours
from lianqi.engines.worktime.official import official_days
from lianqi.kernel.clock import today
from lianqi.kernel.models import CalendarDay, OfficeHoursRow
from lianqi.kernel.models.calendar import DayKind
from lianqi.kernel.revisions import Kept, raise_revision

CALENDAR_SOURCE = "国务院办公厅节假日安排通知"
HOURS_SOURCE = "建议值，原文未规定；按本区作息调整"


def _calendars_from_rows() -> list[tuple[date, Calendar]]:
    """Build the calendar once, and a copy for each day on which other office hours begin."""
    rows = list(CalendarDay.objects.values_list("date", "kind", "name"))
    days = Calendar(
        days={day: kind == DayKind.SHIFTED for day, kind, _ in rows},
        years={day.year for day, _, _ in rows},
        names={day: name for day, _, name in rows},
    )
    dated = OfficeHoursRow.objects.order_by("-effective_from")
    return [
        *((row.effective_from, days.with_hours(office_hours(row))) for row in dated),
        (date.min, days),
    ]


def office_hours(row: OfficeHoursRow) -> OfficeHours:
    """Return a row of office hours as the engine wants it."""
    return OfficeHours(
        spans=(
            (row.morning_start, row.morning_end),
            (row.afternoon_start, row.afternoon_end),
        )
    )


_kept = Kept("calendar", _calendars_from_rows)


def calendar() -> Calendar:
    """Return the calendar with today's hours; a year without rows raises LookupError if asked."""
    day = today()
    return next(dated for since, dated in _kept.get() if since <= day)


def forget_calendar() -> None:
    """Drop the calendar kept in memory."""
    _kept.forget()


@transaction.atomic
def fill_calendar() -> int:
    """Fill an empty calendar from the State Council data; return how many days were added."""
    if CalendarDay.objects.exists():
        return 0
    days, names = official_days()
    rows = [
        CalendarDay(
            date=day,
            kind=DayKind.SHIFTED if working else DayKind.OFF,
            name=names.get(day, ""),
            source=CALENDAR_SOURCE,
        )
        for day, working in sorted(days.items())
    ]
    CalendarDay.objects.bulk_create(rows)
    if not OfficeHoursRow.objects.exists():
        OfficeHoursRow.objects.create(
            morning_start=time(8, 30),
            morning_end=time(12, 0),
            afternoon_start=time(14, 0),
            afternoon_end=time(17, 30),
            effective_from=date(2020, 1, 1),
            source=HOURS_SOURCE,
        )
    raise_revision("calendar")
    return len(rows)
