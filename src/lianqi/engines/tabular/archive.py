"""Guards the xlsx reader: foreign, damaged, locked or exploding archives are refused before it."""

import io
import re
import zipfile

from lianqi.engines.tabular.table import TableUnreadable, refuse_large

MAX_UNPACKED = 300 * 1024 * 1024

# A cell that carries something beyond column Z or row 9999; a styled but empty one ends in "/>".
_NOT_EMPTY_TAG = rb"""(?!(?:\s+[\w:]+\s*=\s*["'][^"'<>]*["'])*\s*/>)"""
_FAR_CELL = re.compile(
    rb"""\sr\s*=\s*["']([A-Za-z]{2,}\d+|[A-Za-z]\d{5,}|\d{5,})["']""" + _NOT_EMPTY_TAG
)
_CELL_WITHOUT_REFERENCE = re.compile(rb"<(?:\w+:)?c(?=[\s/>])(?![^<>]*\sr\s*=)")
_CHUNK = 1024 * 1024
_OVERLAP = 512


def damaged() -> TableUnreadable:
    """The refusal of a broken workbook."""
    return TableUnreadable(
        "Excel 文件已损坏，无法读取。请用 Excel 或 WPS 打开，另存为新的 .xlsx 后再上传。"
    )


def inspect_archive(content: bytes, max_rows: int, max_cols: int) -> None:
    """Refuse what would exhaust the memory before the xlsx reader sees it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _refuse_foreign_zip(entries)
            if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
                raise _bomb()
            _unpack_all(archive, entries, max_rows, max_cols)
    except TableUnreadable:
        raise
    except Exception as problem:  # damaged archives end in many kinds of errors
        raise damaged() from problem


def _refuse_foreign_zip(entries: list[zipfile.ZipInfo]) -> None:
    names = {entry.filename.lower().replace("\\", "/") for entry in entries}
    if any(entry.flag_bits & 1 for entry in entries):
        raise TableUnreadable("文件设了密码，无法读取。请取消密码后再上传。")
    if "word/document.xml" in names:
        raise TableUnreadable(
            "这是 Word 文件。请把表格复制到 Excel 或 WPS 表格，存为 .xlsx 后再上传。"
        )
    if not any(name.startswith("xl/") and name.endswith(".xml") for name in names):
        raise TableUnreadable("这不是 .xlsx 表格。请在 Excel 或 WPS 中另存为 .xlsx 后再上传。")


def _bomb() -> TableUnreadable:
    return TableUnreadable(
        f"文件解压后超过 {MAX_UNPACKED // 1048576} MB，已拒绝读取。"
        "请删去多余的内容，或分成几个文件上传。"
    )


def _unpack_all(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], max_rows: int, max_cols: int
) -> None:
    """Unpack every entry once, keeping nothing: sizes in the directory may be lies."""
    left = MAX_UNPACKED
    for entry in entries:
        extent = _Extent()
        # Else reading stops at the size that the directory claims.
        entry.file_size = left + 2 * _CHUNK
        with archive.open(entry) as stream:
            tail = b""
            while piece := stream.read(_CHUNK):
                left -= len(piece)
                if left < 0:
                    raise _bomb()
                tail = extent.scan(tail + piece, last=False)
            extent.scan(tail, last=True)
        refuse_large(*extent.size(), max_rows, max_cols)


class _Extent:
    """How far the cells of one sheet reach, read off the raw XML without building the sheet."""

    def __init__(self) -> None:
        self.rows = 0
        self.cols = 0
        self.far_row_tags = 0
        self.unnumbered = False

    def scan(self, piece: bytes, *, last: bool) -> bytes:
        """Note all cells of the piece; gives back the end, to be scanned with the next piece."""
        end = len(piece) if last else max(0, len(piece) - _OVERLAP)
        loose = _CELL_WITHOUT_REFERENCE.search(piece)
        self.unnumbered = self.unnumbered or (loose is not None and loose.start() < end)
        for found in _FAR_CELL.finditer(piece):
            if found.start() < end:
                self._note(found.group(1))
        return piece[end:]

    def _note(self, reference: bytes) -> None:
        letters = reference.rstrip(b"0123456789").upper()
        digits = reference[len(letters) :].lstrip(b"0")
        row = int(digits or b"0") if len(digits) < 9 else 10**9
        if not letters:
            self.far_row_tags = max(self.far_row_tags, row)
            return
        column = 0
        for letter in letters[:4]:
            column = column * 26 + letter - 64
        self.rows, self.cols = max(self.rows, row), max(self.cols, column)

    def size(self) -> tuple[int, int]:
        """Rows and columns; rows that only claim a number count if cells do not say theirs."""
        rows = max(self.rows, self.far_row_tags) if self.unnumbered else self.rows
        return rows, self.cols
