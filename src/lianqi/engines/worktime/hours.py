"""Office hours of one day, and wall-clock time in China."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
MICROSECOND = timedelta(microseconds=1)
MINUTE = 60_000_000  # in microseconds, the unit of all inner arithmetic

Span = tuple[time, time]


@dataclass(frozen=True)
class OfficeHours:
    """The spans of a working day, in order, not overlapping, Asia/Shanghai wall time.

    Raises:
        ValueError: no span, a span that ends before it begins, or spans out of order.
    """

    spans: tuple[Span, ...] = ((time(8, 30), time(12)), (time(14), time(17, 30)))

    def __post_init__(self) -> None:
        """Check the spans."""
        if not self.spans:
            raise ValueError("办公时间不能为空，请至少填写一个时段，如 8:30-12:00。")
        for begin, end in self.spans:
            if begin.tzinfo or end.tzinfo:
                raise ValueError("办公时间按北京时间填写，不带时区。")
            if begin >= end:
                raise ValueError(f"办公时段 {_span_text(begin, end)} 的结束时间应晚于开始时间。")
        for earlier, later in pairwise(self.spans):
            if later[0] < earlier[1]:
                raise ValueError(
                    f"办公时段 {_span_text(*earlier)} 与 {_span_text(*later)} 重叠或顺序颠倒，"
                    "请按时间先后填写。"
                )

    @property
    def opening(self) -> time:
        """When the day begins."""
        return self.spans[0][0]

    @property
    def closing(self) -> time:
        """When the day ends."""
        return self.spans[-1][1]

    @cached_property
    def offsets(self) -> tuple[tuple[int, int], ...]:
        """The spans in microseconds since midnight."""
        return tuple((since_midnight(begin), since_midnight(end)) for begin, end in self.spans)

    @cached_property
    def day_length(self) -> int:
        """The working time of one day in microseconds."""
        return sum(end - begin for begin, end in self.offsets)

    def worked_before(self, clock: int) -> int:
        """Return the working time of the day that lies before the clock time."""
        return sum(max(0, min(clock, end) - begin) for begin, end in self.offsets)

    def clock_when(self, worked: int) -> int:
        """Return the earliest clock time with that much worked, 0 < worked <= day_length."""
        clock = 0
        for begin, end in self.offsets:
            if worked > 0:
                clock = min(end, begin + worked)
                worked -= end - begin
        return clock


def local_time(moment: datetime) -> datetime:
    """Return the moment in Asia/Shanghai.

    Raises:
        ValueError: the datetime carries no time zone.
    """
    if moment.utcoffset() is None:
        raise ValueError(f"时间 {moment:%Y-%m-%d %H:%M} 不带时区，请传入带时区的时间。")
    return moment.astimezone(SHANGHAI)


def at(day: date, clock: time) -> datetime:
    """Return that wall-clock time in Asia/Shanghai."""
    return datetime.combine(day, clock, SHANGHAI)


def since_midnight(clock: time) -> int:
    """Return the clock time in microseconds since midnight."""
    seconds = clock.hour * 3600 + clock.minute * 60 + clock.second
    return seconds * 1_000_000 + clock.microsecond


def _span_text(begin: time, end: time) -> str:
    return f"{begin:%H:%M}-{end:%H:%M}"
