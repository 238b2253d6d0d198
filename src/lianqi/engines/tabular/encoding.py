"""Bytes to text: UTF-8, UTF-16 or GB18030, and a plain word when it is none of them."""

import unicodedata

from lianqi.engines.tabular.table import TableUnreadable

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def decode_text(content: bytes) -> tuple[str, str]:
    """Text and the name of its encoding: UTF-8, UTF-16 with byte order mark, or GB18030.

    Raises TableUnreadable if none fits, if the bytes are no text, or if UTF-8 text is damaged.
    """
    encoding = next((name for bom, name in _BOMS if content.startswith(bom)), "")
    if encoding != "utf-16" and b"\0" in content:
        raise TableUnreadable("文件里有二进制内容，不是文本。请上传 .xlsx、.csv 或 .txt 文件。")
    for candidate in [encoding] if encoding else ["utf-8", "gb18030"]:
        try:
            text = content.decode(candidate)
        except UnicodeDecodeError:
            continue
        _refuse_garble(content, text, candidate)
        return text, candidate
    raise TableUnreadable(
        "认不出文件的文字编码（支持 UTF-8、UTF-16、GB18030）。"
        "请用记事本打开，另存为 UTF-8 后再上传。"
    )


def _refuse_garble(content: bytes, text: str, encoding: str) -> None:
    controls = sum(1 for c in text if unicodedata.category(c) == "Cc" and not c.isspace())
    if controls * 20 > len(text):
        raise TableUnreadable("文件里大多是控制字符，不是文本。请上传 .xlsx、.csv 或 .txt 文件。")
    if encoding != "gb18030":
        return
    # One broken byte makes whole UTF-8 text decode as GB18030 nonsense; real GB18030 has next to
    # no valid UTF-8 sequences.
    as_utf8 = content.decode("utf-8", errors="replace")
    broken = as_utf8.count("\ufffd")
    whole = sum(1 for c in as_utf8 if ord(c) > 127) - broken
    if whole > 3 * broken:
        raise TableUnreadable(
            f"文件像是 UTF-8 文本，但有 {broken} 处字节损坏或文件不完整。请重新导出后再上传。"
        )
