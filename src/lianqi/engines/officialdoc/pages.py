"""How many pages a document fills, reckoned from its exact line heights before anybody prints it."""

from collections.abc import Iterator
from itertools import pairwise
from math import ceil
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from lianqi.engines.officialdoc.measures import AREA_HEIGHT, AREA_WIDTH, BODY, LINE
from lianqi.engines.officialdoc.pieces import width_of

_CELL_MARGINS = 10.8  # points that Word keeps free left and right of a cell's words
_GAP = 0.25  # of a character: what stands between Chinese and Latin letters


def reckon_pages(word: Document) -> tuple[int, float]:
    """Return on which page the text ends, and how much of that page it fills, in points.

    Exact but for where a line breaks: words that may not begin or end a line move a character.
    """
    page, filled = 1, 0.0
    for height in _heights(word):
        if filled + height > AREA_HEIGHT.pt + 1:
            page, filled = page + 1, 0.0
        filled += height
    return page, filled


def _heights(word: Document) -> Iterator[float]:
    """Yield what cannot be torn apart: each line of a paragraph, each row of a table."""
    for child in word.element.body:
        if child.tag == qn("w:p"):
            yield from _lines(Paragraph(child, word), AREA_WIDTH.pt)
        elif child.tag == qn("w:tbl"):
            yield from _rows(Table(child, word))


def _lines(paragraph: Paragraph, width: float) -> Iterator[float]:
    form = paragraph.paragraph_format
    height = form.line_spacing.pt if hasattr(form.line_spacing, "pt") else LINE.pt
    left, right = _points(form.left_indent), _points(form.right_indent)
    size = next((run.font.size.pt for run in paragraph.runs if run.font.size), BODY.pt)
    first = _points(form.first_line_indent)
    room = width - left - right
    count = max(1, ceil((_printed_width(paragraph.text, size) + first) / max(room, size)))
    before, after = _points(form.space_before), _points(form.space_after)
    yield before + height + (after if count == 1 else 0)
    yield from [height] * (count - 1)


def _printed_width(words: str, size: float) -> float:
    changes = sum(one.isascii() != other.isascii() for one, other in pairwise(words))
    return width_of(words, size) + changes * _GAP * size


def _rows(table: Table) -> Iterator[float]:
    for row in table._tbl.tr_lst:
        least = _points(row.trHeight_val)
        yield max([least, *(_cell_height(cell, table) for cell in row.tc_lst)])


def _cell_height(cell: Any, table: Table) -> float:
    width = cell.width / 12_700 if cell.width else AREA_WIDTH.pt / max(len(table.columns), 1)
    return sum(
        sum(_lines(Paragraph(paragraph, table), width - _CELL_MARGINS))
        for paragraph in cell.findall(qn("w:p"))
    )


def _points(length: Any) -> float:
    return length.pt if length is not None else 0.0
