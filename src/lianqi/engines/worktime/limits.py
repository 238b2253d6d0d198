"""What a time limit is made of: amount and unit, pauses, extensions."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from lianqi.engines.worktime.hours import local_time

MINUTES_PER_HOUR = 60


class Unit(StrEnum):
    """What a limit counts."""

    WORKING_DAY = "working_day"
    WORKING_HOUR = "working_hour"
    CALENDAR_DAY = "calendar_day"

    @property
    def label(self) -> str:
        """The Chinese word."""
        return {"working_day": "工作日", "working_hour": "工作小时", "calendar_day": "自然日"}[self]


@dataclass(frozen=True)
class Limit:
    """A time limit such as 5 working days.

    Raises:
        ValueError: unknown unit, an amount that is not above 0, parts of a day or of a minute.
    """

    amount: int | Decimal
    unit: Unit

    def __post_init__(self) -> None:
        """Check the amount, accept the unit as plain text."""
        if self.unit not in set(Unit):
            raise ValueError(
                f"时限单位“{self.unit}”不认识，应为 working_day、working_hour 或 calendar_day。"
            )
        object.__setattr__(self, "unit", Unit(self.unit))
        # A float would bring 0.1 + 0.2 into a legal date; NaN and infinity are no limits either.
        if not isinstance(self.amount, int | Decimal) or not Decimal(self.amount).is_finite():
            raise ValueError(f"时限数量应为整数或 Decimal，现为 {self.amount!r}。")
        if self.amount <= 0:
            raise ValueError(f"时限应大于0，现为 {self.amount}。要求当日办结的，请按工作小时设定。")
        if self._scaled() != int(self._scaled()):
            raise ValueError(
                f"时限 {self.amount} 无法计算：按日计的应为整数，按工作小时计的应能折成整分钟。"
            )

    @property
    def size(self) -> int:
        """The limit in days, or in minutes when it is in working hours."""
        return int(self._scaled())

    @property
    def text(self) -> str:
        """The limit in words, as 5个工作日."""
        return f"{Decimal(self.amount).normalize():f}个{self.unit.label}"

    def _scaled(self) -> int | Decimal:
        hours = self.unit == Unit.WORKING_HOUR
        return self.amount * MINUTES_PER_HOUR if hours else self.amount


@dataclass(frozen=True)
class Pause:
    """The clock stood still from ``began`` to ``ended`` (None: it still does).

    Raises:
        ValueError: a time without zone, or an end before the beginning.
    """

    began: datetime
    ended: datetime | None
    reason: str

    def __post_init__(self) -> None:
        """Check the order."""
        began = local_time(self.began)
        if self.ended is not None and local_time(self.ended) < began:
            raise ValueError(
                f"暂停的结束时间 {local_time(self.ended):%Y-%m-%d %H:%M} "
                f"早于开始时间 {began:%Y-%m-%d %H:%M}，请核对。"
            )


@dataclass(frozen=True)
class Extension:
    """Days granted on top of the limit: working days, or natural days for a calendar-day limit.

    Raises:
        ValueError: fewer than one day.
    """

    days: int
    reason: str
    granted_on: date

    def __post_init__(self) -> None:
        """Check the number."""
        if self.days < 1:
            raise ValueError(f"延期至少1天，现为 {self.days}。")
