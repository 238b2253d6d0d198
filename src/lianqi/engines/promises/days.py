"""Days named in Chinese prose, read as the last day that the words can mean."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

AddWorkingDays = Callable[[date, int], date]
# A month without a year that is over means next year's only if that lies this near.
NEAR_DAYS = 184
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_N = r"(?:\d{1,3}|[零〇一二两三四五六七八九十百]{1,5})"
_PART = r"(?:上旬|中旬|下旬|初|底|末|内|份)?"
_YEAR = r"(?:(?P<year>20\d\d)年|(?P<which>今年|本年|明年|后年|来年))?"
_YEAR_END = r"(?:底|末|内|终|度内)"
_DAY_OF_PART = {"上旬": 10, "初": 10, "中旬": 20}
_WEEKDAYS = {day: number for number, day in enumerate("一二三四五六", 1)} | {"日": 7, "天": 7}
_YEARS_ON = {"明年": 1, "来年": 1, "后年": 2}

PATTERNS: tuple[tuple[str, str], ...] = (
    ("half_month", r"(?P<n>半)个?月(?:之内|以内|内)"),
    ("half_year", r"(?P<n>半)年(?:之内|以内|内)"),
    ("iso", r"(?P<y>20\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)"),
    ("day", rf"{_YEAR}(?P<m>{_N})月份?(?P<d>{_N})[日号]"),
    ("quarter", rf"{_YEAR}第?(?P<q>[一二三四1-4])季度(?:底|末|内)?"),
    ("half", rf"{_YEAR}(?P<half>上半年|下半年)"),
    ("month", rf"{_YEAR}(?P<m>{_N})月(?P<part>{_PART})"),
    ("year_end", rf"(?:(?P<year>20\d\d)年?|(?P<which>今年|本年|明年|后年|来年|当年))?"
                 rf"(?P<end>(?<=年){_YEAR_END}|年{_YEAR_END})"),
    ("day_of_month", rf"(?P<rel>本月|当月|这个月|下个月|下月|次月)(?P<d>{_N})[日号]"),
    ("month_named", r"(?P<rel>本月|当月|这个月|下个月|下月|次月|(?<![\d一二三四五六七八九十个])月)"
                    r"(?P<part>上旬|中旬|下旬|初|底|末|内)"),
    ("weekday", r"(?P<rel>本周|这周|下下周|下周|本星期|下星期)(?P<d>[一二三四五六日天])"),
    ("week", r"(?P<rel>本周|这周|下下周|下周|本星期|下星期)(?:内|底|末|之内)?"),
    ("bare_weekday", r"(?<![上本这下])(?:周|星期)(?P<d>[一二三四五六日天])"),
    ("working_days", rf"(?P<n>{_N})个?工作日(?:之内|以内|内)"),
    ("months", rf"(?P<n>{_N})个月(?:之内|以内|内)"),
    ("weeks", rf"(?P<n>{_N})个?(?:周|星期)(?:之内|以内|内)"),
    ("years", rf"(?P<n>{_N})年(?:之内|以内|内)"),
    ("days", rf"(?P<n>{_N})(?:个自然日|天|日)(?:之内|以内|内)"),
    ("near", r"(?P<near>今天|今日|当天|当日|明天|明日|后天)"),
)  # fmt: skip
_COMPILED = [(name, re.compile(pattern)) for name, pattern in PATTERNS]


@dataclass(frozen=True)
class NamedDay:
    """A day named in a text: where it stands, the last day it can mean, and what is doubtful.

    ``day`` is None if the words name no day of the calendar.
    """

    start: int
    end: int
    words: str
    day: date | None
    warning: str = ""


def named_days(
    text: str, written_on: date, add_working_days: AddWorkingDays | None = None
) -> list[NamedDay]:
    """Return the days named in a text in their order, the longest reading of each place.

    ``add_working_days(day, n)`` reckons working days; it may raise LookupError for a year whose
    calendar is not known.
    """
    taken: list[NamedDay] = []
    for name, pattern in _COMPILED:
        for found in pattern.finditer(text):
            if not found.group().strip() or _overlaps(taken, found):
                continue
            taken.append(_read(name, found, written_on, add_working_days))
    return sorted(taken, key=lambda day: day.start)


def _overlaps(taken: list[NamedDay], found: re.Match[str]) -> bool:
    return any(day.start < found.end() and found.start() < day.end for day in taken)


def _read(
    name: str, found: re.Match[str], today: date, add_working_days: AddWorkingDays | None
) -> NamedDay:
    try:
        day = _meant(name, found, today, add_working_days)
    except (ValueError, OverflowError):
        return NamedDay(found.start(), found.end(), found.group(), None, "没有这一天，请填写日期。")
    except LookupError:
        return NamedDay(
            found.start(), found.end(), found.group(), None, "工作日历还没有这一年，请填写日期。"
        )
    warning = "这一天已经过去，请核对日期。" if day < today else ""
    return NamedDay(found.start(), found.end(), found.group(), day, warning)


def _meant(
    name: str, found: re.Match[str], today: date, add_working_days: AddWorkingDays | None
) -> date:
    said = {key: value for key, value in found.groupdict().items() if value is not None}
    if name in _SPANS:
        return _SPANS[name](today, said.get("n", ""))
    if name == "working_days":
        if add_working_days is None:
            raise LookupError(name)
        return add_working_days(today, _number(said["n"]))
    return _DAYS[name](said, today)


# --- absolute days


def _iso(said: dict[str, str], today: date) -> date:
    return date(int(said["y"]), int(said["m"]), int(said["d"]))


def _in_year(said: dict[str, str], today: date, build: Callable[[int], date]) -> date:
    """Build the day in the year that is said, else in this year or the coming one."""
    if "year" in said:
        return build(int(said["year"]))
    if "which" in said:
        return build(today.year + _YEARS_ON.get(said["which"], 0))
    day = build(today.year)
    if day < today:
        later = build(today.year + 1)
        return later if (later - today).days <= NEAR_DAYS else day
    return day


def _day(said: dict[str, str], today: date) -> date:
    month, day = _number(said["m"]), _number(said["d"])
    return _in_year(said, today, lambda year: date(year, month, day))


def _month(said: dict[str, str], today: date) -> date:
    month, part = _number(said["m"]), said.get("part", "")
    return _in_year(said, today, lambda year: _part_of_month(year, month, part))


def _quarter(said: dict[str, str], today: date) -> date:
    month = 3 * _number(said["q"])
    return _in_year(said, today, lambda year: _part_of_month(year, month, ""))


def _half(said: dict[str, str], today: date) -> date:
    month = 6 if said["half"] == "上半年" else 12
    return _in_year(said, today, lambda year: _part_of_month(year, month, ""))


def _year_end(said: dict[str, str], today: date) -> date:
    return _in_year(said, today, lambda year: date(year, 12, 31))


def _part_of_month(year: int, month: int, part: str) -> date:
    return date(year, month, _DAY_OF_PART.get(part, monthrange(year, month)[1]))


# --- days relative to the day of writing


def _month_on(today: date, months: int) -> tuple[int, int]:
    ahead = today.month - 1 + months
    return today.year + ahead // 12, ahead % 12 + 1


def _months_of(said: dict[str, str]) -> int:
    return 1 if said["rel"] in ("下个月", "下月", "次月") else 0


def _day_of_month(said: dict[str, str], today: date) -> date:
    return date(*_month_on(today, _months_of(said)), _number(said["d"]))


def _month_named(said: dict[str, str], today: date) -> date:
    return _part_of_month(*_month_on(today, _months_of(said)), said["part"])


def _weekday(said: dict[str, str], today: date) -> date:
    weeks = said["rel"].count("下")
    monday = today - timedelta(days=today.isoweekday() - 1)
    return monday + timedelta(days=7 * weeks + _WEEKDAYS[said.get("d", "日")] - 1)


def _bare_weekday(said: dict[str, str], today: date) -> date:
    ahead = _WEEKDAYS[said["d"]] - today.isoweekday()
    return today + timedelta(days=ahead if ahead >= 0 else ahead + 7)


def _near(said: dict[str, str], today: date) -> date:
    return today + timedelta(days={"明": 1, "后": 2}.get(said["near"][0], 0))


def _months_later(today: date, months: int) -> date:
    year, month = _month_on(today, months)
    return date(year, month, min(today.day, monthrange(year, month)[1]))


_DAYS: dict[str, Callable[[dict[str, str], date], date]] = {
    "iso": _iso,
    "day": _day,
    "quarter": _quarter,
    "half": _half,
    "month": _month,
    "year_end": _year_end,
    "day_of_month": _day_of_month,
    "month_named": _month_named,
    "weekday": _weekday,
    "week": _weekday,
    "bare_weekday": _bare_weekday,
    "near": _near,
}
_SPANS: dict[str, Callable[[date, str], date]] = {
    "half_month": lambda today, n: today + timedelta(days=15),
    "months": lambda today, n: _months_later(today, _number(n)),
    "weeks": lambda today, n: today + timedelta(days=7 * _number(n)),
    "half_year": lambda today, n: _months_later(today, 6),
    "years": lambda today, n: _months_later(today, 12 * _number(n)),
    "days": lambda today, n: today + timedelta(days=_number(n)),
}


# --- numbers


def _number(text: str) -> int:
    """Read 12, 十二, 二十, 两, 三十一; ValueError for what is no number."""
    if text.isdecimal():
        return int(text)
    hundreds, _, rest = text.rpartition("百")
    total = 100 * _number(hundreds) if hundreds else 0
    rest = rest.lstrip("零〇") or ("0" if hundreds else rest)
    return total + (int(rest) if rest.isdecimal() else _below_hundred(rest))


def _below_hundred(text: str) -> int:
    tens, ten, ones = text.partition("十")
    if not ten:
        return _digit(text)
    return 10 * (_digit(tens) if tens else 1) + (_digit(ones) if ones else 0)


def _digit(text: str) -> int:
    if text not in _DIGITS:
        raise ValueError(text)
    return _DIGITS[text]
