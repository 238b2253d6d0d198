"""The settings pages: limits with their history, the calendar of a year, office hours."""

import calendar as weeks
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianqi.kernel.clock import today
from lianqi.kernel.models import CalendarDay, OfficeHoursRow, TimeLimit
from lianqi.kernel.models.calendar import DayKind
from lianqi.kernel.models.limits import LimitSource

# From this month on the State Council's notice for the next year is usually out.
NOTICE_MONTH = 11
TONES = {LimitSource.TEXT: "blue", LimitSource.SUGGESTED: "amber", LimitSource.DECIDED: "green"}
WORDS = {
    LimitSource.TEXT: _("原文"),
    LimitSource.SUGGESTED: _("建议值"),
    LimitSource.DECIDED: _("本区决定"),
}


@dataclass
class LimitLine:
    """A limit as it is today, what will follow, and what went before."""

    key: str
    now: TimeLimit | None = None
    coming: list[TimeLimit] = field(default_factory=list)
    before: list[TimeLimit] = field(default_factory=list)

    @property
    def shown(self) -> TimeLimit:
        """Return the row that names the limit: today's, else the first to come."""
        return self.now or self.coming[-1]

    @property
    def word(self) -> str:
        """Return where the value comes from, in a word."""
        return str(WORDS[LimitSource(self.shown.source)])

    @property
    def tone(self) -> str:
        """Return the colour of the word."""
        return TONES[LimitSource(self.shown.source)]

    @property
    def rows(self) -> list[TimeLimit]:
        """Return all rows, newest first."""
        return [*self.coming, *([self.now] if self.now else []), *self.before]


def limit_lines(key: str = "") -> list[LimitLine]:
    """Return every limit (or the one named) with its dated rows."""
    rows = TimeLimit.objects.select_related("set_by").order_by("key", "-effective_from")
    found: dict[str, LimitLine] = {}
    for row in rows.filter(key=key) if key else rows:
        line = found.setdefault(row.key, LimitLine(row.key))
        if row.effective_from > today():
            line.coming.append(row)
        elif line.now is None:
            line.now = row
        else:
            line.before.append(row)
    return list(found.values())


@dataclass(frozen=True)
class DayCell:
    """A day in the calendar of a year; ``number`` 0 is the empty place before or after a month."""

    number: int
    kind: str = ""
    name: str = ""
    pk: int = 0

    @property
    def mark(self) -> str:
        """Return 休 or 班 for a day set apart."""
        return {DayKind.OFF: gettext("休"), DayKind.SHIFTED: gettext("班")}.get(self.kind, "")  # type: ignore[call-overload]


@dataclass(frozen=True)
class Month:
    """A month as weeks from Monday to Sunday."""

    number: int
    weeks: list[list[DayCell]]


def year_months(year: int) -> list[Month]:
    """Return the twelve months of a year with their days off and shifted working days."""
    rows = {row.date: row for row in CalendarDay.objects.filter(date__year=year)}
    cells: dict[int, list[list[DayCell]]] = defaultdict(list)
    for month in range(1, 13):
        for week in weeks.Calendar(weeks.MONDAY).monthdatescalendar(year, month):
            cells[month].append([_cell(day, month, rows.get(day)) for day in week])
    return [Month(month, cells[month]) for month in range(1, 13)]


def _cell(day: date, month: int, row: CalendarDay | None) -> DayCell:
    if day.month != month:
        return DayCell(0)
    if row:
        return DayCell(day.day, row.kind, row.name, row.pk)
    return DayCell(day.day, "weekend" if day.weekday() >= weeks.SATURDAY else "")


def days_set_apart(year: int) -> list[CalendarDay]:
    """Return the days of a year that depart from the plain week, in order."""
    return list(CalendarDay.objects.filter(date__year=year).order_by("date"))


def maintained_years() -> list[int]:
    """Return the years that have calendar data."""
    return sorted({day.year for day in CalendarDay.objects.dates("date", "year")})


def missing_years() -> list[int]:
    """Return the years due by now without data: this one, from November on the next."""
    day = today()
    wanted = [day.year, day.year + 1] if day.month >= NOTICE_MONTH else [day.year]
    known = set(maintained_years())
    return [year for year in wanted if year not in known]


def hours_rows() -> list[OfficeHoursRow]:
    """Return the office hours, newest first."""
    return list(OfficeHoursRow.objects.all())
