"""The foot 版记: 抄送, printing organ and date, between rules on the last page's lower edge (7.4)."""

from dataclasses import dataclass
from math import ceil
from typing import Any

from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.shared import Length, Pt

from lianqi.engines.officialdoc.document import Layout, OfficialDocument, day_in_words
from lianqi.engines.officialdoc.measures import (
    AREA_HEIGHT,
    AREA_WIDTH,
    BLACK,
    FANGSONG,
    LINE,
    RULE_INNER,
    RULE_OUTER,
    SMALL,
    TOP,
)
from lianqi.engines.officialdoc.pages import reckon_pages
from lianqi.engines.officialdoc.pieces import element, narrow, put, say, shape, tab_at, width_of

CHARACTER = SMALL.pt
_LINE = Pt(24)
_AUTOMATIC_GAPS = 0.15  # what a date grows by between its figures and characters


@dataclass(frozen=True, slots=True)
class FootLine:
    """A line between two rules: a label, what it says, and what stands on the right."""

    label: str
    text: str
    right: str = ""


def write_foot(word: Document, document: OfficialDocument) -> None:
    """Write the foot; a letter has no printing organ (10.1), a sheet no foot at all."""
    lines = _lines(document)
    if not lines or document.layout == Layout.SHEET:
        return
    heights = [_LINE.pt * _rows(line) for line in lines]
    _turn_the_leaf(word, document, sum(heights))
    ruled = document.layout != Layout.LETTER  # 10.1: a letter's foot has no rules
    edge = TOP.pt + AREA_HEIGHT.pt
    for number, line in enumerate(lines):
        top = edge - sum(heights[number:])
        paragraph = _write_line(word, line, top=top)
        if ruled:
            _draw_rules(paragraph, first=number == 0, last=number == len(lines) - 1)
    # What the frames are anchored to; it takes no room of its own.
    shape(word.add_paragraph(), line=Pt(1))


def _turn_the_leaf(word: Document, document: OfficialDocument, foot: float) -> None:
    """Printed on both sides, the foot stands on the last leaf's back: an even page (7.4).

    Where the even page has no room left, it goes to the next one; neither the blank page before it
    nor its own is numbered then (7.5).
    """
    page, filled = reckon_pages(word)
    # A line to spare, for the reckoning may be one short.
    fits = page % 2 == 0 and filled + foot + LINE.pt <= AREA_HEIGHT.pt
    if fits or document.layout == Layout.LETTER:
        return
    section = word.add_section(WD_SECTION.EVEN_PAGE)
    shape(word.paragraphs[-1], line=Pt(1))  # the break itself takes no room
    if page % 2 == 0:
        for footer in (section.footer, section.even_page_footer):
            footer.is_linked_to_previous = False


def _lines(document: OfficialDocument) -> list[FootLine]:
    lines = []
    for said in document.distribution:
        label, colon, names = said.partition("：")
        lines.append(FootLine(f"{label}：" if colon else "", names or label))
    if document.copies:
        lines.append(FootLine("抄送：", f"{document.copies.rstrip('。')}。"))
    if document.printer and document.layout != Layout.LETTER:
        day = f"{day_in_words(document.printed_on)}印发" if document.printed_on else ""
        lines.append(FootLine("", document.printer, day))
    return lines


def _rows(line: FootLine) -> int:
    """Return how many rows the line takes: names stay right of their label, a date in their row."""
    if line.right:
        return 1
    room = AREA_WIDTH.pt - 2 * CHARACTER - width_of(line.label, CHARACTER)
    return ceil(width_of(line.text, CHARACTER) / (room // CHARACTER * CHARACTER))


def _narrowness(line: FootLine) -> int:
    """Return in per cent how narrow a long organ must be set to leave its date in the row."""
    room = AREA_WIDTH.pt - 3 * CHARACTER - width_of(line.right, CHARACTER) * (1 + _AUTOMATIC_GAPS)
    return min(100, int(100 * room / max(width_of(line.text, CHARACTER), 1)))


def _write_line(word: Document, line: FootLine, *, top: float) -> Any:
    """A paragraph in a frame of its own, placed so that the last rule is the area's lower edge."""
    hang = width_of(line.label, CHARACTER)
    paragraph = shape(
        word.add_paragraph(),
        align="left",
        left=CHARACTER + hang,
        first=-hang,
        right=CHARACTER,
        line=_LINE,
    )
    if line.right:
        tab_at(paragraph, Length(AREA_WIDTH - SMALL), "right")
    run = say(paragraph, f"{line.label}{line.text}", FANGSONG, SMALL)
    if line.right:
        narrow(run, _narrowness(line))
        say(paragraph, f"\t{line.right}", FANGSONG, SMALL)
    frame = element(
        "framePr",
        w=round(AREA_WIDTH.pt * 20),
        wrap="notBeside",
        vAnchor="page",
        hAnchor="margin",
        xAlign="left",
        y=round(top * 20),
    )
    put(paragraph, frame)
    return paragraph


def _draw_rules(paragraph: Any, *, first: bool, last: bool) -> None:
    borders = element("pBdr")
    upper = RULE_OUTER if first else RULE_INNER
    borders.append(element("top", val="single", sz=upper, space=0, color=BLACK))
    if last:
        borders.append(element("bottom", val="single", sz=RULE_OUTER, space=0, color=BLACK))
    put(paragraph, borders)
