"""Tables of a document: lists with a header row, and form sheets of labels and values."""

from collections.abc import Sequence
from typing import Any

from docx.document import Document
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.shared import Length, Pt

from lianqi.engines.officialdoc.document import Card, Grid
from lianqi.engines.officialdoc.measures import AREA_WIDTH, FANGSONG, HEI
from lianqi.engines.officialdoc.pieces import element, say, shape

_WORDS = Pt(12)  # the standard has no size for tables; offices set them smaller than the text
_LINE = Pt(20)
_ROW = Pt(30)
_CENTRED = 8  # characters up to which a cell is centred
_CARD_SHARES = (5, 9, 5, 9)
_AFTER = Pt(10)  # between a table and what is below it


def write_table(word: Document, block: Grid | Card, *, last: bool) -> None:
    """Write a table and the room below it; under the last there is none, lest it take a page."""
    if isinstance(block, Card):
        _write_card(word, block)
    else:
        _write_grid(word, block)
    shape(word.add_paragraph(), line=Pt(1) if last else _AFTER)


def _write_grid(word: Document, grid: Grid) -> None:
    """Write a list: its header row is repeated on each page, no row is torn apart."""
    columns = len(grid.header)
    table = _table(word, 1, columns)
    _fill(table.rows[0], grid.header, HEI)
    table.rows[0]._tr.get_or_add_trPr().append(element("tblHeader"))
    for row in grid.rows:
        _fill(_added_row(table, columns), row, FANGSONG)
    _set_widths(table, list(grid.shares) or [1] * columns)


def _write_card(word: Document, card: Card) -> None:
    """Write a form sheet: a label and its value take the whole row, or half of it each."""
    columns = len(_CARD_SHARES)
    table = _table(word, 0, columns)
    for number, pairs in enumerate(card.rows):
        row = _added_row(table, columns)
        cells = row.cells
        for place, (label, value) in enumerate(pairs):
            _say(cells[2 * place], label, HEI)
            _say(cells[2 * place + 1], value, FANGSONG, align="left")
        _set_widths_of(cells, _CARD_SHARES)
        if len(pairs) == 1:
            # Emptied before they are joined: Word would keep a line for each joined cell.
            joined = cells[1].merge(cells[3])
            for spare in joined.paragraphs[len(pairs[0][1].split("\n")) :]:
                spare._p.getparent().remove(spare._p)
        if card.fill and number == 0:
            for cell in {id(cell._tc): cell for cell in row.cells}.values():
                shade = element("shd", val="clear", color="auto", fill=card.fill)
                cell._tc.get_or_add_tcPr().append(shade)
    for column, share in zip(table.columns, _CARD_SHARES, strict=True):
        column.width = _share(share, _CARD_SHARES)


def _table(word: Document, rows: int, columns: int) -> Any:
    table = word.add_table(rows=rows, cols=columns)
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    return table


def _added_row(table: Any, columns: int) -> Any:
    row = table.add_row()
    row.height = _ROW
    row._tr.get_or_add_trPr().append(element("cantSplit"))
    return row


def _fill(row: Any, words: Sequence[str], face: str) -> None:
    for cell, text in zip(row.cells, words, strict=True):
        _say(cell, text, face)


def _say(cell: Any, text: str, face: str, align: str = "") -> None:
    cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    align = align or ("center" if face == HEI or len(text) <= _CENTRED else "left")
    for number, line in enumerate(text.split("\n")):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        say(shape(paragraph, align=align, line=_LINE), line, face, _WORDS)


def _share(share: int, shares: Sequence[int]) -> Length:
    return Length(AREA_WIDTH * share // sum(shares))


def _set_widths_of(cells: Sequence[Any], shares: Sequence[int]) -> None:
    for cell, share in zip(cells, shares, strict=True):
        cell.width = _share(share, shares)


def _set_widths(table: Any, shares: Sequence[int]) -> None:
    for column, share in zip(table.columns, shares, strict=True):
        column.width = _share(share, shares)
    for row in table.rows:
        _set_widths_of(row.cells, shares)
