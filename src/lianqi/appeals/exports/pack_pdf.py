"""The facts of a case as PDF, with the viewer's own Song type: no font file is carried along."""

import tempfile
from typing import IO, Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import grey
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from lianqi.appeals.queries.facts_pack import CaseFile, Part

FONT = "STSong-Light"
MARGIN = 2 * cm
_WIDTH = A4[0] - 2 * MARGIN
_GRID = TableStyle([("GRID", (0, 0), (-1, -1), 0.4, grey), ("VALIGN", (0, 0), (-1, -1), "TOP")])


def _style(name: str, size: float, after: float = 3) -> ParagraphStyle:
    return ParagraphStyle(
        name, fontName=FONT, fontSize=size, leading=size * 1.5, spaceAfter=after, wordWrap="CJK"
    )


TITLE, HEADING, TEXT, CELL = (
    _style("title", 18, 8),
    _style("heading", 13, 4),
    _style("text", 10.5),
    _style("cell", 9, 0),
)
# A cell taller than a page cannot be laid out: long texts go on in a row of their own.
_MOST_LINES = 40


def pack_pdf(case: CaseFile) -> IO[bytes]:
    """Return an open temporary PDF of the case's facts, A4, numbered pages."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    file = tempfile.TemporaryFile(suffix=".pdf")  # noqa: SIM115 the response closes it
    document = SimpleDocTemplate(
        file,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        title=f"诉求事实材料 {case.number}",
        author="",
    )
    story: list[Any] = [_said("诉求事实材料", TITLE), _said(case.title, TEXT)]
    story.append(_table([], [list(pair) for pair in case.made]))
    for number, part in enumerate(case.parts, 1):
        story += [Spacer(1, 10), _said(f"{number}. {part.title}", HEADING), *_part(part)]
    story += [Spacer(1, 12), _said(case.end, TEXT)]

    def number_page(canvas: Any, page: Any) -> None:
        canvas.setFont(FONT, 9)
        canvas.drawCentredString(A4[0] / 2, MARGIN / 2, f"{case.number}  第{page.page}页")

    document.build(story, onFirstPage=number_page, onLaterPages=number_page)
    file.seek(0)
    return file


def _said(text: str, style: ParagraphStyle) -> Paragraph:
    """Return text as a paragraph; what people wrote is never read as markup."""
    return Paragraph(escape(text).replace("\n", "<br/>"), style)


def _part(part: Part) -> list[Any]:
    told: list[Any] = []
    if part.pairs:
        told.append(_table([], [list(pair) for pair in part.pairs]))
    if part.rows:
        told.append(_table(list(part.head), [list(row) for row in part.rows]))
    told += [_said(line, TEXT) for line in part.lines]
    return told or [_said("无记录。", TEXT)]


def _table(head: list[str], rows: list[list[str]]) -> LongTable:
    columns = len(head or rows[0])
    widths = [_WIDTH * 0.22, _WIDTH * 0.78] if not head else [_WIDTH / columns] * columns
    told = [head, *rows] if head else rows
    signs = [max(1, int(width / CELL.fontSize) - 2) for width in widths]
    cells = [[_said(text, CELL) for text in row] for whole in told for row in _pieces(whole, signs)]
    table = LongTable(cells, colWidths=widths, repeatRows=1 if head else 0)
    table.setStyle(_GRID)
    return table


def _pieces(row: list[str], signs: list[int]) -> list[list[str]]:
    """Return the row, or the rows it is cut into so that no cell is taller than a page.

    ``signs`` is how many characters fit on a line of each column.
    """
    cut = [_stretches(text, width) for text, width in zip(row, signs, strict=True)]
    longest = max(len(stretches) for stretches in cut)
    return [
        [stretches[place] if place < len(stretches) else "" for stretches in cut]
        for place in range(longest)
    ]


def _stretches(text: str, signs: int) -> list[str]:
    lines = [
        line[place : place + signs]
        for line in text.split("\n")
        for place in range(0, max(1, len(line)), signs)
    ]
    if len(lines) <= _MOST_LINES:
        return [text]
    return [
        "\n".join(lines[place : place + _MOST_LINES]) for place in range(0, len(lines), _MOST_LINES)
    ]
