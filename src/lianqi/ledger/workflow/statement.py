"""对账单: opened each month, answered by the unit line by line, settled by the office."""

from collections.abc import Mapping
from typing import Any

from lianqi.kernel.access import Desk
from lianqi.kernel.errors import Refusal
from lianqi.kernel.workflow import Owes, State, Step, Workflow
from lianqi.ledger.enums import LineAnswer, Ruling
from lianqi.ledger.enums import StatementState as S
from lianqi.ledger.workflow.holders import ledger_office, ledger_office_name
from lianqi.organisation.access import unit_desk
from lianqi.organisation.enums import Post

Given = Mapping[str, Any]


def statement_unit(statement: Any) -> Desk:
    """The unit's liaison."""
    return unit_desk(statement.unit, Post.LIAISON)


def unit_name(statement: Any) -> str:
    """The unit, where it is the one that waits."""
    return statement.unit.name


def every_line_is_answered(statement: Any, given: Given) -> str | None:
    """The unit says of each line whether it agrees; who disputes says what is right instead."""
    answers = given.get("answers", {})
    for line in statement.lines.select_related("item"):
        answer = answers.get(line.pk)
        if answer is None or answer.answer not in (LineAnswer.AGREED, LineAnswer.DISPUTED):
            return Refusal(
                f"请逐项核对：“{line.item.title}”还没有选一致或有异议。", f"line-{line.pk}"
            )
        if answer.answer == LineAnswer.DISPUTED and not answer.note.strip():
            return Refusal(f"“{line.item.title}”有异议，请写明情况。", f"line-{line.pk}")
    return None


def every_dispute_is_ruled(statement: Any, given: Given) -> str | None:
    """The office takes the unit's word, or keeps its own and says why."""
    rulings = given.get("rulings", {})
    for line in statement.lines.filter(answer=LineAnswer.DISPUTED).select_related("item"):
        ruling = rulings.get(line.pk)
        if ruling is None or ruling.ruling not in (Ruling.ADOPTED, Ruling.KEPT):
            return Refusal(f"请裁定“{line.item.title}”。", f"line-{line.pk}")
        if ruling.ruling == Ruling.KEPT and not ruling.note.strip():
            return Refusal(f"维持办公室意见要写明理由：“{line.item.title}”。", f"line-{line.pk}")
    return None


def after_answer(statement: Any, given: Given) -> str:
    """Without dispute there is nothing to rule."""
    disputed = any(one.answer == LineAnswer.DISPUTED for one in given.get("answers", {}).values())
    return S.ANSWERED if disputed else S.SETTLED


# fmt: off
STATEMENT = Workflow(
    "statement",
    "对账单",
    states=[
        State(S.OPENED, "待单位核对", owes=[
            Owes("answer_statement", "核对对账单", statement_unit, "ledger.answer_statement",
                 waiting=ledger_office_name),
        ]),
        State(S.ANSWERED, "待办公室裁定", owes=[
            Owes("rule_statement", "裁定对账异议", ledger_office, "ledger.settle_statement", waiting=unit_name),
        ]),
        State(S.SETTLED, "对账完毕", final=True),
    ],
    steps=[
        Step("open_statement", "开出对账单", [], S.OPENED, "ledger.open_statement", by_clock=True, basis="A1-7-2-4"),
        Step("answer_statement", "核对", [S.OPENED], after_answer, "ledger.answer_statement",
             needs=[every_line_is_answered], tone="primary", basis="A1-7-2-4"),
        Step("rule_statement", "裁定异议", [S.ANSWERED], S.SETTLED, "ledger.rule_statement",
             needs=[every_dispute_is_ruled], tone="primary", basis="A1-7-2-4"),
    ],
)
