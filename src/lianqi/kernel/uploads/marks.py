"""Finds state-secret classification marks (密级★保密期限) in texts and file names."""

import re
import unicodedata

_LEVEL = "绝密|机密|秘密"
_STARS = "★☆✩✪✫✬✭✮✯✰⭐🌟"
_PERIOD = (
    r"(?:\d{1,4}|[一二三四五六七八九十]{1,3})(?:年|个月|月|天|日)|长期|启用前|公布前|公开前|解密前"
)
# With a period it is a mark wherever it stands; companies' own 商业秘密★3年 is no state secret.
_WITH_PERIOD = re.compile(rf"(?<!商业)(?<!技术)(?<!企业)((?:{_LEVEL})级?[{_STARS}*](?:{_PERIOD}))")
# A lone star must stand at the head of a word; two or more stars are a rating.
_WITH_STAR = re.compile(
    rf"(?:(?<![\u4e00-\u9fff])|(?<=密级))((?:{_LEVEL})级?[{_STARS}])(?![{_STARS}])"
)
_ALONE = re.compile(
    r"(?:份号:?)?(?:No\.?)?\d{0,8}(?:密级:?)?"
    rf"({_LEVEL})级?(?:文件|材料|资料|件)?(?:特急|加急|特提|平急|急件)?"
)
_LABELLED = re.compile(
    rf"密级:?({_LEVEL})级?(?=$|[^\u4e00-\u9fff★☆]|保密期限|期限|份号|紧急|特急|加急)"
)
_EDGES = "【】[]()〔〕〖〗《》「」『』<>{}“”\"'‘’*★☆#=_-—–·.,,。、:;|!"
_BLANKS = re.compile(r"[\s\u200b-\u200f\u2028-\u202f\u2060\ufeff]+")
_OLD_FORMS = str.maketrans({"絕": "绝", "機": "机", "祕": "秘"})
_SEPARATORS = re.compile(r"[\s_\-—–·.,，、;；:：()（）\[\]【】〔〕{}《》<>「」『』+&~]+")
_HEAD_LINES = 20  # GB/T 9704-2012: 密级 stands in the first lines of page one


def classification_mark(text: str) -> str | None:
    """The first classification mark in the text, or None.

    Fires on 秘密★1年, 机密 ★ 10 年, 绝密★启用前, 秘密★ (also full width, spaced out or broken
    over lines), and within the first 20 lines on a line such as 机密 or 密级：秘密.
    Ordinary sentences (商业秘密保护, 保守国家秘密) do not fire.
    """
    lines = [line for line in map(_compact, text.splitlines()) if line]
    found = _WITH_PERIOD.search("".join(lines))
    if found:
        return found[1]
    starred = (_WITH_STAR.search(line) for line in lines)
    headed = (_head_line_mark(line) for line in lines[:_HEAD_LINES])
    return next((hit[1] for hit in (*starred, *headed) if hit), None)


def mark_in_name(name: str) -> str | None:
    """The classification mark in a file name, also as one of its parts: 【机密】方案.docx."""
    found = classification_mark(name)
    if found:
        return found
    parts = (_ALONE.fullmatch(_compact(part)) for part in _SEPARATORS.split(name))
    return next((hit[1] for hit in parts if hit), None)


def _head_line_mark(line: str) -> re.Match[str] | None:
    return _ALONE.fullmatch(line.strip(_EDGES)) or _LABELLED.search(line)


def _compact(line: str) -> str:
    folded = unicodedata.normalize("NFKC", line).translate(_OLD_FORMS)
    return _BLANKS.sub("", folded)
