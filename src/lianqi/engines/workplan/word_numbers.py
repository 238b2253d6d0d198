"""Numbers that Word writes by itself: they are not in a paragraph's text and must be counted again."""

import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn

_DIGITS = "零一二三四五六七八九"
_PLACE = re.compile(r"%([1-9])")


def _chinese(number: int) -> str:
    if number < 10:
        return _DIGITS[number]
    tens, ones = divmod(number, 10)
    if tens > 9:
        return str(number)
    return f"{_DIGITS[tens] if tens > 1 else ''}十{_DIGITS[ones] if ones else ''}"


def _circled(number: int) -> str:
    return chr(0x2460 + number - 1) if 1 <= number <= 20 else str(number)


def _letter(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26)


_FORMATS: dict[str, Callable[[int], str]] = {
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "ideographDigital": _chinese,
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "lowerLetter": _letter,
    "bullet": lambda number: "",
    "none": lambda number: "",
}


class Numbering:
    """Counts the automatic numbers of a document, paragraph after paragraph."""

    def __init__(self, document: Document) -> None:
        """Read the document's lists; a document without any has no numbers."""
        self._levels: dict[tuple[str, int], tuple[str, str, int]] = {}
        self._abstract: dict[str, str] = {}
        self._counts: defaultdict[str, dict[int, int]] = defaultdict(dict)
        self._styles: dict[str | None, Any] = {}
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return
        for abstract in root.findall(qn("w:abstractNum")):
            self._read_levels(abstract)
        for num in root.findall(qn("w:num")):
            link = num.find(qn("w:abstractNumId"))
            if link is not None:
                self._abstract[num.get(qn("w:numId"))] = link.get(qn("w:val"))

    def _read_levels(self, abstract: Any) -> None:
        for level in abstract.findall(qn("w:lvl")):
            said = {
                name: found.get(qn("w:val"))
                for name in ("numFmt", "lvlText", "start")
                if (found := level.find(qn(f"w:{name}"))) is not None
            }
            key = (abstract.get(qn("w:abstractNumId")), int(level.get(qn("w:ilvl"))))
            start = said.get("start") or "1"
            self._levels[key] = (
                said.get("numFmt") or "decimal",
                said.get("lvlText") or "",
                int(start) if start.isdigit() else 1,
            )

    def style_of(self, paragraph: Any) -> Any:
        """Return a paragraph's style; python-docx would search for the usual one each time."""
        key = paragraph._p.style
        if key not in self._styles:
            self._styles[key] = paragraph.style
        return self._styles[key]

    def number_of(self, paragraph: Any) -> str:
        """Return the number that Word shows before a paragraph, and count it."""
        place = self._place(paragraph)
        if place is None:
            return ""
        abstract, level = place
        counts = self._counts[abstract]
        start = self._levels[(abstract, level)][2]
        counts[level] = counts.get(level, start - 1) + 1
        for deeper in [known for known in counts if known > level]:
            del counts[deeper]
        return _PLACE.sub(
            lambda found: self._written(abstract, int(found[1]) - 1, counts),
            self._levels[(abstract, level)][1],
        )

    def _written(self, abstract: str, level: int, counts: dict[int, int]) -> str:
        style = self._levels.get((abstract, level), ("decimal", "", 1))[0]
        return _FORMATS.get(style, str)(counts.get(level, 1))

    def _place(self, paragraph: Any) -> tuple[str, int] | None:
        """Return list and level of a paragraph, from itself or from its style."""
        sources = [paragraph._p.pPr]
        style = self.style_of(paragraph)
        while style is not None:
            sources.append(style.element.pPr)
            style = style.base_style
        for properties in sources:
            numbers = properties.find(qn("w:numPr")) if properties is not None else None
            if numbers is None:
                continue
            link, depth = numbers.find(qn("w:numId")), numbers.find(qn("w:ilvl"))
            abstract = self._abstract.get(link.get(qn("w:val"))) if link is not None else None
            level = int(depth.get(qn("w:val"))) if depth is not None else 0
            known = abstract is not None and (abstract, level) in self._levels
            return (str(abstract), level) if known else None
        return None
