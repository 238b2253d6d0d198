"""Reads a roster out of a file and names what is odd in it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath

from lianqi.engines.roster.columns import FIELDS, Header, is_heading, locate_header
from lianqi.engines.roster.phones import read_phone
from lianqi.engines.roster.rows import RosterReading, RosterRow, RosterUnreadable, RosterWarning
from lianqi.engines.roster.text import Group, has_section, read_section
from lianqi.engines.roster.titles import is_section_head, is_title
from lianqi.engines.roster.units import canonical_unit, short_form, unit_name
from lianqi.engines.tabular import Table, TableUnreadable, clean_cell, decode_text, read_table

MAX_UNITS = 1_000
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?:\s*年|(?!\d))")
_TABLE_SUFFIXES = frozenset({".xlsx", ".xlsm", ".csv", ".tsv"})
_BINARY_STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")


def parse_roster(
    name: str, content: bytes, *, known_units: Mapping[str, Sequence[str]] | None = None
) -> RosterReading:
    """Read units, leaders and liaisons (A3-T-1) from the annex's text or from a table.

    `known_units` (name to aliases) adds `unknown_unit` warnings and lets 区税务局 and 税务局 count
    as the same unit. Raises RosterUnreadable, in Chinese, if the file holds no roster.
    """
    try:
        title, kind, header, rows, unread = _read(name, content)
    except TableUnreadable as problem:
        raise RosterUnreadable(str(problem)) from problem
    found = [_row(seq, group, header) for seq, group in enumerate(_with_unit(rows, header), 1)]
    if not found:
        raise RosterUnreadable(
            "名单里一个单位也没有。请确认表头下面有单位、领导和联络员，再重新上传。"
        )
    if len(found) > MAX_UNITS:
        raise RosterUnreadable(
            f"名单有 {len(found)} 行，超过 {MAX_UNITS} 行。请确认上传的是责任领导及联络员名单。"
        )
    warnings = [
        *_unit_warnings(found, known_units or {}),
        *(warning for row in found for warning in _row_warnings(row, header)),
        *(_not_read(group, "不是完整的一行名单") for group in unread),
        *(_not_read(group, "没有单位名称") for group in _without_unit(rows, header)),
    ]
    warnings.sort(key=lambda warning: warning.line)
    return RosterReading(found, warnings, kind, _year(name, title))


def _read(name: str, content: bytes) -> tuple[str, str, Header, list[Group], list[Group]]:
    suffix = PurePath(name).suffix.lower()
    if suffix in _TABLE_SUFFIXES or content.startswith(_BINARY_STARTS) or not content.strip():
        return _from_table(read_table(name, content))
    text, _ = decode_text(content)
    if not has_section(text):
        try:
            return _from_table(read_table(name, content))
        except (TableUnreadable, RosterUnreadable):
            pass  # no table either: the section reader says what was looked for
    section = read_section(text)
    return section.title, "annex_text", section.header, section.rows, section.unread


def _from_table(table: Table) -> tuple[str, str, Header, list[Group], list[Group]]:
    header = locate_header(table.rows)
    if header is None:
        raise RosterUnreadable(
            "前 20 行里没有名单的表头。表头应有“单位”“领导”“联络员”等列，请补上后再上传。"
        )
    title = " ".join(cell for row in table.rows[: header.body] for cell in row if cell)
    body = zip(table.lines[header.body :], table.rows[header.body :], strict=True)
    groups = [Group(line, row) for line, row in body if any(map(clean_cell, row))]
    data = [g for g in groups if not all(is_heading(cell) for cell in g.cells if cell)]
    notes = [g for g in data if sum(bool(clean_cell(cell)) for cell in g.cells) == 1]
    rows = [g for g in data if g not in notes]
    return title, "table", header, rows, notes


def _cell(group: Group, header: Header, field: str) -> str:
    column = header.columns.get(field, len(group.cells))
    return group.cells[column] if column < len(group.cells) else ""


def _with_unit(rows: Sequence[Group], header: Header) -> list[Group]:
    return [group for group in rows if unit_name(clean_cell(_cell(group, header, "unit")))]


def _without_unit(rows: Sequence[Group], header: Header) -> list[Group]:
    return [group for group in rows if not unit_name(clean_cell(_cell(group, header, "unit")))]


def _row(seq: int, group: Group, header: Header) -> RosterRow:
    values = {field: unit_name(clean_cell(_cell(group, header, field))) for field in FIELDS[:-1]}
    phone, _ = read_phone(clean_cell(_cell(group, header, "phone")))
    return RosterRow(seq=seq, phone=phone, line=group.line, raw=tuple(group.cells), **values)


def _unit_warnings(
    rows: Sequence[RosterRow], known_units: Mapping[str, Sequence[str]]
) -> Iterator[RosterWarning]:
    first_lines: dict[str, int] = {}
    for row in rows:
        known = canonical_unit(row.unit, known_units)
        if known_units and known is None:
            text = f"系统里没有单位“{row.unit}”，请改用登记的名称，或先登记该单位。"
            yield RosterWarning("unknown_unit", row.unit, row.line, text)
        before = first_lines.setdefault(known or short_form(row.unit), row.line)
        if before != row.line:
            text = f"“{row.unit}”与第 {before} 行是同一单位，请只保留一行。"
            yield RosterWarning("duplicate_unit", row.unit, row.line, text)


def _row_warnings(row: RosterRow, header: Header) -> Iterator[RosterWarning]:
    phone_cell = clean_cell(_cell(Group(row.line, list(row.raw)), header, "phone"))
    found = (
        ("missing_leader", "" if row.leader else "没有填责任领导，请补上"),
        ("missing_liaison", "" if row.liaison else "没有填联络员，请补上"),
        ("odd_name", _odd_name(row)),
        ("liaison_not_section_head", _not_section_head(row)),
        ("no_phone", "" if phone_cell else "没有填联络员的手机号，请补上"),
        ("bad_phone", read_phone(phone_cell)[1] if phone_cell else ""),
    )
    for code, text in found:
        if text:
            yield RosterWarning(code, row.unit, row.line, f"{row.unit}：{text}。")


def _odd_name(row: RosterRow) -> str:
    """A digit or a title where a name should be: columns have slipped."""
    for name in (row.leader, row.liaison):
        if is_title(name) or len(name) > 20 or any(c.isdigit() for c in name):
            return "姓名一栏不像姓名，可能串了列，请核对"
    return ""


def _not_section_head(row: RosterRow) -> str:
    if not row.liaison or is_section_head(row.liaison_title):
        return ""
    held = f"职务是“{row.liaison_title}”" if row.liaison_title else "没有填职务"
    return f"联络员{held}，附件1第九条要求明确一名科室主要负责同志作为联络员，请核对"


def _not_read(group: Group, reason: str) -> RosterWarning:
    return RosterWarning("unread_text", "", group.line, f"第 {group.line} 行没有读入：{reason}。")


def _year(name: str, title: str) -> int | None:
    found = _YEAR.search(title) or _YEAR.search(PurePath(name).stem)
    return int(found[1]) if found else None
