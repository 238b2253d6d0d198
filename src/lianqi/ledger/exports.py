"""Workbooks of the ledger: exactly the list on the page, and the form in which a unit reports."""

from collections.abc import Iterable, Sequence
from typing import IO

from lianqi.kernel.sheets import sheet
from lianqi.ledger.models import Item
from lianqi.ledger.queries.columns import COLUMNS
from lianqi.ledger.queries.items import ItemRow

REPORT_HEAD = (
    ("编号", 14), ("事项", 40), ("时限", 14), ("现进度（%）", 12), ("本期进度（%）", 14), ("本期进展", 60),
)  # fmt: skip


def item_workbook(rows: Iterable[ItemRow], columns: Sequence[str] = ()) -> IO[bytes]:
    """Return an open temporary xlsx of the rows; ``columns`` are keys of ``COLUMNS``, none means all."""
    chosen = [COLUMNS[key] for key in columns or COLUMNS]
    head = [(column.heading, column.width) for column in chosen]
    return sheet(
        "督办台账", head, ([str(column.text(row)) for column in chosen] for row in rows), frozen=2
    )


def report_workbook(items: Iterable[Item]) -> IO[bytes]:
    """Return the form that a unit fills in for this period: its items, two columns left empty."""
    cells = (
        [one.number, one.title, str(one.due_on or one.deadline_text), str(one.percent), "", ""]
        for one in items
    )
    return sheet("进展报送", list(REPORT_HEAD), cells, frozen=2)
