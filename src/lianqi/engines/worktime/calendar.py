"""The working calendar: days, office hours, working minutes, deadlines."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from copy import copy
from datetime import date, datetime, time
from functools import cache
from typing import Self

from lianqi.engines.worktime.days import NO_NAMES, WorkingDays
from lianqi.engines.worktime.deadlines import Deadline, compute_deadline, compute_fixed_day
from lianqi.engines.worktime.hours import (
    MICROSECOND,
    MINUTE,
    OfficeHours,
    at,
    local_time,
    since_midnight,
)
from lianqi.engines.worktime.limits import Extension, Limit, Pause
from lianqi.engines.worktime.official import official_days

DEFAULT_HOURS = OfficeHours()


class Calendar(WorkingDays):
    """Working days with office hours; unchanging, so one object may serve all threads."""

    def __init__(
        self,
        days: Mapping[date, bool],
        years: Collection[int],
        hours: OfficeHours = DEFAULT_HOURS,
        names: Mapping[date, str] = NO_NAMES,
    ) -> None:
        """Take the exceptions to Monday-Friday: True for a worked day, False for a rest day.

        ``names`` (国庆节, 调休上班) are only used in explanations.
        """
        super().__init__(days, years, names)
        self.hours = hours

    @classmethod
    def official(cls) -> "Calendar":
        """Return the State Council calendar 2020-2026 with default office hours."""
        return _official()

    def with_hours(self, hours: OfficeHours) -> Self:
        """Return the same days with other office hours."""
        other = copy(self)
        other.hours = hours
        return other

    def start_of_day(self, day: date) -> datetime:
        """Return when offices open, whether or not the day is worked."""
        return at(day, self.hours.opening)

    def end_of_day(self, day: date) -> datetime:
        """Return the end of the last office span, whether or not the day is worked."""
        return at(day, self.hours.closing)

    def next_working_moment(self, moment: datetime) -> datetime:
        """Return the moment itself within office hours, else the next opening.

        Raises:
            ValueError: the datetime carries no time zone.
            CalendarNotMaintainedError: a needed year has no data.
        """
        now = local_time(moment)
        if self.is_working_day(now.date()):
            clock = now.time()
            for begin, end in self.hours.spans:
                if clock < end:
                    return max(now, at(now.date(), begin))
        return self.start_of_day(self.add_working_days(now.date(), 1))

    def add_working_minutes(self, start: datetime, minutes: int) -> datetime:
        """Return the earliest moment when that many office minutes have passed.

        0 returns ``start`` itself.

        Raises:
            ValueError: minutes below 0, or a datetime without time zone.
            CalendarNotMaintainedError: a year on the way has no data.
        """
        begin = local_time(start)
        if minutes < 0:
            raise ValueError(f"工作分钟数不能为负数，现为 {minutes}。")
        if minutes == 0:
            return begin
        target = self._worked_until(begin) + minutes * MINUTE
        index, rest = divmod(target - 1, self.hours.day_length)
        day = self._working_day(index, begin.year)
        return at(day, time.min) + self.hours.clock_when(rest + 1) * MICROSECOND

    def working_minutes_between(self, a: datetime, b: datetime) -> int:
        """Count the whole office minutes from a to b; negative when b is before a.

        Raises:
            ValueError: a datetime without time zone.
            CalendarNotMaintainedError: a year from a to b has no data.
        """
        first, last = local_time(a), local_time(b)
        if last < first:
            return -self.working_minutes_between(b, a)
        self._require(first.year, last.year)
        return (self._worked_until(last) - self._worked_until(first)) // MINUTE

    def deadline(
        self,
        start: datetime,
        limit: Limit,
        *,
        pauses: Iterable[Pause] = (),
        extensions: Iterable[Extension] = (),
        lead_days: int = 0,
        now: datetime | None = None,
    ) -> Deadline:
        """Say when a duty is due, when it turns amber and red, and why.

        The start day is never counted. ``lead_days`` brings the date of a co-handler forward
        (协办提前); ``now`` is needed, and used, only for a pause that has not ended.

        Raises:
            ValueError: no time zone, an open pause without ``now``, negative ``lead_days``.
            CalendarNotMaintainedError: a year on the way has no data.
        """
        return compute_deadline(
            self,
            start,
            limit,
            pauses=tuple(pauses),
            extensions=tuple(extensions),
            lead_days=lead_days,
            now=now,
        )

    def fixed_day(self, day: date, start: datetime) -> Deadline:
        """Say when a duty with a named day is due; ``start`` is when it arose.

        The day is never moved, not even if it is a rest day: targets of work plans are not legal
        periods (民法典第203条 does not apply). Amber begins with the working day before, red
        with the calendar day after.

        Raises:
            ValueError: a datetime without time zone.
            CalendarNotMaintainedError: the year of the day, or of the day before, has no data.
        """
        return compute_fixed_day(self, day, start)

    def _worked_until(self, moment: datetime) -> int:
        """Return the working time from the first known day to the moment, in microseconds."""
        ordinal = self._ordinal(moment.date())
        index = bisect_left(self._working, ordinal)
        worked = index * self.hours.day_length
        if ordinal in self._working_set:
            worked += self.hours.worked_before(since_midnight(moment.time()))
        return worked


@cache
def _official() -> Calendar:
    days, names = official_days()
    return Calendar(days, {day.year for day in days}, names=names)
