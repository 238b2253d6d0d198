"""A .docx as the checker sees it: what each paragraph really looks like, styles included."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from lianqi.engines.officialdoc.measures import FACES

MAX_BYTES = 50 * 1024 * 1024
MAX_UNPACKED = 300 * 1024 * 1024


class DocumentUnreadable(ValueError):
    """The file is no .docx that can be read; the text says why and what to do, in Chinese."""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph: its words and how the first of them are set."""

    place: int
    words: str
    faces: frozenset[str]
    sizes: frozenset[float]
    colors: frozenset[str]
    align: str
    first_indent: float
    left_indent: float
    right_indent: float
    line_height: float | None
    red_rule: bool
    framed: bool

    @property
    def size(self) -> float:
        """The size most of the line is set in: the only one, or the largest."""
        return max(self.sizes, default=0.0)


def open_document(content: bytes) -> Document:
    """Return the document; raise DocumentUnreadable for anything else than a sound .docx."""
    if len(content) > MAX_BYTES:
        raise DocumentUnreadable(f"文件超过 {MAX_BYTES // 1048576} MB，请删去图片后再检查。")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise DocumentUnreadable("这是旧版或加密的 Office 文件，请在 Word 或 WPS 中另存为 .docx。")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(member.file_size for member in archive.infolist()) > MAX_UNPACKED:
                raise DocumentUnreadable("文件解压后过大，已拒绝读取。")
        return docx.Document(io.BytesIO(content))
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError, SyntaxError) as problem:
        if isinstance(problem, DocumentUnreadable):
            raise
        raise DocumentUnreadable(
            "不是 Word 文件（.docx），或已损坏。请另存为 .docx 再检查。"
        ) from problem


def lines_of(word: Document) -> Iterator[Line]:
    """Yield the paragraphs outside tables, in order, those without words too."""
    for place, paragraph in enumerate(word.paragraphs, 1):
        yield _line(place, paragraph)


def header_lines(word: Document) -> list[Line]:
    """Return the paragraphs of the first page's header, where a letter has its mark."""
    section = word.sections[0]
    if not section.different_first_page_header_footer:
        return []
    return [_line(0, paragraph) for paragraph in section.first_page_header.paragraphs]


def _line(place: int, paragraph: Paragraph) -> Line:
    runs = [run for run in paragraph.runs if run.text.strip()]
    form = paragraph.paragraph_format
    properties = paragraph._p.pPr
    return Line(
        place=place,
        words=paragraph.text.strip(" \t\u3000"),
        faces=frozenset(_face(run, paragraph) for run in runs),
        sizes=frozenset(_size(run, paragraph) for run in runs),
        colors=frozenset(_color(run) for run in runs),
        align={1: "center", 2: "right", 3: "both"}.get(paragraph.alignment or 0, "left"),
        first_indent=_points(form.first_line_indent),
        left_indent=_points(form.left_indent),
        right_indent=_points(form.right_indent),
        line_height=_height(form.line_spacing),
        red_rule=_has_red_rule(properties),
        framed=properties is not None and properties.find(qn("w:framePr")) is not None,
    )


def _points(length: Any) -> float:
    return round(length.pt, 1) if length is not None else 0.0


def _height(spacing: Any) -> float | None:
    return round(spacing.pt, 2) if hasattr(spacing, "pt") else None


def _styles(paragraph: Paragraph) -> Iterator[Any]:
    style = paragraph.style
    while style is not None:
        yield style
        style = style.base_style  # type: ignore[assignment]  # styles of paragraphs rest on such


def _face(run: Any, paragraph: Paragraph) -> str:
    for source in (run._r.rPr, *(style.element.rPr for style in _styles(paragraph))):
        fonts = source.find(qn("w:rFonts")) if source is not None else None
        name = fonts.get(qn("w:eastAsia")) if fonts is not None else None
        if name:
            return next((face for face, names in FACES.items() if name in names), name)
    return "（未指定）"


def _size(run: Any, paragraph: Paragraph) -> float:
    if run.font.size is not None:
        return float(run.font.size.pt)
    for style in _styles(paragraph):
        if style.font.size is not None:
            return float(style.font.size.pt)
    return 10.5


def _color(run: Any) -> str:
    rgb = run.font.color.rgb if run.font.color is not None else None
    return str(rgb) if rgb is not None else "000000"


def _has_red_rule(properties: Any) -> bool:
    borders = properties.find(qn("w:pBdr")) if properties is not None else None
    if borders is None:
        return False
    return any(_is_red(side.get(qn("w:color")) or "") for side in borders)


def _is_red(color: str) -> bool:
    if len(color) != 6:
        return False
    red, green, blue = (int(color[at : at + 2], 16) for at in (0, 2, 4))
    return red > 160 and green < 80 and blue < 80
