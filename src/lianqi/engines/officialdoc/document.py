"""What an official document says; how it looks is the business of `writing`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Layout(StrEnum):
    """The formats of GB/T 9704-2012, the head of a 简报, and plain tables without a head."""

    DOCUMENT = "document"  # 文件格式, chapter 7
    LETTER = "letter"  # 信函格式, 10.1
    MINUTES = "minutes"  # 纪要格式, 10.3
    BULLETIN = "bulletin"  # 简报, by usage
    SHEET = "sheet"  # 审批单, 签到表, 对账单: a title and a table, no head


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; its level is read from its number (一、（一）1.（1）)."""

    words: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: a header row, rows, and the share of the width that each column takes."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    shares: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """A form sheet: each row holds one or two labels with what is said beside them.

    ``fill`` is the ground of the first row, for slips whose colour has a meaning.
    """

    rows: Sequence[Sequence[tuple[str, str]]]
    fill: str = ""


Block = Text | Grid | Card


@dataclass(frozen=True, slots=True)
class Attendance:
    """A line of 纪要: 出席, 请假 or 列席, and who."""

    role: str
    names: str


@dataclass(frozen=True)
class OfficialDocument:
    """A document ready to be written; empty fields leave their element out."""

    form: str
    title: str
    blocks: Sequence[Block]
    layout: Layout = Layout.DOCUMENT
    mark: str = ""  # 发文机关标志, e.g. 新乡高新区管理委员会文件
    number: str = ""  # 新开〔2026〕1号
    urgency: str = ""  # 特急, 加急
    signer: str = ""  # 签发人, upward documents only
    recipients: str = ""  # 主送机关, without its colon
    attachments: Sequence[str] = ()
    organs: Sequence[str] = ()  # 发文机关署名
    dated: date | None = None  # 成文日期
    sealed: bool = True  # whether a seal will be put over organ and date
    remark: str = ""  # 附注
    copies: str = ""  # 抄送
    printer: str = ""  # 印发机关
    printed_on: date | None = None
    attendance: Sequence[Attendance] = field(default_factory=tuple)
    issue: str = ""  # 简报: 第1期
    compiler: str = ""  # 简报: the unit that compiles it
    distribution: Sequence[str] = ()  # 简报: 报…, 送…, 发…


def day_in_words(day: date) -> str:
    """Return a date as documents write it: Arabic numerals, no leading zeros (7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def moment_in_words(moment: datetime) -> str:
    """Return day, weekday and time as a notice writes them: 2026年11月30日（星期一）9:00."""
    weekday = "一二三四五六日"[moment.weekday()]
    return f"{day_in_words(moment.date())}（星期{weekday}）{moment.hour}:{moment.minute:02d}"
