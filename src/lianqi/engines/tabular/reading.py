"""The one door in: tells the kind of a file by its bytes and reads its table."""

from pathlib import PurePath

from lianqi.engines.tabular.delimited import read_delimited
from lianqi.engines.tabular.table import Table, TableUnreadable
from lianqi.engines.tabular.workbook import read_workbook

MAX_BYTES = 20 * 1024 * 1024

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"


def read_table(
    name: str,
    content: bytes,
    *,
    max_rows: int = 100_000,
    max_cols: int = 200,
    max_bytes: int = MAX_BYTES,
) -> Table:
    """Read the first sheet that has content; the kind is told by the bytes, not by the name.

    Raises TableUnreadable: empty, too big, encrypted, old .xls, damaged, binary, no sheet.
    """
    if not content.strip():
        raise TableUnreadable("文件是空的。请确认选对了文件，再重新上传。")
    if len(content) > max_bytes:
        raise TableUnreadable(
            f"文件有 {len(content) / 1048576:.1f} MB，超过上限 {max_bytes / 1048576:.0f} MB。"
            "请删去图片和多余的工作表，或分成几个文件上传。"
        )
    _refuse_foreign(name, content)
    if content.startswith(_ZIP):
        table = read_workbook(content, max_rows, max_cols)
    else:
        table = read_delimited(content, max_rows, max_cols)
    if not table.rows:
        raise TableUnreadable("表格里没有任何内容。请确认选对了文件和工作表，再重新上传。")
    return table


def _refuse_foreign(name: str, content: bytes) -> None:
    """Refuse files of other programs with a word on how to save them as a table."""
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise TableUnreadable(
                "文件设了打开密码，无法读取。请在 Excel 或 WPS 中取消密码后再上传。"
            )
        raise TableUnreadable(
            "这是旧版 Office 文件（.xls、.et、.doc）。请在 Excel 或 WPS 中另存为 .xlsx 后再上传。"
        )
    if content.startswith(b"%PDF"):
        raise TableUnreadable("这是 PDF 文件，不是表格。请上传原来的 .xlsx 或 .csv 文件。")
    head = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<html", b"<!doctype", b"<?xml", b"<table", b"<meta")):
        raise TableUnreadable("这是网页格式的表格。请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。")
    claims_zip = PurePath(name).suffix.lower() in {".xlsx", ".xlsm"}
    if claims_zip and not content.startswith(_ZIP):
        raise TableUnreadable(
            "文件名是 .xlsx，内容却不是 Excel 表格，可能已损坏或改过扩展名。"
            "请重新另存为 .xlsx 后再上传。"
        )
