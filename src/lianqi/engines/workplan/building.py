"""Paragraphs become a tree of headings and tasks; labels find the paragraph they belong to."""

import re
from collections.abc import Iterable

from lianqi.engines.roster.units import is_complete_unit
from lianqi.engines.workplan.labels import Labels, labelled, take_labels
from lianqi.engines.workplan.outline import Node, numbered
from lianqi.engines.workplan.source import Paragraph
from lianqi.engines.workplan.units import KnownUnits

ANNEX = 0
_PLAIN = 9
_LONGEST_REST = 60
_SENTENCE = re.compile(r"[。；;！？]")
_BLANKS = re.compile(r"[ \t\u3000\xa0]+")


def build_tree(paragraphs: Iterable[Paragraph], known: KnownUnits) -> Node:
    """Return the root above all paragraphs of a plan."""
    builder = _Builder(known)
    for paragraph in paragraphs:
        builder.take(paragraph)
    return builder.root


class _Builder:
    def __init__(self, known: KnownUnits) -> None:
        self.known = known
        self.root = Node(-1, 0, "", "")
        self.node = self.root
        # Paragraphs without number since the last label, and where the last label went.
        self.loose: list[Paragraph] = []
        self.target: Node | None = None
        self.broken: list[str] | None = None

    def take(self, paragraph: Paragraph) -> None:
        text = _BLANKS.sub(" ", paragraph.text).strip()
        if not text:
            return
        if (found := labelled(text)) is not None:
            self._take_label(found)
        elif self._goes_on(text):
            return
        else:
            self._take_words(text, paragraph)

    # --- labels on lines of their own

    def _take_label(self, found: Labels) -> None:
        if self.target is None:
            self.target = self._owner()
        self.target.labels.add(found)
        self.broken = self._broken_value(self.target.labels, found)

    def _broken_value(self, labels: Labels, found: Labels) -> list[str] | None:
        """Return the values whose last one ends in half a unit's name, where the print broke it."""
        for kind in ("lead", "helpers", "units"):
            if getattr(found, kind):
                values = getattr(labels, kind)
                return None if is_complete_unit(values[-1].split("、")[-1]) else values
        return None

    def _goes_on(self, text: str) -> bool:
        """Whether the line is the rest of a unit's name that the print has broken."""
        if self.broken is None or numbered(text) or len(text) > _LONGEST_REST:
            return False
        if _SENTENCE.search(text):
            return False
        self.broken[-1] += text
        self.broken = None
        return True

    def _owner(self) -> Node:
        """Return the paragraph to which labels on the next lines belong."""
        loose, self.loose = self.loose, []
        if loose and (self.node.is_task or self.node is self.root):
            self._make_room(self.node)
            return self._loose_task(loose)
        parent = self.node.parent
        if parent is not None and self._ends_a_list(self.node, parent):
            parent.warnings.append("责任单位写在几个要点之后，按整段计，请核对。")
            self.node = parent
        return self.node

    @staticmethod
    def _ends_a_list(node: Node, parent: Node) -> bool:
        """Whether the node is the last of several sub-points of a paragraph, all without a unit."""
        before = parent.children[: parent.children.index(node)]
        if not before or parent.is_task or not _SENTENCE.search(parent.words):
            return False
        return not any(one.is_task or one.holds_tasks() for one in before)

    def _make_room(self, node: Node) -> None:
        """A heading that has taken the first of several unnumbered tasks gives it up again."""
        if node.is_task and node.more and not _SENTENCE.search(node.words) and node.parent:
            first = Node(
                _PLAIN, node.line, "", "\n".join(node.more), labels=node.labels, parent=node
            )
            node.children.insert(0, first)
            node.more, node.labels = [], Labels()

    def _loose_task(self, loose: list[Paragraph]) -> Node:
        words = [_BLANKS.sub(" ", one.text).strip() for one in loose]
        for text in words:
            if text in self.node.more:
                self.node.more.remove(text)
        task = Node(_PLAIN, loose[0].line, "", "\n".join(words), parent=self.node)
        self.node.children.append(task)
        return task

    # --- words

    def _take_words(self, text: str, paragraph: Paragraph) -> None:
        self.target = self.broken = None
        place = numbered(text)
        if place is None and paragraph.heading:
            place = (paragraph.heading + 1, text)
        words, labels = take_labels(place[1] if place else text, self.known)
        if place is not None:
            number = text[: len(text) - len(place[1])].strip() if place[1] != text else ""
            self._open(place[0], number, words, labels, paragraph)
        elif labels.has_units and words:
            self._make_room(self.node)
            self.loose = []
            task = Node(_PLAIN, paragraph.line, "", words, labels=labels, parent=self.node)
            self.node.children.append(task)
        elif labels.has_units:
            # A bracket alone on its line says who does what stands above it.
            self._take_label(labels)
            self.target = None
        else:
            self._take_loose(text, paragraph)

    def _open(
        self, level: int, number: str, words: str, labels: Labels, paragraph: Paragraph
    ) -> None:
        parent = self.node
        while parent.parent is not None and parent.level >= level:
            parent = parent.parent
        node = Node(level, paragraph.line, number, words, labels=labels, parent=parent)
        parent.children.append(node)
        self.node, self.loose = node, []

    def _take_loose(self, text: str, paragraph: Paragraph) -> None:
        node = self.node
        if _awaits_title(node) and not _SENTENCE.search(text):
            node.words = f"{node.words}{''.join(text.split())}"
            node.heading = f"{node.heading.strip()} "
            return
        self.loose.append(paragraph)
        if not node.is_task:  # what follows the units of a task is no part of it
            node.more.append(text)


def _awaits_title(node: Node) -> bool:
    """Whether the title of an annex may still stand on the next line below “附件2”."""
    untouched = node.level == ANNEX and not node.children and not node.more
    return untouched and len(node.words) < _LONGEST_REST
