"""Workbooks of appeals, for people who go on working in a spreadsheet."""

import tempfile
from collections.abc import Iterable, Sequence
from typing import IO

import xlsxwriter

from lianqi.appeals.queries import AppealRow
from lianqi.appeals.queries.columns import COLUMNS
from lianqi.kernel.language import in_record_language

FORMULA_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")


def appeal_workbook(rows: Iterable[AppealRow], columns: Sequence[str] = ()) -> IO[bytes]:
    """Return an open temporary xlsx of the rows; memory stays constant however many there are.

    ``columns`` are keys of ``COLUMNS``; none means all of them. Every cell is a string, so that a
    number keeps all its digits and what begins like a formula is none; phones are masked.
    """
    chosen = [COLUMNS[key] for key in columns or COLUMNS]
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 the response closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with in_record_language(), xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet("诉求清单")
        bold = book.add_format({"bold": True})
        # The mark of a typed apostrophe: what looks like a formula stays text when it is saved on.
        quoted = book.add_format({"quote_prefix": True})
        sheet.freeze_panes(1, 2)
        for place, column in enumerate(chosen):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, column.heading, bold)
        for number, row in enumerate(rows, 1):
            for place, column in enumerate(chosen):
                words = str(column.text(row))
                risky = words.startswith(FORMULA_SIGNS)
                sheet.write_string(number, place, words, quoted if risky else None)
    file.seek(0)
    return file
