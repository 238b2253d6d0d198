"""Large, medium, small or micro: the statistical size of an enterprise (国统字〔2017〕213号)."""

import csv
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from math import isfinite
from typing import Literal, NamedTuple

Size = Literal["large", "medium", "small", "micro"]
Number = int | float | Decimal

LABELS: dict[Size, str] = {"large": "大型", "medium": "中型", "small": "小型", "micro": "微型"}
INDICATORS = {"employees": "从业人员", "revenue": "营业收入", "assets": "资产总额"}
INDUSTRY = re.compile(r"([A-T])?([0-9]{2,4})?")


class Section(NamedTuple):
    """A section (门类) of GB/T 4754-2017 with its first and last division (大类)."""

    name: str
    first: int
    last: int


SECTIONS: dict[str, Section] = {
    "A": Section("农、林、牧、渔业", 1, 5),
    "B": Section("采矿业", 6, 12),
    "C": Section("制造业", 13, 43),
    "D": Section("电力、热力、燃气及水生产和供应业", 44, 46),
    "E": Section("建筑业", 47, 50),
    "F": Section("批发和零售业", 51, 52),
    "G": Section("交通运输、仓储和邮政业", 53, 60),
    "H": Section("住宿和餐饮业", 61, 62),
    "I": Section("信息传输、软件和信息技术服务业", 63, 65),
    "J": Section("金融业", 66, 69),
    "K": Section("房地产业", 70, 70),
    "L": Section("租赁和商务服务业", 71, 72),
    "M": Section("科学研究和技术服务业", 73, 75),
    "N": Section("水利、环境和公共设施管理业", 76, 79),
    "O": Section("居民服务、修理和其他服务业", 80, 82),
    "P": Section("教育", 83, 83),
    "Q": Section("卫生和社会工作", 84, 85),
    "R": Section("文化、体育和娱乐业", 86, 90),
    "S": Section("公共管理、社会保障和社会组织", 91, 96),
    "T": Section("国际组织", 97, 97),
}


@dataclass(frozen=True)
class Bound:
    """The lower bounds of one indicator in one row of the table, in persons or 万元."""

    indicator: str
    large: int
    medium: int
    small: int


def classify(
    industry: str,
    employees: Number | None = None,
    revenue_wan: Number | None = None,
    assets_wan: Number | None = None,
) -> Size | None:
    """Return the size by the 2017 table; amounts in 万元, persons at the end of the year.

    ``industry`` is a code of GB/T 4754-2017: "C13", "F51", "51", "K7010", or a section letter
    where the whole section shares one row. None means 不适用: the table does not cover the
    industry, the code is too coarse to choose a row, or an indicator of the row is missing and
    the others do not decide.

    Raises:
        ValueError: the code is not one of GB/T 4754-2017, or a figure is negative.
    """
    section, code = parse_industry(industry)
    figures = {"employees": employees, "revenue": revenue_wan, "assets": assets_wan}
    for indicator, figure in figures.items():
        if figure is not None and not (isfinite(figure) and figure >= 0):
            raise ValueError(f"{INDICATORS[indicator]}应为不小于0的数字，现为 {figure}，请核对。")
    tests = [(figures[bound.indicator], bound) for bound in _bounds(section, code)]
    known = [(figure, bound) for figure, bound in tests if figure is not None]
    if any(figure < bound.small for figure, bound in known):
        return "micro"  # one indicator below is enough, whatever the others are (附表注1)
    if not tests or len(known) < len(tests):
        return None
    # Every bound of a grade must be met, else one grade down and test again (附表注1).
    if all(figure >= bound.large for figure, bound in known):
        return "large"
    if all(figure >= bound.medium for figure, bound in known):
        return "medium"
    return "small"


def thresholds(industry: str) -> tuple[Bound, ...]:
    """Return the bounds that decide the size in this industry, in the order of the 2017 table.

    Empty where the table does not cover the industry or the code is too coarse to choose a row.

    Raises:
        ValueError: the code is not one of GB/T 4754-2017.
    """
    return _bounds(*parse_industry(industry))


def size_label(code: str) -> str:
    """Return 大型, 中型, 小型 or 微型.

    Raises:
        ValueError: the code is none of the four.
    """
    for size, label in LABELS.items():
        if size == code:
            return label
    raise ValueError(f"企业规模“{code}”不认识，应为 large、medium、small 或 micro。")


def parse_industry(industry: str) -> tuple[str, str]:
    """Split an industry code into section letter and digits ("" for a section as a whole).

    Raises:
        ValueError: the code is not one of GB/T 4754-2017, or letter and division disagree.
    """
    text = "".join(unicodedata.normalize("NFKC", industry).split()).upper()
    match = INDUSTRY.fullmatch(text)
    if not match or not text:
        raise ValueError(
            f"行业代码“{industry}”不认识，应按 GB/T 4754-2017 填写门类字母或2至4位数字，"
            "如 C、C13、K7010。"
        )
    letter, code = match[1] or "", match[2] or ""
    if not code:
        return letter, ""
    section = _section_of(code[:2])
    if letter not in ("", section):
        raise ValueError(
            f"行业代码“{industry}”的门类与大类不一致：大类 {code[:2]} 属于门类 {section}"
            f"（{SECTIONS[section].name}），不属于 {letter}（{SECTIONS[letter].name}）。"
        )
    return section, code


def _section_of(division: str) -> str:
    for letter, section in SECTIONS.items():
        if section.first <= int(division) <= section.last:
            return letter
    raise ValueError(f"行业大类 {division} 不存在，GB/T 4754-2017 的大类为 01 至 97。")


def _bounds(section: str, code: str) -> tuple[Bound, ...]:
    """Return the bounds of the narrowest row that contains the code."""
    table = _table()
    for length in range(len(code), 1, -1):
        if code[:length] in table:
            return table[code[:length]]
    return table.get(section, ())


@cache
def _table() -> dict[str, tuple[Bound, ...]]:
    """Read the 16 rows, one entry for each industry code of a row."""
    source = files("lianqi.engines") / "data" / "size_thresholds.csv"
    table: dict[str, tuple[Bound, ...]] = {}
    with source.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            bound = Bound(
                row["indicator"],
                int(row["large_min"]),
                int(row["medium_min"]),
                int(row["small_min"]),
            )
            for listed in row["gb4754_codes"].split(","):
                # GB/T 4754 ends a class in 0 when it is the only one of its group: 7010 is 701.
                code = listed[:3]
                table[code] = (*table.get(code, ()), bound)
    return table
