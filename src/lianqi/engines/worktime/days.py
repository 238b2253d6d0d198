"""Which days are worked: a table of working-day numbers, searched by bisection."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

NO_NAMES: Mapping[date, str] = MappingProxyType({})
SATURDAY = 5


class CalendarNotMaintainedError(LookupError):
    """A year without data was asked for; nothing is ever guessed from Monday to Friday."""

    def __init__(self, year: int) -> None:
        """Keep the year, so that a page can offer to enter it."""
        super().__init__(
            f"日历未维护：{year}年没有节假日和调休数据，无法计算工作日。"
            "请到 系统管理-工作日历 录入后再办理。"
        )
        self.year = year


@dataclass(frozen=True)
class Holiday:
    """Rest days in a row under one name, first and last included."""

    name: str
    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days the row has."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Passed:
    """What lies between two dates, as an explanation needs it."""

    weekend_days: int
    holidays: tuple[Holiday, ...]
    shifted: tuple[tuple[date, str], ...]


class WorkingDays:
    """The maintained years, each day of them worked or not."""

    def __init__(
        self,
        days: Mapping[date, bool],
        years: Collection[int],
        names: Mapping[date, str] = NO_NAMES,
    ) -> None:
        """Take the exceptions to Monday-Friday (True: worked) of the maintained years.

        Exceptions outside ``years`` are left out: their year as a whole is not known.
        """
        self.years = frozenset(years)
        exceptions = {d.toordinal(): worked for d, worked in days.items() if d.year in self.years}
        self._names = {d.toordinal(): name for d, name in names.items()}
        self._working = [n for n in _ordinals(self.years) if exceptions.get(n, _weekday(n))]
        self._working_set = frozenset(self._working)
        self._holidays = sorted(n for n, worked in exceptions.items() if not worked)
        self._shifted = sorted(n for n, worked in exceptions.items() if worked and not _weekday(n))

    def is_working_day(self, day: date) -> bool:
        """Tell whether the offices work on that day.

        Raises:
            CalendarNotMaintainedError: the year has no data.
        """
        return self._ordinal(day) in self._working_set

    def add_working_days(self, day: date, n: int) -> date:
        """Return the n-th working day after ``day``, which itself is not counted.

        A negative ``n`` counts back, 0 returns ``day`` unchanged.

        Raises:
            CalendarNotMaintainedError: a year on the way has no data.
        """
        ordinal = self._ordinal(day)
        if n == 0:
            return day
        forward = bisect_right(self._working, ordinal) + n - 1
        back = bisect_left(self._working, ordinal) + n
        return self._working_day(forward if n > 0 else back, day.year)

    def working_days_between(self, a: date, b: date) -> int:
        """Count the working days d with a < d <= b; negative when b is before a.

        Raises:
            CalendarNotMaintainedError: a year from a to b has no data.
        """
        first, last = self._ordinal(a), self._ordinal(b)
        self._require(a.year, b.year)
        return bisect_right(self._working, last) - bisect_right(self._working, first)

    def passed(self, first: date, last: date) -> Passed:
        """List weekends, holidays and shifted working days from first to last, both included."""
        begin, end = first.toordinal(), last.toordinal() + 1
        holidays = _between(self._holidays, begin, end)
        rest = end - begin - len(_between(self._working, begin, end))
        return Passed(
            weekend_days=rest - len(holidays),
            holidays=tuple(self._rows(holidays)),
            shifted=tuple(
                (date.fromordinal(n), self._names.get(n, ""))
                for n in _between(self._shifted, begin, end)
            ),
        )

    def _rows(self, ordinals: list[int]) -> Iterator[Holiday]:
        """Join days in a row that bear the same name."""
        begin = 0
        for i, n in enumerate(ordinals):
            name = self._name(n)
            following = ordinals[i + 1] if i + 1 < len(ordinals) else None
            if following != n + 1 or self._name(following) != name:
                yield Holiday(name, date.fromordinal(ordinals[begin]), date.fromordinal(n))
                begin = i + 1

    def _name(self, ordinal: int) -> str:
        return self._names.get(ordinal) or "放假"

    def _working_day(self, index: int, from_year: int) -> date:
        """Return the working day at that place of the table, reached from ``from_year``."""
        if not 0 <= index < len(self._working):
            step = 1 if index > 0 else -1
            while from_year in self.years:
                from_year += step
            raise CalendarNotMaintainedError(from_year)
        day = date.fromordinal(self._working[index])
        self._require(from_year, day.year)
        return day

    def _ordinal(self, day: date) -> int:
        # A datetime is a date to Python, but its date depends on its zone.
        if isinstance(day, datetime):
            raise TypeError("工作日按日期（date）计算，请先把时间（datetime）换算成当地日期。")
        if day.year not in self.years:
            raise CalendarNotMaintainedError(day.year)
        return day.toordinal()

    def _require(self, a: int, b: int) -> None:
        """Refuse gaps: years between two known ones may be unknown."""
        for year in range(min(a, b), max(a, b) + 1):
            if year not in self.years:
                raise CalendarNotMaintainedError(year)


def _ordinals(years: Iterable[int]) -> Iterator[int]:
    for year in sorted(years):
        yield from range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)


def _weekday(ordinal: int) -> bool:
    """Tell whether the day is Monday to Friday (ordinal 1 was a Monday)."""
    return (ordinal - 1) % 7 < SATURDAY


def _between(ordinals: list[int], begin: int, end: int) -> list[int]:
    return ordinals[bisect_left(ordinals, begin) : bisect_left(ordinals, end)]
