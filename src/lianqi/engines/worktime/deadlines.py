"""Deadlines: due, amber and red moments of a limit with pauses and extensions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal

from lianqi.engines.worktime import explanation as say
from lianqi.engines.worktime.explanation import ExplanationLine
from lianqi.engines.worktime.hours import at, local_time
from lianqi.engines.worktime.limits import Extension, Limit, Pause, Unit

if TYPE_CHECKING:
    from lianqi.engines.worktime.calendar import Calendar

LAST_MINUTE = time(23, 59)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Deadline:
    """Three aware Asia/Shanghai moments, and the lines that explain them."""

    due_at: datetime
    amber_at: datetime
    red_at: datetime
    explanation: tuple[ExplanationLine, ...]


def light(now: datetime, amber_at: datetime, red_at: datetime) -> Literal["green", "amber", "red"]:
    """Return the light at that moment; the moments themselves already count."""
    if now >= red_at:
        return "red"
    return "amber" if now >= amber_at else "green"


@dataclass(frozen=True)
class _Course:
    """One limit running from one start: how far it reaches, how much time passes."""

    calendar: "Calendar"
    start: datetime
    limit: Limit
    extension_days: int
    lead_days: int

    @property
    def in_hours(self) -> bool:
        return self.limit.unit == Unit.WORKING_HOUR

    def days_to_go(self, paused: int) -> int:
        """Days from start to due date, before the floor of one day."""
        return self.limit.size + self.extension_days + paused - self.lead_days

    def due_at(self, paused: int) -> datetime:
        """When the limit ends, ``paused`` being days, or minutes for working hours."""
        calendar, day = self.calendar, self.start.date()
        if self.in_hours:
            due = calendar.add_working_minutes(self.start, self.limit.size + paused)
            return at(calendar.add_working_days(due.date(), self.extension_days), due.time())
        days = max(1, self.days_to_go(paused))
        if self.limit.unit == Unit.CALENDAR_DAY:
            return at(day + days * ONE_DAY, LAST_MINUTE)
        return calendar.end_of_day(calendar.add_working_days(day, days))

    def time_between(self, a: datetime, b: datetime) -> int:
        """How much of a pause counts: days after the first, or office minutes."""
        if b <= a:
            return 0
        if self.in_hours:
            return self.calendar.working_minutes_between(a, b)
        if self.limit.unit == Unit.CALENDAR_DAY:
            return (b.date() - a.date()).days
        return self.calendar.working_days_between(a.date(), b.date())

    def amber_at(self, due_at: datetime) -> datetime:
        """Half of the office time gone, or the morning of the working day before."""
        calendar = self.calendar
        if self.in_hours:
            whole = calendar.working_minutes_between(self.start, due_at)
            return calendar.add_working_minutes(self.start, whole // 2)
        first, due = self.start.date(), due_at.date()
        worked_before_due = (
            calendar.working_days_between(first, due)
            + calendar.is_working_day(first)
            - calendar.is_working_day(due)
        )
        if worked_before_due:
            eve = calendar.start_of_day(calendar.add_working_days(due, -1))
            if eve >= self.start:
                return eve
        return calendar.start_of_day(due)

    def red_at(self, due_at: datetime) -> datetime:
        """The due moment itself, or midnight of the next working day."""
        if self.in_hours:
            return due_at
        return at(self.calendar.add_working_days(due_at.date(), 1), time.min)


def compute_deadline(
    calendar: "Calendar",
    start: datetime,
    limit: Limit,
    *,
    pauses: tuple[Pause, ...],
    extensions: tuple[Extension, ...],
    lead_days: int,
    now: datetime | None,
) -> Deadline:
    """Work out a deadline; see ``Calendar.deadline``."""
    if lead_days < 0:
        raise ValueError(f"协办提前天数不能为负数，现为 {lead_days}。")
    extension_days = sum(extension.days for extension in extensions)
    course = _Course(calendar, local_time(start), limit, extension_days, lead_days)
    paused, pause_lines = _count_pauses(course, pauses, now)
    due_at = course.due_at(paused)
    lines = [
        say.start_line(course.start, _first_moment(course), limit.unit),
        say.limit_line(limit),
        *_rest_lines(course, due_at),
        *pause_lines,
        *(say.extension_line(extension, limit.unit) for extension in extensions),
    ]
    if lead_days:
        lines.append(say.lead_line(lead_days, limit.unit, floored=course.days_to_go(paused) < 1))
    lines.append(say.result_line(due_at))
    return Deadline(due_at, course.amber_at(due_at), course.red_at(due_at), tuple(lines))


def compute_fixed_day(calendar: "Calendar", day: date, start: datetime) -> Deadline:
    """Work out the deadline of a day that is named; see ``Calendar.fixed_day``."""
    begun = local_time(start)
    eve = calendar.add_working_days(day, -1)
    due_at = calendar.end_of_day(day)
    lines = [say.arisen_line(begun), say.fixed_line(day)]
    if not calendar.is_working_day(day):
        lines.append(say.unmoved_line(day, eve))
    lines.append(say.result_line(due_at))
    return Deadline(due_at, calendar.start_of_day(eve), at(day + ONE_DAY, time.min), tuple(lines))


def _count_pauses(
    course: _Course, pauses: tuple[Pause, ...], now: datetime | None
) -> tuple[int, list[ExplanationLine]]:
    """Add up the pauses in order of time, counting days that two of them share once."""
    paused = 0
    counted_until = course.start
    lines: list[ExplanationLine] = []
    for pause in sorted(pauses, key=lambda one: one.began):
        began, ended = local_time(pause.began), _end_of(pause, now)
        if began > course.due_at(paused):
            # A matter already late does not become punctual by being paused.
            kept = "暂停时已超过期限，不顺延"
        else:
            gained = course.time_between(max(began, counted_until), ended)
            paused += gained
            counted_until = max(counted_until, ended)
            kept = f"顺延{say.count_text(gained, course.limit.unit)}"
        lines.append(say.pause_line(pause, began, ended, kept))
    return paused, lines


def _end_of(pause: Pause, now: datetime | None) -> datetime:
    if pause.ended is not None:
        return local_time(pause.ended)
    if now is None:
        raise ValueError(f"暂停（{pause.reason}）尚未结束，计算期限须给出当前时间 now。")
    return max(local_time(pause.began), local_time(now))


def _first_moment(course: _Course) -> datetime:
    if course.in_hours:
        return course.calendar.next_working_moment(course.start)
    return course.start


def _rest_lines(course: _Course, due_at: datetime) -> Iterator[ExplanationLine]:
    if course.limit.unit == Unit.CALENDAR_DAY:
        return iter([say.natural_line()])
    # Hours may begin on the start day itself; days never count it.
    first = course.start.date() if course.in_hours else course.start.date() + ONE_DAY
    return say.passed_lines(course.calendar.passed(first, due_at.date()))
