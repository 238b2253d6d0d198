"""Names by the first letters of their pinyin, as people type them: 精工机械 is jgjx."""

import os
import re
from itertools import islice, product
from unicodedata import normalize

# Its dictionary of phrases takes 40 MB of each process, and still reads 长葛 as zg.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")

from pypinyin import Style, lazy_pinyin

MOST = 32
# Characters of firms' names that are read in two ways, both of which people type.
_TWICE = {
    "长": "cz", "行": "hx", "重": "zc", "乐": "ly", "单": "ds", "厦": "xs", "盛": "sc", "曾": "zc",
    "朝": "cz", "调": "td", "弹": "td", "藏": "cz", "传": "cz", "会": "hk", "解": "jx", "校": "xj",
    "参": "cs", "降": "jx", "查": "cz", "仇": "qc", "便": "bp",
}  # fmt: skip
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_PLACE_SUFFIX = re.compile(r"(?<=[\u4e00-\u9fff])[省市县区](?=[\u4e00-\u9fff]{2})")


def initials(name: str) -> list[str]:
    """Return the initials of a name, one for each way to read it, small letters and digits only.

    长葛 is cg and zg. A name with 省, 市, 县 or 区 is also given without, for 新乡精工 stands for
    新乡市精工. Only the first ``MOST`` readings are kept; a name without Chinese has none.
    """
    name = normalize("NFKC", name)
    if not _CHINESE.search(name):
        return []
    both = (name, _PLACE_SUFFIX.sub("", name))
    return list(dict.fromkeys(read for said in both for read in _readings(said)))


def _readings(name: str) -> list[str]:
    each = [_TWICE.get(character) or (_letter(character),) for character in name]
    return ["".join(read) for read in islice(product(*each), MOST)]


def _letter(character: str) -> str:
    """Return the first letter of a Chinese character, others as they are, "" for blanks and marks."""
    [letter] = lazy_pinyin(character, style=Style.FIRST_LETTER)
    return re.sub(r"[^a-z0-9]", "", letter.lower())
