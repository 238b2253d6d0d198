"""PDF: encrypted, active or attached content is refused; the text of the first pages is read."""

import io
import re
import time
from collections.abc import Iterator
from typing import Any

from pypdf import Configuration, PdfReader, apply_configuration
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    StreamObject,
)

from lianqi.kernel.uploads.rules import MEGABYTE, Checked, UploadRefused

WALK_SECONDS = 10.0
TEXT_SECONDS = 3.0
MOST_OBJECTS = 100_000
_FIRST_PAGES = 10
_TAIL = 2048
_TEXT_LIMIT = 500_000
_ACTIVE = frozenset({
    "/JavaScript", "/JS", "/Launch", "/RichMedia", "/XFA", "/SubmitForm", "/ImportData",
    "/Rendition", "/GoToE",
})  # fmt: skip
_ATTACHED = frozenset({"/EmbeddedFile", "/EmbeddedFiles", "/EF", "/FileAttachment", "/Collection"})
_UNCHECKED = "未能检查文字：PDF 的文字提取失败，请人工核对有无密级标志。"
_NO_TEXT = "未能检查文字：PDF 前几页没有可提取的文字（可能是扫描件），请人工核对有无密级标志。"
LIMITS = Configuration(
    zlib_maximum_output_length=20 * MEGABYTE,
    lzw_maximum_output_length=20 * MEGABYTE,
    run_length_maximum_output_length=20 * MEGABYTE,
    array_based_stream_maximum_output_length=20 * MEGABYTE,
    zlib_maximum_recovery_input_length=MEGABYTE,
    stream_decoding_work_maximum_length=60 * MEGABYTE,
    stream_parsing_work_maximum_count=300_000,
    xform_maximum_invocations_per_extraction=500,
    page_tree_maximum_entries=20_000,
    jbig2dec_binary=None,
)


def _spelled(names: list[str]) -> re.Pattern[bytes]:
    """The names as raw bytes, each letter also as #xx (ISO 32000 7.3.5)."""
    either = ["".join(f"(?:{c}|#(?i:{ord(c):02x}))" for c in name) for name in names]
    return re.compile(f"/(?:{'|'.join(either)})(?![A-Za-z])".encode())


# Long names only: /JS occurs by chance in compressed streams.
_RAW_ACTIVE = _spelled(["JavaScript", "Launch", "RichMedia", "SubmitForm", "Rendition"])
_RAW_ATTACHED = _spelled(["EmbeddedFile", "EmbeddedFiles", "FileAttachment"])


class _OutOfTime(Exception):
    """The deadline passed while pypdf was reading."""


def check_pdf(data: bytes) -> Checked:
    """Walk all objects, then read the text of the first ten pages and the last.

    Raises:
        UploadRefused: polyglot, encrypted, active_content, embedded, too_complex, damaged.
    """
    _check_frame(data)
    _check_raw(data)
    with apply_configuration(LIMITS):
        reader = _opened(data)
        _check_objects(reader)
        texts = _texts(reader)
    if texts is None:
        return Checked(data, notes=(_UNCHECKED,))
    return Checked(data, texts, () if any(map(str.strip, texts)) else (_NO_TEXT,))


def _check_frame(data: bytes) -> None:
    _, marker, rest = data[-_TAIL:].rpartition(b"%%EOF")
    if not marker:
        raise _damaged()
    if rest.strip(b" \t\r\n\0\x1a"):
        raise UploadRefused(
            "polyglot", "PDF 末尾附有别的内容，不能上传，请重新“打印为 PDF”后再上传。"
        )


def _check_raw(data: bytes) -> None:
    if _RAW_ACTIVE.search(data):
        raise _active()
    if _RAW_ATTACHED.search(data):
        raise _attached()


def _opened(data: bytes) -> PdfReader:
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        encrypted = reader.is_encrypted
    except Exception:  # noqa: BLE001 pypdf raises many types on hostile bytes; all mean damaged
        raise _damaged() from None
    if encrypted:
        raise UploadRefused(
            "encrypted",
            "PDF 设有密码或权限限制，无法检查，请取消加密（重新“打印为 PDF”）后再上传。",
        )
    return reader


def _check_objects(reader: PdfReader) -> None:
    deadline = time.monotonic() + WALK_SECONDS
    try:
        for entry in _objects(reader):
            if time.monotonic() > deadline:
                raise _too_complex()
            _check_object(entry)
    except UploadRefused:
        raise
    except Exception:  # noqa: BLE001 as in _opened
        raise _damaged() from None


def _objects(reader: PdfReader) -> Iterator[Any]:
    numbers = [(number, 0) for number in reader.xref_objStm]
    numbers += [(number, gen) for gen, table in reader.xref.items() for number in table]
    if len(numbers) > MOST_OBJECTS:
        raise _too_complex()
    yield reader.trailer
    for number, generation in numbers:
        yield reader.get_object(IndirectObject(number, generation, reader))


def _check_object(entry: Any) -> None:
    """Look at every name in the object, without following references."""
    if isinstance(entry, StreamObject) and entry.get("/Type") == "/ObjStm":
        # Objects that pypdf cannot parse, and skips, may still open in a reader.
        _check_raw(entry.get_data())
    pending = [entry]
    while pending:
        value = pending.pop()
        if isinstance(value, DictionaryObject):
            _check_names(set(value))
            pending.extend(value.values())
        elif isinstance(value, ArrayObject):
            pending.extend(list(value))
        elif isinstance(value, NameObject):
            _check_names({str(value)})


def _check_names(names: set[str]) -> None:
    if names & _ACTIVE:
        raise _active()
    if names & _ATTACHED:
        raise _attached()


def _texts(reader: PdfReader) -> tuple[str, ...] | None:
    """One text a page, for each has its own head; None if they cannot be had in time."""
    deadline = time.monotonic() + TEXT_SECONDS

    def watch(*_: Any) -> None:
        if time.monotonic() > deadline:
            raise _OutOfTime

    try:
        count = len(reader.pages)
        wanted = sorted({*range(min(count, _FIRST_PAGES)), count - 1} - {-1})
        texts = []
        for number in wanted:
            watch()
            page = reader.pages[number]
            texts.append(page.extract_text(visitor_operand_before=watch)[:_TEXT_LIMIT])
    except Exception:  # noqa: BLE001 as in _opened; the note tells that the text is unchecked
        return None
    return tuple(texts)


def _active() -> UploadRefused:
    return UploadRefused(
        "active_content", "PDF 含有脚本、启动程序或自动提交等动作，请重新“打印为 PDF”后再上传。"
    )


def _attached() -> UploadRefused:
    return UploadRefused(
        "embedded", "PDF 里嵌有附件，不能上传，请取出附件单独上传，并重新“打印为 PDF”。"
    )


def _too_complex() -> UploadRefused:
    return UploadRefused("too_complex", "PDF 结构过于复杂，无法检查，请重新“打印为 PDF”后再上传。")


def _damaged() -> UploadRefused:
    return UploadRefused("damaged", "PDF 已损坏或不完整，无法检查，请重新导出后再上传。")
