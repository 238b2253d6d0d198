"""Workbooks of the ledger: exactly the list on the page, and the form in which a unit reports."""

from collections.abc import Iterable, Sequence
from typing import IO

from lianqi.kernel.sheets import sheet
from lianqi.ledger.models import Item
from lianqi.ledger.queries.board import Figure, UnitScore
from lianqi.ledger.queries.columns import COLUMNS
from lianqi.ledger.queries.items import ItemRow
from lianqi.ledger.queries.lights import LIGHTS
from lianqi.ledger.queries.statements import BookLine

REPORT_HEAD = (
    ("编号", 14), ("事项", 40), ("时限", 14), ("现进度（%）", 12), ("本期进度（%）", 14), ("本期进展", 60),
)  # fmt: skip


def item_workbook(rows: Iterable[ItemRow], columns: Sequence[str] = ()) -> IO[bytes]:
    """Return an open temporary xlsx of the rows; ``columns`` are keys of ``COLUMNS``, none means all."""
    chosen = [COLUMNS[key] for key in columns or COLUMNS]
    head = [(column.heading, column.width) for column in chosen]
    return sheet(
        "督办台账", head, ([str(column.text(row)) for column in chosen] for row in rows), frozen=2
    )


def report_workbook(items: Iterable[Item]) -> IO[bytes]:
    """Return the form that a unit fills in for this period: its items, two columns left empty."""
    cells = (
        [one.number, one.title, str(one.due_on or one.deadline_text), str(one.percent), "", ""]
        for one in items
    )
    return sheet("进展报送", list(REPORT_HEAD), cells, frozen=2)


STATEMENT_HEAD = (
    ("编号", 14), ("事项", 40), ("办公室：状态", 16), ("办公室：进度（%）", 12), ("办公室：灯号", 12),
    ("单位：意见", 10), ("单位：是否完成", 12), ("单位：进度（%）", 12), ("单位：说明", 40), ("裁定", 16),
    ("裁定理由", 40), ("结果", 30),
)  # fmt: skip
SCORE_HEAD = (
    ("单位", 24), ("件数", 8), *((str(word), 10) for word in LIGHTS.values()), ("按时完成", 10), ("应按时完成", 12),
    ("按期报送", 10), ("报送", 8), ("已销号", 8), ("重启", 8),
)  # fmt: skip


def statement_workbook(lines: Iterable[BookLine]) -> IO[bytes]:
    """Return both books side by side."""
    cells = (
        [
            row.line.item.number,
            row.line.item.title,
            row.line.get_office_state_display(),
            row.line.office_percent,
            row.light_word,
            row.line.get_answer_display(),
            row.unit_done_word,
            row.line.unit_percent,
            row.line.unit_note,
            row.line.get_ruling_display() if row.line.ruling else "",
            row.line.ruling_note,
            row.outcome,
        ]
        for row in lines
    )
    return sheet("对账单", list(STATEMENT_HEAD), cells, frozen=2)


def score_workbook(scores: Iterable[UnitScore]) -> IO[bytes]:
    """Return the units' scores as the board shows them, each rate as its two numbers."""
    cells = (
        [
            score.unit.name,
            score.total,
            *(figure.count for figure in score.lights),
            score.on_time,
            score.judged,
            score.reports_in_time,
            score.reports,
            score.struck,
            score.reopened,
        ]
        for score in scores
    )
    return sheet("各单位得分", list(SCORE_HEAD), cells)


def board_workbook(figures: Iterable[tuple[str, Figure]]) -> IO[bytes]:
    """Return the figures of the board, each with the group it stands in."""
    head = [("分类", 14), ("项目", 20), ("件数", 10)]
    return sheet("台账看板", head, ([group, str(one.label), one.count] for group, one in figures))
