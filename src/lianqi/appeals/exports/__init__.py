"""What leaves the room as a file: workbooks of lists, the facts of a case as Word and PDF."""

from lianqi.appeals.exports.listing import appeal_workbook
from lianqi.appeals.exports.pack_pdf import pack_pdf
from lianqi.appeals.exports.pack_word import pack_word
from lianqi.appeals.exports.promises import promise_workbook
from lianqi.appeals.exports.tables import (
    exclusion_workbook,
    facts_workbook,
    rates_workbook,
)
from lianqi.kernel.sheets import XLSX

__all__ = [
    "XLSX",
    "appeal_workbook",
    "exclusion_workbook",
    "facts_workbook",
    "pack_pdf",
    "pack_word",
    "promise_workbook",
    "rates_workbook",
]
