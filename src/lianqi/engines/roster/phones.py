"""Phone numbers as they stand in lists: with spaces, hyphens, country code, or two in a cell."""

import re
import unicodedata

_MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")
_LANDLINE = re.compile(r"(0\d{2,3})-?(\d{7,8})")
_PHONE_LIKE = re.compile(r"[+\d][\d\s()/、,;+.Ee-]{5,}")


def looks_like_phone(text: str) -> bool:
    """Whether the cell is meant as a phone number, right or wrong."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return _PHONE_LIKE.fullmatch(plain) is not None


def read_phone(text: str) -> tuple[str | None, str]:
    """The first valid number of a cell (None: none) and what is wrong with the cell, in Chinese.

    The words never repeat the number itself.
    """
    plain = unicodedata.normalize("NFKC", text)
    whole = _valid(plain)
    if whole:
        return whole, ""
    several = [number for part in re.split(r"[/、,;，；\s]+", plain) if (number := _valid(part))]
    if several:
        return several[0], "填了多个号码，只采用第一个，请核对"
    digits = sum(c.isdigit() for c in plain)
    if re.search(r"\dE\+?\d", plain, re.IGNORECASE):
        return None, "手机号成了科学计数法，请把该列设为文本格式后重新填写"
    if digits == len(plain.strip()) and digits != 11:
        return None, f"手机号有 {digits} 位数字，应为 11 位，请更正"
    return None, "手机号不是有效号码，请更正为 11 位数字"


def _valid(text: str) -> str | None:
    plain = re.sub(r"[\s\-()]", "", text)
    if mobile := _MOBILE.fullmatch(plain):
        return mobile[1]
    landline = _LANDLINE.fullmatch(plain)
    return f"{landline[1]}-{landline[2]}" if landline else None
