"""Writes a document as .docx: page, head, body and foot by GB/T 9704-2012."""

import io
from datetime import UTC, datetime
from typing import Any

import docx
from docx.document import Document
from docx.oxml.ns import qn

from lianqi.engines.officialdoc.archive import without_moment
from lianqi.engines.officialdoc.body import write_body
from lianqi.engines.officialdoc.document import Layout, OfficialDocument
from lianqi.engines.officialdoc.foot import write_foot
from lianqi.engines.officialdoc.head import write_head
from lianqi.engines.officialdoc.measures import (
    BODY,
    BOTTOM,
    FANGSONG,
    FOOTER,
    LATIN,
    LEFT,
    LINE_TWIPS,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    RIGHT,
    SMALL,
    SONG,
    TOP,
)
from lianqi.engines.officialdoc.pieces import element, say, shape

# A file must not differ from day to day for the same document.
_TIMELESS = datetime(2020, 8, 21, tzinfo=UTC)


def write_document(document: OfficialDocument) -> bytes:
    """Return the document as a .docx; the same document gives the same content at any time."""
    word = docx.Document()
    _set_page(word, document)
    _set_style(word)
    write_head(word, document)
    write_body(word, document)
    write_foot(word, document)
    _number_pages(word)
    _say_nothing_about_us(word, document)
    target = io.BytesIO()
    word.save(target)
    return without_moment(target.getvalue())


def _set_page(word: Document, document: OfficialDocument) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = PAGE_WIDTH, PAGE_HEIGHT
    section.top_margin, section.bottom_margin = TOP, BOTTOM
    section.left_margin, section.right_margin = LEFT, RIGHT
    section.footer_distance = FOOTER
    section.different_first_page_header_footer = document.layout == Layout.LETTER
    properties = section._sectPr
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    properties.append(element("docGrid", type="lines", linePitch=LINE_TWIPS))


def _set_style(word: Document) -> None:
    normal: Any = word.styles["Normal"]
    normal.font.name, normal.font.size = LATIN, BODY
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FANGSONG)


def _number_pages(word: Document) -> None:
    """— 1 — in 4号宋体: odd pages right with one character free, even pages left (7.5)."""
    word.settings.odd_and_even_pages_header_footer = True
    section = word.sections[0]
    for footer, align in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        paragraph = shape(
            footer.paragraphs[0],
            align=align,
            right=14 if align == "right" else 0,
            left=14 if align == "left" else 0,
            line=SMALL,
        )
        say(paragraph, "— ", SONG, SMALL)
        for kind, text in (("begin", ""), ("", "PAGE"), ("separate", ""), ("1", "1"), ("end", "")):
            _field(paragraph, kind, text)
        say(paragraph, " —", SONG, SMALL)


def _field(paragraph: Any, kind: str, text: str) -> None:
    run = say(paragraph, "", SONG, SMALL)
    if kind in ("begin", "separate", "end"):
        run._r.append(element("fldChar", fldCharType=kind))
    elif kind:
        run.text = text
    else:
        code = element("instrText")
        code.text = f" {text} "
        run._r.append(code)


def _say_nothing_about_us(word: Document, document: OfficialDocument) -> None:
    about = word.core_properties
    about.author = about.last_modified_by = document.organs[0] if document.organs else ""
    about.title, about.comments = document.title.replace("\n", ""), ""
    about.created = about.modified = _TIMELESS
    # python-docx brings a picture of its own empty template; it is no part of any document.
    relations = word.part.package.rels
    for key in [key for key, one in relations.items() if one.reltype.endswith("/thumbnail")]:
        relations.pop(key)
