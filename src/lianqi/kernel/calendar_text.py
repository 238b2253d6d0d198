"""Reads a pasted or uploaded calendar (date, kind, name) into days, with what is wrong by line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lianqi.engines.tabular import find_header, read_table
from lianqi.kernel.actions.calendar import DayDraft, day_problem, year_problem
from lianqi.kernel.forms import DAY_FORMATS
from lianqi.kernel.models import CalendarDay
from lianqi.kernel.models.calendar import DayKind

COLUMNS = {
    "date": ("date", "日期"),
    "kind": ("kind", "性质", "类型", "类别"),
    "name": ("name", "名称", "holiday_name", "节日", "说明"),
}
KINDS = {
    **dict.fromkeys(("off", "放假", "休", "休息", "holiday", "public_holiday"), DayKind.OFF),
    **dict.fromkeys(
        ("shifted", "调休上班", "调休", "班", "上班", "补班", "workday_shifted"), DayKind.SHIFTED
    ),
}
MOST_ROWS = 400


@dataclass(frozen=True)
class ReadDay:
    """A line of the given table: the day in it, or what is wrong with it."""

    line: int
    text: str
    draft: DayDraft | None
    problem: str = ""
    known: bool = False


@dataclass(frozen=True)
class ReadCalendar:
    """What was read, and what is wrong with the whole."""

    days: list[ReadDay]
    problem: str = ""

    @property
    def drafts(self) -> list[DayDraft]:
        """Return the days that can be entered."""
        return [day.draft for day in self.days if day.draft and not day.problem]

    @property
    def sound(self) -> bool:
        """Whether everything in it may be entered."""
        return not self.problem and bool(self.days) and not any(day.problem for day in self.days)

    @property
    def wrong(self) -> list[ReadDay]:
        """Return the lines that need a correction."""
        return [day for day in self.days if day.problem]

    @property
    def plain(self) -> str:
        """Return the days as text that reads back to the same, for the confirming form."""
        return "\n".join(
            f"{draft.date.isoformat()},{draft.kind},{draft.name}" for draft in self.drafts
        )


def read_calendar(name: str, content: bytes) -> ReadCalendar:
    """Read csv, tab-separated text or xlsx; the heading line may be missing.

    Raises:
        TableUnreadable: the content is no table; the message says what to do.
    """
    table = read_table(name, content, max_rows=MOST_ROWS)
    header = find_header(table.rows, COLUMNS)
    columns, first = {"date": 0, "kind": 1, "name": 2}, 0
    if header.row_index is not None and not header.missing:
        columns, first = header.columns, header.row_index + 1
    found = [
        _read_row(line, row, columns)
        for line, row in list(zip(table.lines, table.rows, strict=True))[first:]
        if any(cell.strip() for cell in row)
    ]
    return _checked(found)


def _read_row(line: int, row: Sequence[str], columns: dict[str, int]) -> ReadDay:
    text = "，".join(cell for cell in row if cell)
    cells = [row[columns[key]].strip() if columns[key] < len(row) else "" for key in COLUMNS]
    day, kind = _read_date(cells[0]), KINDS.get(cells[1].lower())
    if day is None:
        return ReadDay(line, text, None, f"日期“{cells[0]}”看不懂，应写成 2027-01-01。")
    if kind is None:
        return ReadDay(line, text, None, f"性质“{cells[1]}”看不懂，应写“放假”或“调休上班”。")
    return ReadDay(line, text, DayDraft(day, kind.value, cells[2]))


def _read_date(text: str) -> date | None:
    for pattern in DAY_FORMATS:
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 a day has no zone
        except ValueError:
            continue
    return None


def _checked(found: list[ReadDay]) -> ReadCalendar:
    drafts = [day.draft for day in found if day.draft]
    known = {row.date: row for row in CalendarDay.objects.filter(date__in=[d.date for d in drafts])}
    seen: dict[date, int] = {}
    days = []
    for day in found:
        if day.draft is None:
            days.append(day)
            continue
        problem = day_problem(day.draft, known)
        if day.draft.date in seen:
            problem = f"与第{seen[day.draft.date]}行是同一天，请删去一行。"
        seen.setdefault(day.draft.date, day.line)
        days.append(ReadDay(day.line, day.text, day.draft, problem, day.draft.date in known))
    years = {day.year for day in CalendarDay.objects.dates("date", "year")}
    return ReadCalendar(days, year_problem(drafts, years) if days else "没有读到任何一天。")
