"""The text of one cell: from a spreadsheet value, and made clean for reading."""

import datetime as dt
import re
import unicodedata

# Chinese punctuation belongs to names such as “某某（新乡）有限公司” and stays full-width.
_KEPT_MARKS = frozenset("（），：；！？")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_CJK = "\u2e80-\u9fff\uf900-\ufaff（），：；！？、。《》“”"
_BREAK_IN_CHINESE = re.compile(rf"(?<=[{_CJK}])[ \t]*[\r\n\v\f\u2028\u2029]+[ \t]*(?=[{_CJK}])")


def clean_cell(text: str) -> str:
    """One line of visible text: full-width letters and digits made plain, Chinese marks kept.

    A line break between Chinese characters is only the cell's wrapping and vanishes; any other run
    of white space becomes one space. Control and zero-width characters are removed.
    """
    joined = _BREAK_IN_CHINESE.sub("", text)
    plain = "".join(
        mark if mark in _KEPT_MARKS else unicodedata.normalize("NFKC", mark) for mark in joined
    )
    visible = (c for c in plain if c.isspace() or unicodedata.category(c) not in _INVISIBLE)
    return " ".join("".join(visible).split())


def cell_text(value: object) -> str:
    """A cell's value as text: dates in ISO form, whole numbers without “.0”, text untouched.

    A number of more than 15 digits has already lost its last digits in Excel; it is given in
    scientific form, which no check of a code or phone number will take for the real one.
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < 1e15
        return str(int(value)) if whole else repr(value).upper()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
    return str(value)
