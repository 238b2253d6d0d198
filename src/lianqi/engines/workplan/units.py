"""Names of responsible units out of “A牵头，B、C配合” and all its kin."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lianqi.engines.roster.units import canonical_unit, is_complete_unit, unit_name

KnownUnits = Mapping[str, Sequence[str]]
_LEADS = re.compile(r"(?:为)?(?:牵头|主办|主责)(?:单位|部门)?(?:负责|办理|落实|实施|组织)?$")
_SHARED = r"(?:(?:按照?|根据)?(?:各自)?(?:职责|职能)(?:分工)?(?:分别|协同)?|分工|分别|共同|联合|具体|会同)"
_ACT = r"(?:负责|配合|协办|协助|参与|参加|实施|落实|承办|办理|推进|组织)"
_ROLE = re.compile(rf"(?:{_SHARED}?{_ACT}+(?:单位|部门)?|{_SHARED})$")
_JOINTS = re.compile(r"[、/]")
_SEGMENTS = re.compile(r"[,，;；]")
_AND = re.compile(r"(?<=[局委部会院庭室所站组办处队署厅心司道团公安])[和及与](?=\S)")
_OPENED = "（(〔[【"
_CLOSED = "）)〕]】"
_COLLECTIVE = re.compile(
    r"^(?:区)?(?:各|有关|相关|全体|涉企|其他)|各(?:单位|部门|成员单位|乡|镇|街道)"
)
LONGEST_NAME = 30


@dataclass
class UnitReading:
    """Units in order, the lead unit first, with what is doubtful about them."""

    names: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def read_units(text: str, known: KnownUnits, *, lead: str = "", helpers: str = "") -> UnitReading:
    """Return the units named in ``text``; ``lead`` and ``helpers`` come from labels of their own."""
    reading = UnitReading()
    marked: list[str] = []
    for segment in _SEGMENTS.split(_joined(lead)):
        marked += _names(segment, known, reading)
    for segment in _SEGMENTS.split(_joined(text)):
        names = _names(segment, known, reading)
        if _LEADS.search(_without_tail(segment)):
            marked += names
        reading.names += names
    for segment in _SEGMENTS.split(_joined(helpers)):
        reading.names += _names(segment, known, reading)
    reading.names = list(dict.fromkeys([*marked, *reading.names]))
    if len(dict.fromkeys(marked)) > 1:
        reading.warnings.append(f"写了{len(set(marked))}个牵头单位，按第一个（{marked[0]}）计。")
    return reading


def looks_like_units(text: str, known: KnownUnits) -> bool:
    """Whether every part of the text is a unit's name, perhaps with its role."""
    reading = UnitReading()
    parts = [part for part in _SEGMENTS.split(_joined(text)) if part]
    names = [name for part in parts for name in _names(part, known, reading)]
    return bool(names) and all(_is_unit(name, known) for name in names)


def has_role(text: str) -> bool:
    """Whether a segment says what its units do: 牵头, 配合, 按职责分工负责."""
    plain = _without_tail(_joined(text))
    found = _LEADS.search(plain) or _ROLE.search(plain)
    return bool(found and found[0])


def _is_unit(name: str, known: KnownUnits) -> bool:
    if canonical_unit(name, known) is not None or _COLLECTIVE.search(name):
        return True
    return is_complete_unit(name) and len(name) <= LONGEST_NAME


def _joined(text: str) -> str:
    """White space inside names is only the print's; full-width letters are made plain."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _without_tail(segment: str) -> str:
    return segment.rstrip("。.,;:、")


def _names(segment: str, known: KnownUnits, reading: UnitReading) -> list[str]:
    plain = _without_tail(segment)
    for role in (_LEADS, _ROLE):
        plain = role.sub("", plain)
    if re.search(r"等(?:单位|部门)?$", plain):
        plain = re.sub(r"等(?:单位|部门)?$", "", plain)
        reading.warnings.append("“等”字后面还有哪些单位没有写明，请核对。")
    parts = [part for cut in _cut(plain) for part in _and(cut, known)]
    return [_known_as(part, known, reading) for part in parts if part]


def _cut(text: str) -> list[str]:
    """Cut at 、 but not inside brackets: “市场监管局（知识产权局、药监局）” is one unit."""
    parts, depth, begin = [], 0, 0
    for place, mark in enumerate(text):
        depth += (mark in _OPENED) - (mark in _CLOSED)
        if depth <= 0 and _JOINTS.match(mark):
            parts.append(text[begin:place])
            begin = place + 1
    return [part.strip() for part in [*parts, text[begin:]]]


def _and(name: str, known: KnownUnits) -> list[str]:
    """Cut “财政局和税务局”, never “综合监管和执法局”."""
    if canonical_unit(name, known) is not None:
        return [name]
    parts = _AND.split(name)
    return parts if all(_is_unit(part, known) for part in parts) else [name]


def _known_as(name: str, known: KnownUnits, reading: UnitReading) -> str:
    plain = unit_name(name)
    found = canonical_unit(plain, known)
    if found is not None:
        return found
    if _COLLECTIVE.search(plain):
        reading.warnings.append(f"“{plain}”不是具体单位，请选定单位。")
    elif not is_complete_unit(plain) or len(plain) > LONGEST_NAME:
        reading.warnings.append(f"“{plain}”不像单位名称，请核对。")
    elif known:
        reading.warnings.append(f"“{plain}”没有在系统登记，保留原名。")
    return plain
