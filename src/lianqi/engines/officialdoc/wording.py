"""Where a title breaks, which level a paragraph has, how much of it is a heading."""

import re

_LEVELS = (
    (1, re.compile(r"[一二三四五六七八九十]{1,3}、")),
    (2, re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]")),
    (3, re.compile(r"\d{1,2}[.．](?!\d)")),
    (4, re.compile(r"[（(]\d{1,2}[）)]")),
)
_HEADING = re.compile(r"[^。！？]{2,40}[。！？]?")
# A title is not broken before these, nor after those (7.3.1: 词意完整).
_NOT_FIRST = frozenset("的了和与及、，。；：》）”’！？")
_NOT_LAST = frozenset("《（“‘第")
_GLUED = re.compile(
    r"\d+年?|[A-Za-z0-9]+|《[^》]{1,18}》|关于|印发|通知|工作|联席会议|会议|办公室|高新区|专题|实施|方案|民营|经济|企业"
)


def level_of(words: str) -> int:
    """Return 1 to 4 for a numbered paragraph (一、（一）1.（1）), 0 for any other (7.3.3)."""
    for level, pattern in _LEVELS:
        if pattern.match(words.lstrip()):
            return level
    return 0


def heading_and_rest(words: str) -> tuple[str, str]:
    """Return the part of a numbered paragraph that is set as its heading, and what follows."""
    if level_of(words) not in (1, 2):
        return "", words
    found = _HEADING.match(words)
    if not found or (found.end() < len(words) and not found[0].endswith(("。", "！", "？"))):
        return "", words
    return found[0], words[found.end() :]


def title_lines(title: str, most: int) -> list[str]:
    """Return a title in lines of at most ``most`` characters, as even as its words allow.

    Lines get no longer downwards than the first two allow, so that they stand as a trapezium or a
    diamond (7.3.1); words and names in 《》 stay whole. Line breaks in the title are kept.
    """
    lines: list[str] = []
    for part in title.split("\n"):
        lines += _balanced(part.strip(), most)
    return lines


def _balanced(text: str, most: int) -> list[str]:
    if len(text) <= most:
        return [text] if text else []
    count = -(-len(text) // most)
    while True:
        lines = _cut(text, count, most)
        if all(len(line) <= most for line in lines) or count > len(text):
            return lines
        count += 1


def _cut(text: str, count: int, most: int) -> list[str]:
    lines, rest = [], text
    for left in range(count, 1, -1):
        place = _place(rest, -(-len(rest) // left), most)
        lines.append(rest[:place])
        rest = rest[place:]
    return [*lines, rest]


def _place(text: str, wanted: int, most: int) -> int:
    inside = {
        place for found in _GLUED.finditer(text) for place in range(found.start() + 1, found.end())
    }
    fits = [
        place
        for place in range(1, min(most, len(text) - 1) + 1)
        if place not in inside
        and text[place] not in _NOT_FIRST
        and text[place - 1] not in _NOT_LAST
    ]
    return min(fits, key=lambda place: abs(place - wanted), default=min(wanted, most))
