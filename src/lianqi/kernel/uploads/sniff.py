"""Tells what a file is by its bytes, and finds foreign content hidden in it."""

import re

_PICTURES = ((b"\xff\xd8\xff", "jpeg"), (b"\x89PNG\r\n\x1a\n", "png"))

# Magic, refusal code, what it is and what to do. Those of plain letters (MZ, BM) count only if
# control characters follow: a list may well begin with the column "BM".
_BINARY: tuple[tuple[bytes, str, str], ...] = (
    (b"MZ", "executable", "这是可执行程序，不能上传。"),
    (b"\x7fELF", "executable", "这是可执行程序，不能上传。"),
    (b"\xca\xfe\xba\xbe", "executable", "这是可执行程序，不能上传。"),
    (b"\xcf\xfa\xed\xfe", "executable", "这是可执行程序，不能上传。"),
    (b"\xce\xfa\xed\xfe", "executable", "这是可执行程序，不能上传。"),
    (b"\0asm", "executable", "这是可执行程序，不能上传。"),
    (b"L\0\0\0\x01\x14\x02\0", "executable", "这是快捷方式，不能上传，请上传它指向的文件本身。"),
    (b"FWS", "executable", "这是 Flash 动画，不能上传。"),
    (b"CWS", "executable", "这是 Flash 动画，不能上传。"),
    (b"ITSF", "executable", "这是 CHM 帮助文件，不能上传。"),
    (b"Rar!\x1a\x07", "archive", "这是压缩包，请解压后逐个上传。"),
    (b"7z\xbc\xaf\x27\x1c", "archive", "这是压缩包，请解压后逐个上传。"),
    (b"\x1f\x8b", "archive", "这是压缩包，请解压后逐个上传。"),
    (b"BZh", "archive", "这是压缩包，请解压后逐个上传。"),
    (b"\xfd7zXZ\0", "archive", "这是压缩包，请解压后逐个上传。"),
    (b"\x28\xb5\x2f\xfd", "archive", "这是压缩包，请解压后逐个上传。"),
    (b"MSCF", "archive", "这是压缩包，请解压后逐个上传。"),
    (b"GIF8", "type", "不收 GIF 图片，请另存为 JPG 或 PNG 后再上传。"),
    (b"BM", "type", "不收 BMP 图片，请另存为 JPG 或 PNG 后再上传。"),
    (b"II*\0", "type", "不收 TIFF 图片，请另存为 JPG 或 PNG 后再上传。"),
    (b"MM\0*", "type", "不收 TIFF 图片，请另存为 JPG 或 PNG 后再上传。"),
    (b"\0\0\x01\0", "type", "不收图标文件，请另存为 PNG 后再上传。"),
)
_TEXTUAL: tuple[tuple[bytes, str, str], ...] = (
    (b"{\\rtf", "type", "不收 RTF 文件，请另存为 docx 或 PDF 后再上传。"),
    (b"%!PS", "type", "不收 PostScript 文件，请另存为 PDF 后再上传。"),
    (b"MIME-Version:", "markup", "这是网页归档文件，不能上传，请另存为 PDF。"),
)
_MARKUP_STARTS = (
    b"<!doctype", b"<html", b"<head", b"<body", b"<svg", b"<?xml", b"<script", b"<?php", b"<%",
    b"#!", b"@echo",
)  # fmt: skip
# At least six bytes each, so that compressed data does not contain them by chance.
_ACTIVE_TEXT = re.compile(
    rb"(?i)<script[\s>/]|<html[\s>]|<svg[\s>]|<iframe[\s>]|<!doctype\s+html|<\?php[\s=]"
)
_OTHER_FILES = re.compile(rb"Rar!\x1a\x07|7z\xbc\xaf\x27\x1c")
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_ZIP_END_REACH = 66_000  # 22 bytes and the longest comment
HEAD = 1024


def sniff(data: bytes) -> str:
    """Kind by content: jpeg, png, webp, pdf, zip, ole, heic, or text (not yet decoded)."""
    for magic, kind in _PICTURES:
        if data.startswith(magic):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "ole"
    if data[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif"):
        return "heic"
    return "text"


def refused_start(data: bytes) -> tuple[str, str] | None:
    """Code and message if the first bytes are of a kind that is never taken."""
    table = (*_BINARY, *_TEXTUAL) if _CONTROLS.search(data[:HEAD]) else _TEXTUAL
    for magic, code, message in table:
        if data.startswith(magic):
            return code, message
    return markup_start(data)


def markup_start(data: bytes) -> tuple[str, str] | None:
    """Code and message if the file begins like a web page, an SVG, XML or a script."""
    start = data[:HEAD].removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lstrip().lower()
    if start.startswith(_MARKUP_STARTS):
        return "markup", "内容是网页、SVG、XML 或脚本，不能上传，请另存为 PDF、图片或 docx。"
    return None


def foreign_content(data: bytes, kind: str) -> str | None:
    """What is hidden in a picture, PDF or text file that also reads as something else."""
    if _ACTIVE_TEXT.search(data):
        return "网页或脚本代码"
    if _ends_as_zip(data) or _OTHER_FILES.search(data):
        return "压缩包"
    if kind != "pdf" and b"%PDF-" in (data[:HEAD] if kind == "text" else data):
        return "PDF"
    return None


def _ends_as_zip(data: bytes) -> bool:
    return b"PK\x05\x06" in data[-_ZIP_END_REACH:] or (
        b"PK\x03\x04" in data and b"PK\x01\x02" in data
    )
