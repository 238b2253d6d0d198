"""What a read table is, how large it may be, and the one error for everything unreadable."""

from dataclasses import dataclass

# The xlsx reader lays a sheet out densely: this many cells are about 300 MB while reading.
MAX_CELLS = 5_000_000


class TableUnreadable(ValueError):
    """The file cannot be read as a table; the text says why and what to do, in Chinese."""


@dataclass(frozen=True, slots=True)
class Table:
    """The first sheet with content: `rows` are equally long, `lines` are their 1-based lines."""

    rows: list[list[str]]
    lines: list[int]
    kind: str
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    encoding: str = ""
    delimiter: str = ""


def refuse_large(rows: int, cols: int, max_rows: int, max_cols: int) -> None:
    """Raise TableUnreadable if a table of this size is more than may be read."""
    if rows > max_rows:
        raise TableUnreadable(f"表格超过 {max_rows} 行。请分成几个文件上传，或删去末尾的多余行。")
    if cols > max_cols:
        raise TableUnreadable(f"表格超过 {max_cols} 列。请删去用不到的列后再上传。")
    if rows * cols > MAX_CELLS:
        raise TableUnreadable(
            f"表格有 {rows} 行 × {cols} 列，超过 {MAX_CELLS} 格。请分成几个文件上传。"
        )


def without_blank_tail(rows: list[list[str]]) -> list[list[str]]:
    """The rows up to the last one with anything visible in it."""
    count = len(rows)
    while count and not any(cell.strip() for cell in rows[count - 1]):
        count -= 1
    return rows[:count]
