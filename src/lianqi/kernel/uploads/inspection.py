"""The one door for uploads: bounded reading, type by content, checks of the kind, marks."""

from typing import BinaryIO, Protocol

from lianqi.kernel.crypto import sm3
from lianqi.kernel.uploads.marks import classification_mark, mark_in_name
from lianqi.kernel.uploads.names import clean_name, extension
from lianqi.kernel.uploads.office import check_office
from lianqi.kernel.uploads.pdfs import check_pdf
from lianqi.kernel.uploads.pictures import check_picture
from lianqi.kernel.uploads.rules import (
    CONTENT_TYPES,
    MEGABYTE,
    Checked,
    CleanFile,
    UploadRefused,
    UploadRule,
)
from lianqi.kernel.uploads.sniff import HEAD, foreign_content, refused_start, sniff
from lianqi.kernel.uploads.texts import check_text

_EXTENSIONS = {"jpg": "jpeg", **{kind: kind for kind in CONTENT_TYPES}}
_LEGACY = {"doc": "docx", "wps": "docx", "xls": "xlsx", "et": "xlsx"}
_MACRO = {"docm", "dotm", "xlsm", "xltm", "xlam", "xlsb"}
_PICTURES = {"jpeg", "png", "webp"}
_TEXTS = {"txt", "csv"}
_OFFICE = {"docx", "xlsx"}
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_CHUNK = 64 * 1024


class Readable(Protocol):
    """Anything read in pieces: an open file, a Django upload."""

    def read(self, size: int = ..., /) -> bytes: ...


def inspect_upload(
    name: str, source: bytes | Readable | BinaryIO, *, accept: UploadRule
) -> CleanFile:
    """Check one uploaded file and give back what may be stored.

    Args:
        name: the file name the browser sent; used for its extension and for display only.
        source: bytes, or a binary stream; of that at most ``accept.max_bytes + 1`` are read.
        accept: what the feature takes.

    Raises:
        UploadRefused: with a stable ``code`` and a Chinese ``message`` that names the file.
    """
    shown = clean_name(name)
    try:
        data = _read_bounded(source, accept)
        checked = _checked(shown, data, accept)
        _refuse_marked(shown, checked.texts)
    except UploadRefused as refusal:
        raise refusal.about(shown) from None
    return CleanFile(
        name=shown,
        content=checked.content,
        content_type=CONTENT_TYPES[_EXTENSIONS[extension(shown)]],
        size=len(checked.content),
        sm3=sm3(checked.content),
        notes=checked.notes,
        encoding=checked.encoding,
    )


def read_texts(name: str, content: bytes) -> tuple[tuple[str, ...], bool]:
    """Return the texts of a file that has passed inspection, and whether any could be read.

    Pictures, and pages that were scanned, hold words that cannot be read here; of a PDF the first
    ten pages and the last are read.
    """
    kind = _EXTENSIONS[extension(name)]
    if kind in _PICTURES:
        return (), False
    if kind in _OFFICE:
        checked = check_office(content, kind)
    else:
        checked = check_pdf(content) if kind == "pdf" else check_text(content, kind)
    return checked.texts, kind != "pdf" or not checked.notes


def _read_bounded(source: bytes | Readable | BinaryIO, accept: UploadRule) -> bytes:
    """All bytes, or a refusal before or as soon as the limit is passed."""
    declared = len(source) if isinstance(source, bytes) else getattr(source, "size", None)
    if isinstance(declared, int) and declared > accept.max_bytes:
        raise _too_large(accept)
    data = source if isinstance(source, bytes) else _read(source, accept.max_bytes + 1)
    if len(data) > accept.max_bytes:
        raise _too_large(accept)
    if not data.strip(b"\0 \t\r\n"):
        raise UploadRefused("empty", "文件是空的，请确认选对了文件后重新上传。")
    return data


def _read(stream: Readable | BinaryIO, most: int) -> bytes:
    pieces: list[bytes] = []
    left = most
    while left and (piece := stream.read(min(left, _CHUNK))):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


