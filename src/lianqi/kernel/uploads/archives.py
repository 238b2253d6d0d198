"""Zip containers opened safely: no bomb, no traversal, no duplicate, no encryption, no tail."""

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator

from lianqi.kernel.uploads.rules import MEGABYTE, UploadRefused

MOST_MEMBERS = 2_000
MOST_UNPACKED = 100 * MEGABYTE
MOST_RATIO = 200
_RATIO_COUNTS_ABOVE = MEGABYTE
_CHUNK = 64 * 1024
_CENTRAL_ENTRY = b"PK\x01\x02"
_END_RECORD = b"PK\x05\x06"
_END_RECORD_BYTES = 22
_UNSAFE_NAME = re.compile(r"^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)|\\|[\x00-\x1f]")
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)


class Archive:
    """The members of a checked zip; what is unpacked is counted, for headers may lie."""

    def __init__(self, data: bytes) -> None:
        """Check the directory.

        Raises:
            UploadRefused: damaged, bomb, traversal, encrypted, polyglot.
        """
        # Counted before zipfile builds an object for each of them.
        if data.count(_CENTRAL_ENTRY) > MOST_MEMBERS:
            raise _bomb()
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN:
            raise damaged() from None
        self.members = [info for info in self._zip.infolist() if not info.is_dir()]
        self._unpacked = 0
        _check_no_tail(data, self._zip)
        _check_no_duplicates(self._zip.infolist())
        for info in self._zip.infolist():
            _check_member(info)

    def chunks(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        """Unpack one member piece by piece.

        Raises:
            UploadRefused: bomb, damaged.
        """
        size = 0
        try:
            with self._zip.open(info) as stream:
                while chunk := stream.read(_CHUNK):
                    size += len(chunk)
                    self._count(len(chunk), size, info.compress_size)
                    yield chunk
        except _BROKEN:
            raise damaged() from None

    def _count(self, more: int, size: int, packed: int) -> None:
        self._unpacked += more
        inflated = size > _RATIO_COUNTS_ABOVE and size > MOST_RATIO * max(packed, 1)
        if inflated or self._unpacked > MOST_UNPACKED:
            raise _bomb()


def damaged() -> UploadRefused:
    """The refusal of a container that cannot be read."""
    return UploadRefused("damaged", "文件已损坏，无法打开，请用 Word 或 Excel 重新另存后再上传。")


def _bomb() -> UploadRefused:
    return UploadRefused(
        "bomb", "文件解开后过大（疑似压缩炸弹），不能上传，请删减内容或拆分后再试。"
    )


def _check_no_tail(data: bytes, archive: zipfile.ZipFile) -> None:
    end = data.rfind(_END_RECORD) + _END_RECORD_BYTES
    starts = [info.header_offset for info in archive.infolist()]
    if end != len(data) or archive.comment or (starts and min(starts) != 0):
        raise UploadRefused(
            "polyglot", "文件前后附有别的内容，不能上传，请用 Word 或 Excel 重新另存后再上传。"
        )


def _check_no_duplicates(infos: list[zipfile.ZipInfo]) -> None:
    names = [info.filename.casefold() for info in infos]
    if len(set(names)) != len(names):
        raise damaged()


def _check_member(info: zipfile.ZipInfo) -> None:
    if _UNSAFE_NAME.search(info.orig_filename) or stat.S_ISLNK(info.external_attr >> 16):
        raise UploadRefused(
            "traversal", "文件内部含有不安全的路径，不能上传，请用 Word 或 Excel 重新另存。"
        )
    if info.flag_bits & 0x1:
        raise UploadRefused("encrypted", "文件设有密码，无法检查，请取消密码后再上传。")
    if info.compress_type not in _METHODS:
        raise damaged()
