"""One way of writing: full-width forms, Chinese numerals and dashes of a time expression made plain."""

import re
import unicodedata

_DIGITS = {"〇": 0, "零": 0, "○": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5,
           "六": 6, "七": 7, "八": 8, "九": 9}  # fmt: skip
_DASHES = str.maketrans(dict.fromkeys("－—–−~～﹣‐", "-"))
_CHINESE_YEAR = re.compile(r"[〇零○一二三四五六七八九]{4}(?=年|[-至到])")
# “一期” counts stages and “十月” months; only numerals that stand before a unit of time are read.
_CHINESE_NUMBER = re.compile(
    r"(?<![一二两三四五六七八九十])"
    r"(?:[一二两三四五六七八九]?十[一二两三四五六七八九]?|[一二两三四五六七八九]{1,3})"
    r"(?=个?(?:月|日|号|季度|工作日|周|年(?!度)|天))"
)
_SPACE = re.compile(r"\s+")


def plain(text: str) -> str:
    """Return the expression without white space, with Arabic numbers and one kind of dash."""
    joined = _SPACE.sub("", unicodedata.normalize("NFKC", text)).translate(_DASHES)
    joined = _CHINESE_YEAR.sub(lambda found: "".join(str(_DIGITS[c]) for c in found[0]), joined)
    return _CHINESE_NUMBER.sub(lambda found: str(_number(found[0])), joined)


def _number(text: str) -> int:
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return int("".join(str(_DIGITS[c]) for c in text))
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