def _checked(shown: str, data: bytes, accept: UploadRule) -> Checked:
    kind = _expected_kind(extension(shown), accept)
    _check_content_is(kind, data)
    if kind in _OFFICE:
        return check_office(data, kind)
    hidden = foreign_content(data, kind if kind not in _TEXTS else "text")
    if hidden:
        raise UploadRefused(
            "polyglot", f"文件里夹带了{hidden}，不能上传，请重新导出原文件后再上传。"
        )
    if kind == "pdf":
        return check_pdf(data)
    return check_picture(data, kind) if kind in _PICTURES else check_text(data, kind)


def _expected_kind(suffix: str, accept: UploadRule) -> str:
    if suffix in _LEGACY:
        raise _legacy(_LEGACY[suffix])
    if suffix in _MACRO:
        raise UploadRefused("macro", "不收带宏的文件，请另存为不含宏的 docx 或 xlsx 后再上传。")
    kind = _EXTENSIONS.get(suffix)
    if kind is None or kind not in accept.types:
        shown = f"“.{suffix}”文件" if suffix else "没有扩展名的文件"
        raise UploadRefused("type", f"{accept.label}不收{shown}，可以上传：{accept.accepted}。")
    return kind


def _check_content_is(kind: str, data: bytes) -> None:
    found = sniff(data)
    if found == "ole":
        raise _ole(kind, data)
    if found == "heic":
        raise UploadRefused(
            "type", "不收 HEIC 图片，请把手机相机的格式设为“兼容性最佳”（JPG），或另存为 JPG。"
        )
    refusal = refused_start(data) if found == "text" else None
    if refusal:
        raise UploadRefused(*refusal)
    if found == "zip" and kind not in _OFFICE:
        raise UploadRefused("archive", "内容是压缩包，与扩展名不符，请解压后逐个上传。")
    expected = {"docx": "zip", "xlsx": "zip", "txt": "text", "csv": "text"}.get(kind, kind)
    if found != expected:
        raise _mismatch(kind, found, data)


def _mismatch(kind: str, found: str, data: bytes) -> UploadRefused:
    if kind == "pdf" and b"%PDF-" in data[:HEAD]:
        return UploadRefused(
            "polyglot", "PDF 开头附有别的内容，不能上传，请重新“打印为 PDF”后再上传。"
        )
    label = {"text": "", "zip": "", "pdf": "（实为 PDF）"}.get(
        found, f"（实为 {found.upper()} 图片）"
    )
    return UploadRefused(
        "mismatch", f"内容不是 {kind} 文件{label}，与扩展名不符，请用原来的软件另存为 {kind}。"
    )


def _ole(kind: str, data: bytes) -> UploadRefused:
    if _ENCRYPTED_PACKAGE in data:
        return UploadRefused(
            "encrypted", "文件设有打开密码，无法检查，请在 Word 或 Excel 中取消密码后再上传。"
        )
    return _legacy(kind if kind in _OFFICE else "docx 或 xlsx")


def _legacy(target: str) -> UploadRefused:
    return UploadRefused(
        "legacy_office",
        f"这是旧版 Office/WPS 格式，请用 Word、Excel 或 WPS 另存为 {target} 后再上传。",
    )


def _refuse_marked(shown: str, texts: tuple[str, ...]) -> None:
    where, mark = "文件名", mark_in_name(shown)
    if mark is None:
        where = "正文"
        mark = next(filter(None, map(classification_mark, texts)), None)
    if mark is not None:
        raise UploadRefused(
            "classified",
            f"{where}中有密级标志“{mark}”。涉密材料不得上传本系统，请按保密规定另行报送。",
        )


def _too_large(accept: UploadRule) -> UploadRefused:
    return UploadRefused(
        "too_large",
        f"超过 {accept.max_bytes // MEGABYTE} MB（{accept.label}的上限），请压缩或拆分后再上传。",
    )
