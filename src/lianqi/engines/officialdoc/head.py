"""The head 版头: what stands above the title in each layout."""

from typing import Any

from docx.document import Document
from docx.shared import Length, Pt

from lianqi.engines.officialdoc.document import Layout, OfficialDocument, day_in_words
from lianqi.engines.officialdoc.measures import (
    AREA_WIDTH,
    BODY,
    FANGSONG,
    HEAD_ABOVE_MARK,
    HEAD_LINES,
    HEI,
    KAI,
    LARGEST_MARK,
    LETTER_MARK_TOP,
    LETTER_RULE_BOTTOM,
    LETTER_RULE_OVERHANG,
    LINE,
    RED,
    RULE_BELOW_NUMBER,
    SMALLEST_MARK,
    SONG_MARK,
)
from lianqi.engines.officialdoc.pieces import narrow, rule, say, shape, tab_at, width_of


def write_head(word: Document, document: OfficialDocument) -> None:
    """Write the head of the document's layout; a sheet has none."""
    {
        Layout.DOCUMENT: _red_head,
        Layout.LETTER: _letter_head,
        Layout.MINUTES: _red_head,  # 10.3: the same head, its mark ends in 纪要
        Layout.BULLETIN: _bulletin_head,
        Layout.SHEET: lambda word, document: None,
    }[document.layout](word, document)


def _mark_size(words: str) -> tuple[Length, int]:
    """Return size and width in per cent of the characters, for a mark in one line (7.2.4).

    A long name is set narrower rather than ever smaller, as offices do.
    """
    fits = AREA_WIDTH.pt / max(width_of(words, 1), 1)
    size = int(min(LARGEST_MARK, max(SMALLEST_MARK, fits)))
    return Pt(size), min(100, int(100 * fits / size))


def _say_mark(paragraph: Any, words: str) -> None:
    size, width = _mark_size(words)
    run = say(paragraph, words, SONG_MARK, size, RED)
    narrow(run, width)


def _mark(word: Document, words: str) -> None:
    """Three lines for 份号, 密级, 紧急程度, then the mark 35 mm below the type area's top."""
    size, _ = _mark_size(words)
    gap = HEAD_ABOVE_MARK * 72 / 25.4 - HEAD_LINES * LINE.pt
    paragraph = shape(
        word.add_paragraph(), align="center", before=round(gap, 1), line=Pt(size.pt * 1.15)
    )
    _say_mark(paragraph, words)


def _upper_lines(word: Document, document: OfficialDocument) -> None:
    # Nothing classified may be in this system: 份号 and 密级 stay empty, their lines are kept.
    for number in range(HEAD_LINES):
        paragraph = shape(word.add_paragraph(), align="left")
        if number == HEAD_LINES - 1 and document.urgency:
            say(paragraph, document.urgency, HEI)


def _blank(word: Document, count: int) -> None:
    for _ in range(count):
        shape(word.add_paragraph())


def _red_head(word: Document, document: OfficialDocument) -> None:
    _upper_lines(word, document)
    _mark(word, document.mark)
    _blank(word, 2)
    paragraph = shape(word.add_paragraph(), align="left" if document.signer else "center")
    if document.signer:
        # 7.2.5, 7.2.6: upward, the number is one character in, the signatory on the right. Spaces
        # rather than indents, for the rule below is as wide as the type area.
        tab_at(paragraph, Length(AREA_WIDTH - BODY), "right")
        say(paragraph, f"\u3000{document.number}\t签发人：", FANGSONG)
        say(paragraph, document.signer, KAI)
    else:
        say(paragraph, document.number, FANGSONG)
    rule(paragraph, "bottom", size=12, space=RULE_BELOW_NUMBER, color=RED)
    _blank(word, 2)


def _letter_head(word: Document, document: OfficialDocument) -> None:
    """10.1: mark 30 mm from the page's edge, double rules of 170 mm above and below."""
    section = word.sections[0]
    header, footer = section.first_page_header, section.first_page_footer
    section.header_distance = LETTER_MARK_TOP
    overhang = -LETTER_RULE_OVERHANG.pt
    size, _ = _mark_size(document.mark)
    paragraph = shape(
        header.paragraphs[0], align="center", left=overhang, right=overhang, line=Pt(size.pt * 1.15)
    )
    _say_mark(paragraph, document.mark)
    rule(paragraph, "bottom", size=24, space=11, color=RED, style="thickThinSmallGap")
    section.footer_distance = LETTER_RULE_BOTTOM
    below = shape(footer.paragraphs[0], left=overhang, right=overhang, line=Pt(2))
    rule(below, "bottom", size=24, space=1, color=RED, style="thinThickSmallGap")
    if document.urgency:
        say(shape(word.add_paragraph(), align="left"), document.urgency, HEI)
    # The number stands right-aligned below the first double rule (10.1).
    say(shape(word.add_paragraph(), align="right"), document.number, FANGSONG)
    _blank(word, 2)


def _bulletin_head(word: Document, document: OfficialDocument) -> None:
    mark = document.mark or "简报"
    size, _ = _mark_size(mark)
    paragraph = shape(word.add_paragraph(), align="center", before=20, line=Pt(size.pt * 1.15))
    _say_mark(paragraph, mark)
    if document.issue:
        say(shape(word.add_paragraph(), align="center", before=6), document.issue, FANGSONG)
    below = shape(word.add_paragraph(), align="left", before=6)
    tab_at(below, Length(AREA_WIDTH - BODY), "right")
    day = day_in_words(document.printed_on) if document.printed_on else ""
    say(below, f"\u3000{document.compiler}\t{day}", FANGSONG)
    rule(below, "bottom", size=12, space=6, color=RED)
    _blank(word, 1)
