"""Numbered paragraphs as a tree: 附件, 第一条, 一、（一）1.（1）①, whatever of it a plan uses."""

import re
from dataclasses import dataclass, field

from lianqi.engines.workplan.labels import Labels

_NUMERAL = "[一二三四五六七八九十百零〇]{1,5}"
_LEVELS = (
    re.compile(r"附\s*件\s*(?:\d{1,2}|[一二三四五六七八九十]{1,2})?\s*[:：]?(?=\s|$)"),
    re.compile(rf"第{_NUMERAL}(?:部分|章|节|篇)\s*"),
    re.compile(rf"(?:{_NUMERAL}\s*[、.．]|第{_NUMERAL}条)\s*"),
    re.compile(rf"[（(]\s*{_NUMERAL}\s*[）)]\s*[、.．]?\s*"),
    re.compile(r"\d{1,3}\s*(?:[、．]|[.](?!\d))\s*"),
    re.compile(r"(?:[（(]\s*\d{1,3}\s*[）)]|[⑴-⒇])\s*[、.．]?\s*"),
    re.compile(r"(?:[①-⑳]|\d{1,3}\s*[)）])\s*"),
)
_SENTENCE_END = re.compile(r"[。！？；;]")
LONGEST_TITLE = 60


def numbered(text: str) -> tuple[int, str] | None:
    """Return the level (0 uppermost) of a numbered paragraph and its words; None if not numbered."""
    for level, pattern in enumerate(_LEVELS):
        if found := pattern.match(text):
            return level, text[found.end() :].strip()
    return None


@dataclass
class Node:
    """A paragraph with what stands below it."""

    level: int
    line: int
    heading: str
    words: str
    more: list[str] = field(default_factory=list)
    labels: Labels = field(default_factory=Labels)
    parent: "Node | None" = None
    children: list["Node"] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def is_task(self) -> bool:
        """Whether somebody is responsible."""
        return self.labels.has_units

    def path(self) -> tuple[str, ...]:
        """Return the headings above, the uppermost first."""
        above = []
        node = self.parent
        while node is not None and node.parent is not None:
            above.append(heading_of(node))
            node = node.parent
        return tuple(reversed(above))

    def text(self) -> str:
        """Return its words with those of the sub-points that have no unit of their own."""
        below = [
            f"{child.heading}{child.text()}"
            for child in self.children
            if not child.is_task and not child.holds_tasks()
        ]
        return "\n".join(part for part in [self.words, *self.more, *below] if part)

    def holds_tasks(self) -> bool:
        """Whether a paragraph below it is a task."""
        return any(child.is_task or child.holds_tasks() for child in self.children)


def heading_of(node: Node) -> str:
    """Return a heading as it stands, with its number; of a paragraph its first sentence."""
    return f"{node.heading}{title_of(node.words)}".strip()


def title_of(words: str) -> str:
    """Return the first sentence, or as much of it as a line holds."""
    first = _SENTENCE_END.split(words.split("\n")[0], maxsplit=1)[0].strip()
    return first if len(first) <= LONGEST_TITLE else f"{first[: LONGEST_TITLE - 1]}…"
