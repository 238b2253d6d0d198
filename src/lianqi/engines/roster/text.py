"""The roster as text of the annex: one cell a line, or one row a line, back into a grid of cells.

Word's table comes out of a text export with a tab before each cell and a blank line after each row;
a cell that was broken over lines goes on in a line without a tab (“综合监管和”, “执法局”). Pasted
text has one row a line, cut by tabs, spaces, “|” or “、”.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lianqi.engines.roster.columns import FIELDS, Header, is_group, is_heading, locate_header
from lianqi.engines.roster.phones import looks_like_phone
from lianqi.engines.roster.rows import RosterUnreadable
from lianqi.engines.roster.titles import is_title
from lianqi.engines.roster.units import is_complete_unit, unit_name

HEADING = "责任领导及联络员名单"
WIDTH = len(FIELDS)
_HEADING = re.compile(r"[ \t\u3000]*\n?[ \t\u3000]*".join(HEADING))
_LONGEST_TITLE = 60
_MOST_CELLS = WIDTH + 4  # a serial number, and titles that were cut at their 、
_NEXT_ANNEX = re.compile(r"\s*附\s*件\s*(?:[0-9０-９]+|[一二三四五六七八九十]+)?\s*(?:[\s：:].*)?")
_PAGE_MARK = re.compile(r"\s*(?:[-—–·]+\s*\d{1,4}\s*[-—–·]+|第\s*\d{1,4}\s*页.*)\s*")
_SERIAL = re.compile(r"\d{1,3}[.、]?")
_RULE_OF_DASHES = re.compile(r"[\s|:+-]+")


@dataclass(frozen=True, slots=True)
class Group:
    """Cells that stand together in the text, with the line they begin on."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class TextRoster:
    """The section as a grid in the order of FIELDS or of its own header, and lines not used."""

    title: str
    header: Header
    rows: list[Group]
    unread: list[Group]


def has_section(text: str) -> bool:
    """Whether the text has the heading of the roster."""
    return _find_heading(text) is not None


