"""“责任单位：…” and “完成时限：…”: on lines of their own, or in brackets at the end of a paragraph."""

import re
from dataclasses import dataclass, field

from lianqi.engines.deadlines import read_deadline, years_named
from lianqi.engines.workplan.units import KnownUnits, has_role, looks_like_units

_WORDS = {
    "lead": ("牵头单位", "牵头部门", "主办单位", "主办部门", "主责单位", "第一责任单位"),
    "helpers": ("配合单位", "配合部门", "协办单位", "协办部门", "协同单位", "参与单位", "协助单位"),
    "units": (
        "责任单位", "责任部门", "责任主体", "责任科室", "承办单位", "承办部门", "落实单位", "实施单位",
    ),
    "deadline": (
        "完成时限", "完成时间", "完成日期", "完成期限", "办结时限", "办理时限", "时限要求", "时间要求",
        "时间节点", "时间安排", "工作时限", "时限",
    ),
}  # fmt: skip
KINDS = {word: kind for kind, words in _WORDS.items() for word in words}
# Between the characters of a label there may be blanks that only stretch it (“责 任 单 位”).
_LABEL = re.compile(
    "(?P<label>" + "|".join(r"\s*".join(word) for word in KINDS) + r")(?:及分工)?\s*[:：]\s*"
)
_TRAILING = re.compile(
    r"\s*[（(〔\[【](?P<inside>[^（(〔\[【）)〕\]】]*(?:[（(][^（）()]*[）)][^（(〔\[【）)〕\]】]*)*)[）)〕\]】]\s*[。.；;]?\s*$"
)
_SEGMENT = re.compile(r"[;；,，。]")
_PART_OF_YEAR = re.compile(r"[月季底末前旬]")


@dataclass
class Labels:
    """The values found under each kind of label, as they stand in the text."""

    lead: list[str] = field(default_factory=list)
    helpers: list[str] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    deadline: list[str] = field(default_factory=list)

    @property
    def has_units(self) -> bool:
        """Whether any unit is named."""
        return bool(self.lead or self.units or self.helpers)

    def add(self, other: "Labels") -> None:
        """Take over what another place says."""
        for kind in ("lead", "helpers", "units", "deadline"):
            getattr(self, kind).extend(getattr(other, kind))


def labelled(text: str) -> Labels | None:
    """Return the values of a line that begins with a label; None if it begins with something else."""
    first = _LABEL.match(text.strip())
    return _values(text.strip()) if first else None


def take_labels(text: str, known: KnownUnits) -> tuple[str, Labels]:
    """Return a paragraph without the labels and brackets at its end, and what they say."""
    found = Labels()
    rest = text.strip()
    while bracket := _TRAILING.search(rest):
        inside = _in_brackets(bracket["inside"], known)
        if inside is None:
            break
        inside.add(found)
        found, rest = inside, rest[: bracket.start()].rstrip()
    label = _LABEL.search(rest)
    if label and label.start() > 0 and not found.has_units:
        # “…工作机制。责任单位：财政局；完成时限：6月底”, all in one paragraph.
        found.add(_values(rest[label.start() :]))
        rest = rest[: label.start()].rstrip()
    return rest, found


def _values(text: str) -> Labels:
    found = Labels()
    marks = list(_LABEL.finditer(text))
    for place, mark in enumerate(marks):
        end = marks[place + 1].start() if place + 1 < len(marks) else len(text)
        kind = KINDS["".join(mark["label"].split())]
        value = text[mark.end() : end].strip().rstrip("；;，,。 \u3000")
        if value:
            getattr(found, kind).append(value)
    return found


def _in_brackets(inside: str, known: KnownUnits) -> Labels | None:
    """Return what a bracket says if it names units or a deadline; None if it is ordinary text."""
    if _LABEL.search(inside):
        before = inside[: _LABEL.search(inside).start()]  # type: ignore[union-attr]  # just found
        found = _values(inside)
        plain = _unlabelled(before, known) if before.strip(" ；;，,") else Labels()
        if plain is not None:
            plain.add(found)
            return _split_off_deadline(plain)
        return found
    return _unlabelled(inside, known)


def _split_off_deadline(found: Labels) -> Labels:
    """“责任单位：财政局，6月底前完成”: the second part is the deadline without its label."""
    if found.deadline:
        return found
    for kind in ("lead", "units", "helpers"):
        values = getattr(found, kind)
        for place, value in enumerate(values):
            kept = [part for part in _SEGMENT.split(value) if not _is_deadline(part)]
            late = [part for part in _SEGMENT.split(value) if _is_deadline(part)]
            if kept and late:
                values[place] = "，".join(kept)
                found.deadline.append("，".join(late))
    return found


def _is_deadline(text: str) -> bool:
    if not text.strip() or (has_role(text) and "完成" not in text):
        return False
    reading = read_deadline(text, plan_year=2000)
    return bool(reading.dates or reading.open_ended)


def _unlabelled(inside: str, known: KnownUnits) -> Labels | None:
    parts = [part for part in _SEGMENT.split(inside) if part.strip()]
    late = [part for part in parts if _is_deadline(part)]
    rest = [part for part in parts if part not in late]
    if rest and not all(has_role(part) or looks_like_units(part, known) for part in rest):
        return None
    if not rest and (not late or (years_named(inside) and not _PART_OF_YEAR.search(inside))):
        return None  # “做好先进典型选树工作（2020-2022年）” names the years of a cycle
    return Labels(
        units=["，".join(rest)] if rest else [], deadline=["，".join(late)] if late else []
    )
