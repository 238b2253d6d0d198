"""Runs, paragraphs and borders in the exact terms of the standard, above python-docx."""

import unicodedata
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Pt, RGBColor

from lianqi.engines.officialdoc.measures import BLACK, BODY, LATIN, LINE, SPACING_TWIPS

# The order in which the schema wants the children of a paragraph's properties.
_ORDER = ("w:pStyle", "w:keepNext", "w:keepLines", "w:pageBreakBefore", "w:framePr", "w:widowControl", "w:numPr",
          "w:suppressLineNumbers", "w:pBdr", "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap",
          "w:overflowPunct", "w:topLinePunct", "w:autoSpaceDE", "w:autoSpaceDN", "w:bidi", "w:adjustRightInd",
          "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents", "w:suppressOverlap",
          "w:jc", "w:textDirection", "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl", "w:rPr")  # fmt: skip


def element(name: str, **attributes: object) -> Any:
    """Return an OOXML element of the w namespace with its attributes."""
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    return made


def put(paragraph: Any, child: Any) -> None:
    """Put a property into a paragraph in the place where the schema wants it."""
    properties = paragraph._p.get_or_add_pPr()
    for old in properties.findall(child.tag):
        properties.remove(old)
    following = [qn(name) for name in _ORDER[_ORDER.index(f"w:{_local(child)}") + 1 :]]
    for place, there in enumerate(properties):
        if there.tag in following:
            properties.insert(place, child)
            return
    properties.append(child)


def _local(child: Any) -> str:
    return str(child.tag).rpartition("}")[2]


def say(paragraph: Any, words: str, face: str, size: Length = BODY, color: str = BLACK) -> Any:
    """Add words in a Chinese face; digits and Latin letters take the Latin one."""
    run = paragraph.add_run(words)
    run.font.size = size
    run.font.name = LATIN
    run.font.color.rgb = RGBColor.from_string(color)
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), face)
    fonts.set(qn("w:hAnsi"), LATIN)
    if size == BODY:
        spacing = element("spacing", val=SPACING_TWIPS)
        run._r.rPr.insert_element_before(
            spacing, "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:highlight", "w:u", "w:lang"
        )
    return run


def narrow(run: Any, width: int) -> None:
    """Set the characters of a run narrower, to this per cent of their width."""
    if width < 100:
        run._r.rPr.insert_element_before(
            element("w", val=width), "w:kern", "w:position", "w:sz", "w:szCs", "w:lang"
        )


def shape(
    paragraph: Any,
    *,
    align: str = "both",
    first: float = 0,
    left: float = 0,
    right: float = 0,
    before: float = 0,
    after: float = 0,
    line: Length = LINE,
) -> Any:
    """Set alignment, indents and spaces (points), and the exact height of a line."""
    form = paragraph.paragraph_format
    form.alignment = {
        "both": WD_ALIGN_PARAGRAPH.JUSTIFY,
        "left": WD_ALIGN_PARAGRAPH.LEFT,
        "center": WD_ALIGN_PARAGRAPH.CENTER,
        "right": WD_ALIGN_PARAGRAPH.RIGHT,
    }[align]
    form.first_line_indent = Pt(first)
    form.left_indent, form.right_indent = Pt(left), Pt(right)
    form.space_before, form.space_after = Pt(before), Pt(after)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, line
    form.widow_control = False
    return paragraph


def rule(
    paragraph: Any, side: str, *, size: int, space: int, color: str, style: str = "single"
) -> None:
    """Draw a line along one side of a paragraph."""
    borders = element("pBdr")
    borders.append(element(side, val=style, sz=size, space=space, color=color))
    put(paragraph, borders)


def tab_at(paragraph: Any, place: Length, kind: str) -> None:
    """Set the paragraph's only tab stop."""
    tabs = element("tabs")
    tabs.append(element("tab", val=kind, pos=round(place / 635)))
    put(paragraph, tabs)


def width_of(words: str, size: float) -> float:
    """Return the printed width in points: a Chinese character is as wide as high, others half."""
    wide = sum(
        unicodedata.east_asian_width(mark) in "WF" or mark in "〔〕“”‘’—…·" for mark in words
    )
    return size * (wide + (len(words) - wide) / 2)