def read_section(text: str) -> TextRoster:
    """Read the roster section, up to the next annex. Raises RosterUnreadable if there is none."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    heading = _find_heading(text)
    start, end = heading or (0, 0)
    first = text.count("\n", 0, end) + 1
    lines = list(_section_lines(text[end:].split("\n"), first))
    by_row = any(len(split_line(line)) >= WIDTH - 1 for _, line in lines)
    groups = _row_groups(lines) if by_row else _cell_groups(lines)
    headings, body = _peel_headings(groups)
    header = locate_header([headings]) if headings else None
    if heading is None and header is None:
        raise RosterUnreadable(
            f"文件里没有“{HEADING}”一节。请上传附件3（诉求响应专班工作方案）全文，或只含该名单的文件。"
        )
    if header is None or len(header.columns) < WIDTH:
        header = Header({name: index for index, name in enumerate(FIELDS)}, 1)
    rows, unread = _assemble(body, width=max(header.columns.values()) + 1)
    return TextRoster(text[start:end], header, rows, unread)


def _find_heading(text: str) -> tuple[int, int] | None:
    """Start and end of the line with the heading; a mention inside a sentence is none."""
    for found in _HEADING.finditer(text):
        start = text.rfind("\n", 0, found.start()) + 1
        end = text.find("\n", found.end())
        end = len(text) if end < 0 else end
        beside = text[start : found.start()] + text[found.end() : end]
        if len(beside) <= _LONGEST_TITLE and not re.search(r"[。；，”》]", beside):
            return start, end
    return None


def _section_lines(lines: Sequence[str], first: int) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines, first):
        if number > first and _NEXT_ANNEX.fullmatch(line):
            return
        if not _PAGE_MARK.fullmatch(line):
            yield number, line


def split_line(line: str) -> list[str]:
    """The cells of one line; spaces inside a name (“柴  某”) do not cut it."""
    if "|" in line:
        inner = line.strip().removeprefix("|").removesuffix("|")
        return [] if _RULE_OF_DASHES.fullmatch(line) else [c.strip() for c in inner.split("|")]
    bare = line.strip("\n\r").lstrip("\t").rstrip()
    if "\t" in bare:
        return [cell.strip() for cell in bare.split("\t")]
    for mark in ("、", "，", ","):
        if bare.count(mark) >= WIDTH - 2:
            return [cell.strip() for cell in bare.split(mark)]
    return _join_single_characters(bare.split())


def _join_single_characters(words: Sequence[str]) -> list[str]:
    """“柴”, “某” is the name 柴某, “陈”, “某某” is 陈某某: one character alone is never a cell."""
    cells: list[str] = []
    open_name = False
    for word in words:
        single = len(word) == 1 and _is_chinese(word)
        given_name = len(word) == 2 and _is_chinese(word) and not is_title(word)
        if open_name and (single or (given_name and len(cells[-1]) == 1)):
            cells[-1] += word
        else:
            cells.append(word)
        open_name = single
    return cells


def _is_chinese(text: str) -> bool:
    return all("\u4e00" <= mark <= "\u9fff" for mark in text)


def _row_groups(lines: Iterable[tuple[int, str]]) -> list[Group]:
    return [Group(number, cells) for number, line in lines if (cells := split_line(line))]


def _cell_groups(lines: Sequence[tuple[int, str]]) -> list[Group]:
    """Each tab begins a cell, each blank line ends a row unless an untabbed line goes on."""
    tabbed = any(line.startswith("\t") for _, line in lines)
    groups: list[Group] = []
    gap = True
    for number, line in lines:
        if not line.strip() and not line.startswith("\t"):
            gap = True
            continue
        cell = " ".join(line.split())
        if tabbed and not line.startswith("\t") and _goes_on(groups, cell):
            groups[-1].cells[-1] += cell
        elif gap or not groups:
            groups.append(Group(number, [cell]))
        else:
            groups[-1].cells.append(cell)
        gap = False
    return groups


def _goes_on(groups: Sequence[Group], cell: str) -> bool:
    last = groups[-1].cells[-1] if groups else ""
    return bool(last) and not looks_like_phone(last) and len(cell) <= _LONGEST_TITLE


def _peel_headings(groups: Sequence[Group]) -> tuple[list[str], list[Group]]:
    """The headings on top, as one row, and the groups without any row of headings."""
    headings: list[str] = []
    body: list[Group] = []
    for group in groups:
        cells = list(group.cells)
        if not body:
            while cells and (is_heading(cells[0]) or not unit_name(cells[0])):
                _add_heading(headings, unit_name(cells.pop(0)))
        if cells and not all(is_heading(cell) or not cell for cell in cells):
            body.append(Group(group.line, cells))
    return [name for name in headings if name not in {"", "序号"}], body


def _add_heading(headings: list[str], name: str) -> None:
    """“领导” above “姓名” in one cell of the header are one heading."""
    if name == "姓名" and headings and is_group(headings[-1]):
        headings[-1] += name
    else:
        headings.append(name)


def _assemble(groups: Iterable[Group], width: int) -> tuple[list[Group], list[Group]]:
    """Whole rows, and pieces of text that belong to none."""
    rows: list[Group] = []
    unread: list[Group] = []
    waiting: Group | None = None
    for group in (piece for whole in groups for piece in _cut(whole, width)):
        joined = Group(waiting.line, _glue(waiting.cells, group.cells)) if waiting else group
        if _is_row(joined.cells):
            whole_row = Group(joined.line, _fitted(joined.cells, width))
            (rows if len(joined.cells) <= _MOST_CELLS else unread).append(whole_row)
            waiting = None
        elif _is_note(group.cells):
            unread.append(group)
        elif waiting is None and rows and _ends_unit_of(rows[-1], group.cells):
            rows[-1].cells[0] += group.cells[0]
        else:
            waiting = joined
    return rows, [*unread, waiting] if waiting else unread


def _cut(group: Group, width: int) -> Iterator[Group]:
    """Cut a run of cells without blank lines behind each phone number."""
    start = 0
    for index, cell in enumerate(group.cells):
        if looks_like_phone(cell) and index + 1 - start >= width - 1:
            yield Group(group.line + start, group.cells[start : index + 1])
            start = index + 1
    if start < len(group.cells):
        yield Group(group.line + start, group.cells[start:])


def _is_row(cells: Sequence[str]) -> bool:
    return len(cells) >= WIDTH - 1 or (len(cells) > 2 and looks_like_phone(cells[-1]))


def _is_note(cells: Sequence[str]) -> bool:
    text = "".join(cells)
    return len(cells) == 1 and (
        len(text) > 20 or re.match(r"注|备注|说明|填表|联系", text) is not None
    )


def _ends_unit_of(row: Group, cells: Sequence[str]) -> bool:
    return len(cells) == 1 and not is_complete_unit(unit_name(row.cells[0]))


def _glue(head: Sequence[str], tail: Sequence[str]) -> list[str]:
    """Join a cell that was broken between two pieces of a row; else just put them in a row."""
    broken_unit = len(head) == 1 and len(tail) >= WIDTH - 1
    if broken_unit or head[-1].endswith(("、", "和", "及", "（", "(")):
        return [*head[:-1], head[-1] + tail[0], *tail[1:]]
    return [*head, *tail]


def _fitted(cells: Sequence[str], width: int) -> list[str]:
    """The cells of a row in their columns; what a row lacks or has too many is told by its kind."""
    kept = list(cells[1:]) if _SERIAL.fullmatch(cells[0]) else list(cells)
    if len(kept) == width or width != WIDTH:
        return kept
    phone = kept.pop() if looks_like_phone(kept[-1]) else ""
    if len(kept) == WIDTH - 1:
        return [*kept, phone]
    names = ["", ""]
    titles: tuple[list[str], list[str]] = ([], [])
    person = 0
    for cell in kept[1:]:
        if is_title(cell) or not cell:
            titles[person].append(cell)
            continue
        person = 1 if names[0] or titles[0] else 0
        names[person] = cell
    leader, liaison = ("、".join(filter(None, held)) for held in titles)
    return [kept[0], names[0], leader, names[1], liaison, phone]
