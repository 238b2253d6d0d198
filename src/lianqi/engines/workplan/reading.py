"""The one door: a file goes in, its tasks come out."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import PurePath

from lianqi.engines.deadlines import DeadlineReading, read_deadline, years_named
from lianqi.engines.roster import RosterUnreadable, parse_roster
from lianqi.engines.workplan.building import build_tree
from lianqi.engines.workplan.outline import Node, title_of
from lianqi.engines.workplan.source import Block, Grid, Paragraph, read_blocks
from lianqi.engines.workplan.tables import cells_of, table_tasks
from lianqi.engines.workplan.task import PlanReading, PlanTask, PlanUnreadable
from lianqi.engines.workplan.units import KnownUnits, read_units

_YEAR = re.compile(r"(?<!\d)(20\d\d)\s*年(?!\d)")
_ISSUED = re.compile(r"(20\d\d)\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日\s*印发")
_TITLE_LINES = 15
# “…，6月底前完成”, said in the text of a task that has no deadline of its own.
_IN_TEXT = re.compile(
    r"[^。；;，,、（）()]*(?:月|底|旬|季度|年|日)(?:底|末)?前[^。；;，,、（）()]*"
)


def read_plan(
    name: str,
    content: bytes,
    *,
    plan_year: int | None = None,
    known_units: Mapping[str, Sequence[str]] | None = None,
) -> PlanReading:
    """Return the tasks of a work plan.

    ``known_units`` (name to further names) makes 区税务局 and 税务局 one unit; without it, a roster
    in the same file is used. ``plan_year`` is otherwise read from the text.

    Raises:
        PlanUnreadable: the file cannot be read, or no paragraph in it has a responsible unit.
    """
    blocks = read_blocks(name, content)
    known: KnownUnits = known_units or _roster_in(name, content)
    year = plan_year or _year_of(name, blocks)
    tasks = sorted(
        (_task(node, known, year) for node in _task_nodes(blocks, known)),
        key=lambda task: task.line,
    )
    if not tasks:
        raise PlanUnreadable(
            "文件里没有找到任务：没有一段写明责任单位。"
            "请确认段末或另起一行写有“责任单位：…”“牵头单位：…”，表格有“责任单位”一列。"
        )
    warnings = () if year else ("没有读出这是哪一年的计划，没写年份的时限请核对。",)
    return PlanReading(tuple(tasks), year, warnings)


def _roster_in(name: str, content: bytes) -> dict[str, list[str]]:
    try:
        rows = parse_roster(f"{PurePath(name).stem}.txt", content).rows
    except (RosterUnreadable, ValueError):
        return {}
    return {row.unit: [] for row in rows}


def _task_nodes(blocks: Sequence[Block], known: KnownUnits) -> Iterator[Node]:
    root = build_tree([block for block in blocks if isinstance(block, Paragraph)], known)
    yield from _tasks_below(root)
    for block in blocks:
        if isinstance(block, Grid):
            yield from table_tasks(block, _heading_before(root, block.line))


def _tasks_below(node: Node) -> Iterator[Node]:
    for child in node.children:
        if child.is_task:
            yield child
        yield from _tasks_below(child)


def _heading_before(node: Node, line: int) -> Node:
    """Return the last heading that stands before a table."""
    found = node
    for child in node.children:
        if child.line <= line and not child.is_task:
            found = _heading_before(child, line)
    return found


def _task(node: Node, known: KnownUnits, year: int | None) -> PlanTask:
    labels = node.labels
    units = read_units(
        "，".join(labels.units),
        known,
        lead="，".join(labels.lead),
        helpers="，".join(labels.helpers),
    )
    path = node.path()
    text = node.text()
    deadline, doubts = _deadline(node, path, text, year)
    return PlanTask(
        path=path,
        title=title_of(node.words or text),
        text=text,
        units=tuple(units.names),
        deadline=deadline,
        line=node.line,
        warnings=(*node.warnings, *units.warnings, *doubts, *deadline.warnings),
    )


def _deadline(
    node: Node, path: Sequence[str], text: str, year: int | None
) -> tuple[DeadlineReading, list[str]]:
    said, doubts = list(node.labels.deadline), []
    below = [
        value for child in node.children if not child.is_task for value in child.labels.deadline
    ]
    if below and said:
        doubts.append(f"要点里另有时限（{'；'.join(below)}），请核对。")
    said = said or below
    if not said:
        found = [match[0].strip() for match in _IN_TEXT.finditer(text)]
        said = [one for one in found if _dated(one)][:3]
        if said:
            doubts.append("时限取自正文，请核对。")
    return read_deadline("；".join(said), plan_year=year, cycle_years=cycle_years(path)), doubts


def cycle_years(path: Sequence[str]) -> tuple[int, ...]:
    """Return the years of the nearest heading that names several ("（2020-2022年）")."""
    return next((years for heading in reversed(path) if len(years := years_named(heading)) > 1), ())


def _dated(text: str) -> tuple[date, ...]:
    return read_deadline(text, plan_year=2000).dates


def _year_of(name: str, blocks: Sequence[Block]) -> int | None:
    words = [
        block.text if isinstance(block, Paragraph) else cells_of(block.rows) for block in blocks
    ]
    head = "".join([word for word in words if word.strip()][:_TITLE_LINES])
    whole = "\n".join(words)
    titles = [line for line in words[:40] if re.search(r"要点|计划|方案|清单|台账|分解", line)]
    for found in (
        _YEAR.search("".join(titles)),
        _ISSUED.search(whole),
        re.search(r"(?<!\d)(20\d\d)(?!\d)", PurePath(name).stem),
        _YEAR.search(head),
    ):
        if found:
            return int(found[1])
    years = Counter(_YEAR.findall(whole))
    return int(years.most_common(1)[0][0]) if years else None
