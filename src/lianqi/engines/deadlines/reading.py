"""Reads an expression from left to right: years set the scene, moments become days in it."""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from lianqi.engines.deadlines.words import plain

TEN_DAYS = {"上旬": 10, "中旬": 20, "下旬": 31}
_EARLIEST, _LATEST = 1949, 2149
_QUARTER_ENDS = (3, 6, 9, 12)
_OPEN_ENDED = re.compile(r"持续|长期|常态|常年|经常性|不间断|随时|按需|日常|贯穿|始终|每周|每日")
_DISCRETION = re.compile(r"视情|适时|根据需要|按需|必要时|待定")
_BEGINS = re.compile(r"(?:起|开始)(?!草)")
_FROM_TO = re.compile(r"[-至到]")
_CLAUSE = re.compile(r"[,;。、]")
_RELATIVE = r"(?P<relative>(?<!\d)\d{1,3}个?(?:工作日|日|天|周|月|年)(?:之内|以内|内)|即日|立即|立行立改|接到通知)"
_YEARS = (
    r"(?P<years>\d{4}年?(?:[-至到、和及]\d{2,4}年?)*(?:年度|年)|\d{4}(?=[-./]\d))"
    r"|(?P<named>当年|本年度?|今年|次年|翌年|明年|每年)"
)
_MOMENTS = (
    r"(?P<iso>[-./](?P<iso_month>\d{1,2})[-./](?P<iso_day>\d{1,2})[日号]?)"
    r"|(?P<each>每(?:个)?(?P<each_unit>半年|季度|季|月)(?:度)?"
    r"(?:(?P<each_which>首月|末月|首个月|最后一个月)?(?P<each_day>\d{1,2})[日号]|底|末)?)"
    r"|(?P<from_month>\d{1,2})月?[-至到](?P<to_month>\d{1,2})月份?(?!\d)(?P<range_part>底|末)?(?!\d*[日号])"
    r"|(?P<month>\d{1,2})月份?(?:(?P<day>\d{1,2})[日号]?|(?P<part>上旬|中旬|下旬|底|末|初|中(?!旬)))?"
    r"|第?(?P<quarter>[1-4])季度|(?P<some>季度?末|季度?底|月底|月末)"
    r"|(?P<half>上半年|下半年)"
    r"|(?P<holiday>元旦|五一|劳动节|国庆)"
    r"|(?P<year_end>年底|年末|年终|年内|年度内|全年|底前|(?<=年)[底末终内])"
    r"|(?P<year_start>年初)"
)
_TOKEN = re.compile(f"{_RELATIVE}|{_MOMENTS}|{_YEARS}")
# The last day before which work must be done, where a holiday names the limit.
_BEFORE_HOLIDAY = {"元旦": (12, 31), "五一": (4, 30), "劳动节": (4, 30), "国庆": (9, 30)}


@dataclass(frozen=True, slots=True)
class DeadlineReading:
    """What an expression means: days in rising order, how they recur, whether it has no end.

    ``recurs`` is None, "yearly", "quarterly" or "monthly"; the days are then those of the plan's
    year. An open-ended matter (持续推进) may still name days. ``warnings`` are sentences for the
    clerk who checks the reading.
    """

    text: str
    dates: tuple[date, ...] = ()
    recurs: str | None = None
    open_ended: bool = False
    warnings: tuple[str, ...] = ()


def read_deadline(
    text: str,
    *,
    plan_year: int | None = None,
    cycle_years: Sequence[int] = (),
    strict_before: bool = False,
) -> DeadlineReading:
    """Return the days that an expression of a work plan means.

    ``plan_year`` is meant where no year is named; ``cycle_years`` are those of the heading above
    ("（2020-2022年）"), each of which is a 当年. “前” includes the day named, and 中旬前 is the 20th;
    ``strict_before`` reads 旬前 as the last day before that stretch of ten days. A day that is no
    working day stays as it is: the limit of an internal task is not moved by law.
    """
    if not text.strip():
        return DeadlineReading(text, warnings=("没有写完成时限。",))
    scan = _Scan(plain(text), plan_year, tuple(cycle_years), strict_before)
    scan.run()
    open_ended = _OPEN_ENDED.search(scan.text) is not None
    if not scan.days and not open_ended and not scan.warnings:
        scan.warn(f"没有读懂“{text.strip()}”，请填写日期。")
    return DeadlineReading(
        text, tuple(sorted(scan.days)), scan.recurs, open_ended, tuple(scan.warnings)
    )


