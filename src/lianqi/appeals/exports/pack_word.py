"""The facts of a case as a Word file."""

import tempfile
from typing import IO, Any

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from lianqi.appeals.queries.facts_pack import CaseFile, Part

FONT = "宋体"
HEADING_FONT = "黑体"


def pack_word(case: CaseFile) -> IO[bytes]:
    """Return an open temporary docx of the case's facts, A4, every part under its heading."""
    document: Any = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    for style, font, size in (
        ("Normal", FONT, 10.5),
        ("Title", HEADING_FONT, 18),
        ("Heading 1", HEADING_FONT, 13),
    ):
        _set_font(document.styles[style], font, size)
    document.core_properties.title = f"诉求事实材料 {case.number}"
    document.core_properties.author = ""
    document.add_paragraph("诉求事实材料", style="Title")
    document.add_paragraph(case.title)
    _add_table(document, [], [list(pair) for pair in case.made])
    for number, part in enumerate(case.parts, 1):
        document.add_heading(f"{number}. {part.title}", level=1)
        _add_part(document, part)
    document.add_paragraph(case.end)
    file = tempfile.TemporaryFile(suffix=".docx")  # noqa: SIM115 the response closes it
    document.save(file)
    file.seek(0)
    return file


def _set_font(style: Any, font: str, size: float) -> None:
    style.font.name, style.font.size = font, Pt(size)
    style.font.color.rgb = None
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for slot in ("w:eastAsia", "w:ascii", "w:hAnsi"):
        fonts.set(qn(slot), font)


def _add_part(document: Any, part: Part) -> None:
    if part.pairs:
        _add_table(document, [], [list(pair) for pair in part.pairs])
    if part.rows:
        _add_table(document, list(part.head), [list(row) for row in part.rows])
    for line in part.lines:
        for paragraph in line.split("\n"):
            document.add_paragraph(paragraph)
    if not (part.pairs or part.rows or part.lines):
        document.add_paragraph("无记录。")


def _add_table(document: Any, head: list[str], rows: list[list[str]]) -> None:
    columns = len(head or rows[0])
    table = document.add_table(rows=0, cols=columns, style="Table Grid")
    for row in [head, *rows] if head else rows:
        cells = table.add_row().cells
        for cell, text in zip(cells, row, strict=True):
            cell.text = text
    if head:
        for cell in table.rows[0].cells:
            for run in cell.paragraphs[0].runs:
                run.bold = True
