"""The file as paragraphs and tables in their order: .docx, .txt, .xlsx, .csv."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table as WordTable

from lianqi.engines.tabular import TableUnreadable, decode_text, read_table
from lianqi.engines.workplan.task import PlanUnreadable
from lianqi.engines.workplan.word_numbers import Numbering

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, on which line of the file it stands, and how deep a heading it is (0: none)."""

    text: str
    line: int
    heading: int = 0


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its rows of cells, and on which line it begins."""

    rows: Sequence[Sequence[str]]
    line: int


Block = Paragraph | Grid


def read_blocks(name: str, content: bytes) -> list[Block]:
    """Return the paragraphs and tables of a file, told by its bytes rather than by its name.

    Raises:
        PlanUnreadable: empty, too large, locked, damaged, or of a kind that is not read.
    """
    _refuse_foreign(content)
    try:
        if content.startswith(_ZIP) and _is_word(content):
            return list(_from_word(content))
        if content.startswith(_ZIP) or PurePath(name).suffix.lower() in {".csv", ".tsv"}:
            return [Grid(read_table(name, content).rows, 1)]
        text, _ = decode_text(content)
    except TableUnreadable as problem:
        raise PlanUnreadable(str(problem)) from problem
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [Paragraph(line, number) for number, line in enumerate(lines, 1)]


def _refuse_foreign(content: bytes) -> None:
    if not content.strip():
        raise PlanUnreadable("文件是空的。请确认选对了文件，再重新上传。")
    if len(content) > MAX_BYTES:
        raise PlanUnreadable(
            f"文件有 {len(content) / 1048576:.0f} MB，超过上限 {MAX_BYTES // 1048576} MB。"
            "请删去图片后再上传。"
        )
    if content.startswith(_OLE):
        raise PlanUnreadable(_old_office(content))
    if content.startswith(b"%PDF"):
        raise PlanUnreadable("这是 PDF 文件，读不出段落。请上传原来的 Word 文件（.docx）。")
    if content.startswith(b"{\\rtf"):
        raise PlanUnreadable("这是 RTF 文件。请在 Word 或 WPS 中另存为 .docx 后再上传。")


def _old_office(content: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return "文件设了打开密码，无法读取。请取消密码后再上传。"
    return "这是旧版 Office 文件（.doc、.wps、.xls）。请在 Word 或 WPS 中另存为 .docx 或 .xlsx 后再上传。"


def _damaged() -> PlanUnreadable:
    return PlanUnreadable(
        "Word 文件已损坏，无法读取。请用 Word 或 WPS 打开，另存为新的 .docx 后再上传。"
    )


def _is_word(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(member.file_size for member in archive.infolist()) > MAX_UNPACKED:
                raise PlanUnreadable(
                    f"文件解压后超过 {MAX_UNPACKED // 1048576} MB，已拒绝读取。请删去图片后再上传。"
                )
            return "word/document.xml" in archive.namelist()
    except zipfile.BadZipFile as problem:
        raise _damaged() from problem


def _from_word(content: bytes) -> Iterator[Block]:
    try:
        document = docx.Document(io.BytesIO(content))
        yield from _word_blocks(document)
    except (PackageNotFoundError, KeyError, ValueError, zipfile.BadZipFile, SyntaxError) as problem:
        raise _damaged() from problem


def _word_blocks(document: Document) -> Iterator[Block]:
    numbering = Numbering(document)
    line = 0
    for piece in document.iter_inner_content():
        line += 1
        if isinstance(piece, WordTable):
            yield Grid([[cell.text for cell in row.cells] for row in piece.rows], line)
            continue
        # A line break inside a paragraph is a new line of the plan.
        number, heading = numbering.number_of(piece), _heading(numbering.style_of(piece))
        for part, text in enumerate(piece.text.split("\n")):
            yield Paragraph(f"{number if part == 0 else ''}{text}", line, heading)


def _heading(style: Any) -> int:
    name = (style.name or "").lower() if style is not None else ""
    for word in ("heading ", "标题 "):
        if name.startswith(word) and name[len(word) :].isdigit():
            return int(name[len(word) :])
    return 0
