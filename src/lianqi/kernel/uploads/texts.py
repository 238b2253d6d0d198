"""Plain text and CSV: encoding found, control characters and disguised content refused."""

import codecs
import re

from lianqi.kernel.uploads.rules import Checked, UploadRefused
from lianqi.kernel.uploads.sniff import markup_start

_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
# Dynamic data exchange starts a program when the sheet is opened: =cmd|'/C calc'!A0
_DDE = re.compile(r"(?m)(?:^|[,;\t\"])\s*[=+\-@＝＋－＠][^,\n]{0,80}\|[^\n]{0,200}!")
_ENCODINGS = (("utf-8", "UTF-8"), ("gb18030", "GB18030"))
TEXT_LIMIT = 1_000_000


def check_text(data: bytes, kind: str) -> Checked:
    """Keep the bytes, name the encoding (a codec name for ``bytes.decode``).

    Raises:
        UploadRefused: encoding, control_characters, markup, formula.
    """
    text, codec = decoded(data)
    refusal = markup_start(data)
    if refusal:
        raise UploadRefused(*refusal)
    if _CONTROLS.search(text):
        raise UploadRefused(
            "control_characters", "内容不是纯文本（含控制字符），请确认文件没有改错扩展名。"
        )
    if kind == "csv" and _DDE.search(text):
        raise UploadRefused(
            "formula", "单元格里有会启动程序的公式（DDE），请删除以 = 开头并含 | 和 ! 的单元格。"
        )
    label = {"utf-8-sig": "UTF-8（带 BOM）"}.get(codec) or dict(_ENCODINGS)[codec]
    return Checked(data, (text[:TEXT_LIMIT],), (f"文字编码：{label}。",), codec)


def decoded(data: bytes) -> tuple[str, str]:
    """The text and its codec: utf-8-sig, utf-8 or gb18030.

    Raises:
        UploadRefused: encoding.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UploadRefused("encoding", "文字编码是 UTF-16，请在记事本中另存为 UTF-8 后再上传。")
    if data.startswith(codecs.BOM_UTF8):
        candidates: tuple[str, ...] = ("utf-8-sig",)
    else:
        candidates = tuple(codec for codec, _ in _ENCODINGS)
    for codec in candidates:
        try:
            return data.decode(codec), codec
        except UnicodeDecodeError:
            continue
    raise UploadRefused("encoding", "内容不是可读的文字，请另存为 UTF-8 或 GB18030 编码的文本。")
