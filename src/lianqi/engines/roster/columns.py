"""Which column of a roster holds what, for headers of one row or two."""

from collections.abc import Sequence
from dataclasses import dataclass

from lianqi.engines.tabular import find_header, heading_key

FIELDS = ("unit", "leader", "leader_title", "liaison", "liaison_title", "phone")

_LEADER = ("领导", "责任领导", "分管领导", "主管领导", "分包领导", "单位领导", "负责人", "责任人")
_LIAISON = ("联络员", "联络人", "联系人", "经办人")
_NAME = ("姓名", "名字")
_TITLE = ("职务", "职位", "职务职级")
_PHONE = ("手机", "手机号", "手机号码", "联系电话", "电话", "联系方式", "电话号码", "移动电话")
_UNIT = (
    "单位",
    "部门",
    "单位名称",
    "部门名称",
    "责任单位",
    "责任部门",
    "涉企部门",
    "入驻单位",
    "入驻部门",
    "成员单位",
    "所在单位",
)
_IGNORED = ("序号", "编号", "no", "no.", "备注", "说明")


def _both(groups: Sequence[str], words: Sequence[str]) -> tuple[str, ...]:
    return tuple(group + word for group in groups for word in words)


HEADINGS = {
    "unit": _UNIT,
    # Names and titles that stand under no group at all are the leader's, who comes first.
    "leader": (*_LEADER, *_both(_LEADER, _NAME), *_NAME),
    "leader_title": (*_both(_LEADER, _TITLE), *_TITLE),
    "liaison": (*_LIAISON, *_both(_LIAISON, _NAME)),
    "liaison_title": _both(_LIAISON, _TITLE),
    "phone": (*_both(_LIAISON, _PHONE), *_PHONE),
}
_GROUPS = frozenset((*_LEADER, *_LIAISON))
_WORDS = frozenset((*_NAME, *_TITLE, *_PHONE))
_ALL = frozenset((*_GROUPS, *_WORDS, *_IGNORED, *(h for names in HEADINGS.values() for h in names)))


@dataclass(frozen=True, slots=True)
class Header:
    """Columns of the fields, and the first row below the header."""

    columns: dict[str, int]
    body: int


def is_heading(text: str) -> bool:
    """Whether a cell is nothing but a heading of a roster."""
    return heading_key(text) in _ALL


def is_group(text: str) -> bool:
    """Whether a heading stands for a person, whose name, title and phone come under or after it."""
    return heading_key(text) in _GROUPS


def locate_header(rows: Sequence[Sequence[str]]) -> Header | None:
    """The header of one row or two rows with the most fields, unit and a person among them."""
    best: Header | None = None
    for index in range(min(len(rows), 20)):
        for height in (1, 2):
            header = _header_at(rows, index, height)
            if header and (best is None or len(header.columns) > len(best.columns)):
                best = header
    return best


def _header_at(rows: Sequence[Sequence[str]], index: int, height: int) -> Header | None:
    top = [heading_key(cell) for cell in rows[index]]
    below = [heading_key(cell) for cell in rows[index + 1]] if index + 1 < len(rows) else []
    if height == 2 and not (any(below) and all(not cell or cell in _ALL for cell in below)):
        return None
    columns = find_header([_qualified(top, below if height == 2 else [])], HEADINGS).columns
    only_phone = next((i for i, heading in enumerate(top) if heading in _PHONE), None)
    if only_phone is not None:
        columns.setdefault("phone", only_phone)
    persons = {"leader", "liaison"} & columns.keys()
    return Header(columns, index + height) if "unit" in columns and persons else None


def _qualified(top: Sequence[str], below: Sequence[str]) -> list[str]:
    """Headings made unambiguous: 姓名, 职务, 手机 get the 领导 or 联络员 they stand under."""
    group = ""
    named: list[str] = []
    for index, heading in enumerate(top):
        sub = below[index] if index < len(below) else ""
        group = _group_of(heading) or group
        if heading in _GROUPS and sub:
            named.append(heading + sub)
        elif (sub or heading) in _WORDS:
            named.append(group + (sub or heading))
        else:
            named.append(heading or sub)
    return named


def _group_of(heading: str) -> str:
    fitting = (group for group in _GROUPS if heading.startswith(group))
    return max(fitting, key=len, default="")