def years_named(text: str) -> tuple[int, ...]:
    """Return the years that a heading names, a range in full: "（2020-2022年）" is three."""
    found = re.search(r"(?P<years>\d{4}年?(?:[-至到、和及]\d{2,4}年?)*年)", plain(text))
    return tuple(_year_list(found["years"])) if found else ()


def _year_list(text: str) -> list[int]:
    years: list[int] = []
    for joint, digits in re.findall(r"([-至到]?)(\d{2,4})", text):
        year = int(digits) if len(digits) == 4 or not years else _century(years[-1]) + int(digits)
        years += range(years[-1] + 1, year) if joint and years else ()
        years.append(year)
    # A document number or a typing slip is no year of a plan.
    return [year for year in years if _EARLIEST <= year <= _LATEST]


def _century(year: int) -> int:
    return year // 100 * 100


@dataclass
class _Scan:
    """The scene while the expression is read."""

    text: str
    plan_year: int | None
    cycle_years: tuple[int, ...]
    strict_before: bool
    named_years: list[int] = field(default_factory=list)
    years: list[int] | None = None
    every: str | None = None
    recurs: str | None = None
    days: set[date] = field(default_factory=set)
    warnings: list[str] = field(default_factory=list)
    newest: set[date] = field(default_factory=set)
    bare_year: str = ""
    first_month: int = 1

    def warn(self, sentence: str) -> None:
        """Keep a sentence for the clerk, once."""
        if sentence not in self.warnings:
            self.warnings.append(sentence)

    def run(self) -> None:
        """Read token after token; what stands between two of them may join them to a range."""
        end = 0
        for found in _TOKEN.finditer(self.text):
            between = self.text[end : found.start()]
            end = found.end()
            if found["relative"]:
                self.warn(f"“{found['relative']}”要从某一天起算，请填写日期。")
            elif found["years"] or found["named"]:
                self._read_year(found, between)
            else:
                self._read_moment(found, between)
        self._settle_bare_year()

    # --- years

    def _read_year(self, found: re.Match[str], between: str) -> None:
        # “2021-2022年于当年…” is one clause: its years wait for a moment, they are none themselves.
        if _CLAUSE.search(between):
            self._settle_bare_year()
        if found["years"]:
            self.named_years = self.years = _year_list(found["years"])
            if not self.years:
                self.warn(f"“{found['years']}”不像是计划的年份，请填写日期。")
            self.every = None
        else:
            self._read_named_year(found["named"])
        self.bare_year = self.text[found.start() :]

    def _read_named_year(self, word: str) -> None:
        self.every = None
        if word == "每年":
            self.years, self.every = None, "yearly"
            return
        if word in ("今年", "本年", "本年度"):
            self.years = self._plan_years(word)
            return
        base = self.named_years or list(self.cycle_years) or self._plan_years(word)
        later = 1 if word in ("次年", "翌年", "明年") else 0
        if word == "明年":
            base = self._plan_years(word)
        self.years = [year + later for year in base]

    def _plan_years(self, word: str) -> list[int]:
        if self.plan_year is None:
            self.warn(f"“{word}”指哪一年没有写明，请填写日期。")
            return []
        return [self.plan_year]

    def _settle_bare_year(self) -> None:
        """A year without a month: its end, unless it is left to discretion."""
        text, self.bare_year = self.bare_year, ""
        if not text:
            return
        clause = _CLAUSE.split(text)[0]
        if _DISCRETION.search(clause):
            self.warn(f"“{clause}”没有固定日期，建议每年复核一次。")
        elif _OPEN_ENDED.search(clause) is None and not _BEGINS.search(clause):
            if "前" in clause:
                self.warn(f"“{clause}”按当年年底计，请核对。")
            if self.years and _FROM_TO.search(clause):
                self.years = self.years[-1:]
                self.warn(f"“{clause}”按{self.years[0]}年底计，请核对。")
            self._add(12, 31)

    # --- moments

    def _read_moment(self, found: re.Match[str], between: str) -> None:
        self.bare_year = ""
        after = self.text[found.end() :]
        begun: set[date] = set()
        if _FROM_TO.fullmatch(between):
            # “3月1日-4月30日”: what was read before is only the beginning.
            begun = self.newest
            self.days -= begun
        if _BEGINS.match(after):
            self.first_month = int(found["month"] or 1)
            return
        self.newest = set()
        if found["each"]:
            self._read_each(found)
        elif found["to_month"]:
            self._read_month_range(found, after)
        elif found["month"] or found["iso"]:
            self._read_month(found, after)
        else:
            self._read_other(found, after)
        if begun and self.newest and max(self.newest) < min(begun):
            self.warn(f"起止日期前后颠倒（{min(begun)}在{max(self.newest)}之后），请核对。")

    def _read_month_range(self, found: re.Match[str], after: str) -> None:
        first, last = int(found["from_month"]), int(found["to_month"])
        if last < first:
            self.warn(f"起止月份前后颠倒（{first}月至{last}月），请核对。")
        if after.startswith("每月"):
            self.recurs = "monthly"
            for month in range(first, last + 1):
                self._add(month, 31)
        else:
            self._add(last, 31)

    def _read_each(self, found: re.Match[str]) -> None:
        unit = found["each_unit"]
        day = int(found["each_day"] or 31)
        if unit == "月":
            if self.recurs != "monthly":
                self._recur("monthly", range(self.first_month, 13), day)
        elif unit == "半年":
            self._recur("yearly", (6, 12), day)
        else:
            first = (found["each_which"] or "").startswith("首")
            months = [month - 2 if first else month for month in _QUARTER_ENDS]
            self._recur("quarterly", months, day)

    def _recur(self, rhythm: str, months: Iterable[int], day: int) -> None:
        self.recurs = rhythm
        for month in months:
            self._add(month, day)

    def _read_month(self, found: re.Match[str], after: str) -> None:
        if found["iso"]:
            self._add(int(found["iso_month"]), int(found["iso_day"]), exact=True)
            return
        month, part = int(found["month"]), found["part"] or ""
        if found["day"]:
            self._add(month, int(found["day"]), exact=True)
        elif part in TEN_DAYS:
            self._add_ten_days(month, part, before=after.startswith("前"))
        elif part in ("初", "中"):
            day = 10 if part == "初" else 15
            self.warn(f"“{month}月{part}”按{day}日计，请核对。")
            self._add(month, day)
        else:
            if not part and after.startswith("前"):
                self.warn(f"“{month}月前”按{month}月底计，请核对。")
            self._add(month, 31)

    def _add_ten_days(self, month: int, part: str, *, before: bool) -> None:
        day = TEN_DAYS[part]
        if before and part != "上旬":
            strict = day // 10 * 10 - 10
            if self.strict_before:
                day = strict
            else:
                said = "月底" if part == "下旬" else f"{day}日"
                self.warn(f"“{part}前”按{said}计；严格理解为{strict}日。")
        self._add(month, day)

    def _read_other(self, found: re.Match[str], after: str) -> None:
        if found["quarter"]:
            self._add(int(found["quarter"]) * 3, 31)
        elif found["half"]:
            self._add(6 if found["half"] == "上半年" else 12, 31)
        elif found["holiday"]:
            # 元旦 of a named year follows the last day of the year before.
            back = found["holiday"] == "元旦" and self.years is not None
            self._add(*_BEFORE_HOLIDAY[found["holiday"]], years_on=-int(back))
        elif found["some"]:
            rhythm = "quarterly" if found["some"].startswith("季") else "monthly"
            word = "季度" if rhythm == "quarterly" else "月"
            self.warn(f"“{found['some']}”没有写明哪个{word}，按每{word}末计，请核对。")
            self._recur(rhythm, _QUARTER_ENDS if rhythm == "quarterly" else range(1, 13), 31)
        elif found["year_start"]:
            self.warn("“年初”按1月底计，请核对。")
            self._add(1, 31)
        else:
            self._add(12, 31)

    # --- days

    def _add(self, month: int, day: int, *, exact: bool = False, years_on: int = 0) -> None:
        if not 1 <= month <= 12 or not 1 <= day <= 31:
            said = f"{month}月" if not 1 <= month <= 12 else f"{month}月{day}日"
            self.warn(f"没有{said}，请填写日期。")
            return
        self.recurs = self.recurs or self.every
        for year in self._years_meant():
            made = _day(year + years_on, month, day)
            if exact and made.day != day:
                self.warn(f"{year}年没有{month}月{day}日，按{made.day}日计，请核对。")
            self.days.add(made)
            self.newest.add(made)

    def _years_meant(self) -> Iterator[int]:
        if self.years is not None:
            yield from self.years
        elif self.plan_year is not None:
            yield self.plan_year
        else:
            self.warn("没有写年份，也不知道是哪一年的计划，请填写日期。")


def _day(year: int, month: int, day: int) -> date:
    """Return that day, or the month's last where the month is shorter."""
    return date(year, month, min(day, monthrange(year, month)[1]))
