"""The workbook of exactly the list on the page."""

from collections.abc import Iterable, Sequence
from typing import IO

from lianqi.appeals.queries import AppealRow
from lianqi.appeals.queries.columns import COLUMNS
from lianqi.kernel.sheets import sheet


def appeal_workbook(rows: Iterable[AppealRow], columns: Sequence[str] = ()) -> IO[bytes]:
    """Return an open temporary xlsx of the rows; memory stays constant however many there are.

    ``columns`` are keys of ``COLUMNS``; none means all of them. Phones are masked.
    """
    chosen = [COLUMNS[key] for key in columns or COLUMNS]
    head = [(column.heading, column.width) for column in chosen]
    cells = ([str(column.text(row)) for column in chosen] for row in rows)
    return sheet("诉求清单", head, cells, frozen=2)
