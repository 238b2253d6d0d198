"""One sheet as a workbook: how every list of the room leaves as xlsx."""

import tempfile
from collections.abc import Iterable, Sequence
from typing import IO, Any

import xlsxwriter

from lianqi.kernel.language import in_record_language

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def sheet(
    name: str, head: Sequence[tuple[str, int]], rows: Iterable[Sequence[Any]], *, frozen: int = 1
) -> IO[bytes]:
    """Return an open temporary xlsx of one sheet; memory stays constant however many rows there are.

    ``head`` are headings with their widths, ``frozen`` columns stay in view. Numbers are written as
    numbers, everything else as text: what begins like a formula is none, a code keeps its digits.
    """
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 the response closes it
    with in_record_language(), xlsxwriter.Workbook(file, _OPTIONS) as book:
        page = book.add_worksheet(name)
        bold = book.add_format({"bold": True, "text_wrap": True})
        # The mark of a typed apostrophe: what looks like a formula stays text when it is saved on.
        quoted = book.add_format({"quote_prefix": True})
        page.freeze_panes(1, frozen)
        for column, (title, width) in enumerate(head):
            page.set_column(column, column, width)
            page.write_string(0, column, title, bold)
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                _write(page, number, column, value, quoted)
    file.seek(0)
    return file


def _write(page: Any, row: int, column: int, value: Any, quoted: Any) -> None:
    if isinstance(value, bool):
        page.write_string(row, column, "是" if value else "否")
    elif isinstance(value, int | float):
        page.write_number(row, column, value)
    else:
        words = "" if value is None else str(value)
        page.write_string(row, column, words, quoted if words.startswith(FORMULA_SIGNS) else None)
