"""Tasks out of a table with a header row, whatever the order of its columns."""

from collections.abc import Iterator, Sequence

from lianqi.engines.tabular import clean_cell, find_header
from lianqi.engines.workplan.labels import Labels
from lianqi.engines.workplan.outline import Node
from lianqi.engines.workplan.source import Grid

_COLUMNS = {
    "task": (
        "任务", "工作任务", "重点任务", "任务内容", "工作内容", "重点工作", "主要任务", "事项", "工作事项",
        "督办事项", "目标任务", "具体任务", "具体措施", "工作措施", "主要措施", "措施", "内容", "任务名称",
        "议定事项", "落实措施", "任务分解",
    ),
    "group": ("类别", "项目", "领域", "板块", "分类", "方面", "工作类别", "一级任务", "任务类别"),
    "lead": ("牵头单位", "牵头部门", "主办单位", "主责单位"),
    "units": ("责任单位", "责任部门", "承办单位", "落实单位", "责任主体", "单位", "责任单位及责任人"),
    "helpers": ("配合单位", "协办单位", "配合部门", "参与单位"),
    "deadline": (
        "完成时限", "时限", "完成时间", "办结时限", "时间要求", "完成日期", "时间节点", "办理时限", "时间",
        "完成期限",
    ),
}  # fmt: skip


def table_tasks(grid: Grid, parent: Node) -> Iterator[Node]:
    """Yield a node for each row that is a task; none if the table has no such header."""
    found = find_header(grid.rows, _COLUMNS)
    columns = found.columns
    if found.row_index is None or "task" not in columns or not {"lead", "units"} & set(columns):
        return
    heading, group = parent, ""
    above: dict[str, str] = {}
    for place, row in enumerate(grid.rows[found.row_index + 1 :], found.row_index + 1):
        cells = {field: clean_cell(row[column]) for field, column in columns.items()}
        said = {clean_cell(cell) for cell in row} - {""}
        if len(said) == 1:  # one text over the whole row is a heading of the rows below
            heading = Node(8, grid.line + place, "", said.pop(), parent=parent)
            continue
        if not cells["task"]:
            continue
        group = cells.get("group") or group
        yield _task(cells, group, above, heading, grid.line + place)
        above = {f: cells.get(f, "") or above.get(f, "") for f in ("lead", "units")}


def _task(
    cells: dict[str, str], group: str, above: dict[str, str], heading: Node, line: int
) -> Node:
    parent = Node(8, line, "", group, parent=heading) if group else heading
    node = Node(9, line, "", cells["task"], parent=parent)
    labels = Labels(
        **{
            kind: [cells[kind]]
            for kind in ("lead", "helpers", "units", "deadline")
            if cells.get(kind)
        }
    )
    if not (labels.lead or labels.units) and any(above.values()):
        # Cells merged downwards come blank out of a sheet.
        node.warnings.append("责任单位一格空白，按上一行的单位计，请核对。")
        labels.lead = [above["lead"]] if above.get("lead") else []
        labels.units = [above["units"]] if above.get("units") else []
    node.labels = labels
    return node


def cells_of(rows: Sequence[Sequence[str]]) -> str:
    """Return the words of a table, for finding the plan's year."""
    return " ".join(cell for row in rows[:20] for cell in row)
