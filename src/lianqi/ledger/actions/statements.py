"""对账: opened for a unit and a month, answered line by line, settled; what agrees may be struck off."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from lianqi.kernel.access import SYSTEM, Actor
from lianqi.kernel.clock import local
from lianqi.kernel.errors import NotPermitted, RuleBroken
from lianqi.kernel.numbering import next_number
from lianqi.ledger.actions.closing import agree_books
from lianqi.ledger.actions.papers import issue_statement_paper
from lianqi.ledger.enums import DONE_STATES, ItemState, LineAnswer
from lianqi.ledger.models import Statement, StatementLine
from lianqi.ledger.queries.lights import light_of
from lianqi.ledger.queries.statements import stated_items, stated_units
from lianqi.ledger.workflow import STATEMENT
from lianqi.organisation.models import Unit

ANSWERED_FIELDS = ["answer", "unit_note", "unit_done", "unit_percent"]
AT_ONCE = 100  # rows of one UPDATE, within SQLite's limit of parameters


@dataclass(frozen=True)
class Answer:
    """What the unit says of one line."""

    answer: str
    note: str = ""
    done: bool | None = None
    percent: int | None = None


@dataclass(frozen=True)
class Verdict:
    """What the office says of one disputed line."""

    ruling: str
    note: str = ""


def open_statement(unit: Unit, month: str, *, actor: Actor) -> Statement:
    """Open the unit's statement of a month ("2020-09") with what the office's book says now.

    Raises:
        RuleBroken: the unit leads nothing that could be reconciled, or the month is open already.
    """
    items = list(stated_items(month).filter(lead_unit=unit).order_by("due_on", "pk"))
    if not items:
        raise RuleBroken(f"{unit}现在没有牵头的在办事项，不用对账。", field="unit")
    statement = Statement(unit=unit, month=month, opened_by=None if actor is SYSTEM else actor)
    try:
        with transaction.atomic():
            with STATEMENT.starting("open_statement", statement, actor=actor) as step:
                statement.opened_at = step.at
                year = local(step.at).year
                statement.number = f"DZ{year}-{next_number('ledger_statement', year):04d}"
                step.says(f"开出{unit}{month}对账单，{len(items)}项。", items=len(items))
            StatementLine.objects.bulk_create(
                StatementLine(
                    statement=statement,
                    item=item,
                    office_state=item.state,
                    office_percent=item.percent,
                    office_light=light_of(item),
                )
                for item in items
            )
    except IntegrityError as taken:
        raise RuleBroken(f"{unit}{month}的对账单已经开过。", field="unit") from taken
    return statement


@dataclass(frozen=True)
class Opened:
    """The statements that were opened, and how many had been opened before."""

    statements: list[Statement]
    before: int


def open_all(month: str, *, actor: Actor) -> Opened:
    """Open a month's statements of all units that lead something, each by itself.

    Raises:
        NotPermitted: the actor may not open statements.
    """
    opened, before = [], Statement.objects.filter(month=month).values("unit")
    units = stated_units(month)
    for unit in units.exclude(pk__in=before):
        try:
            opened.append(open_statement(unit, month, actor=actor))
        except NotPermitted:
            raise
        except RuleBroken:
            continue  # somebody else has just opened it
    return Opened(opened, units.count() - len(opened))


@transaction.atomic
def answer_statement(
    statement: Statement, *, actor: Actor, answers: Mapping[int, Answer]
) -> Statement:
    """Answer every line by its key: agreed, or disputed with what is right instead."""
    with STATEMENT.taking("answer_statement", statement, actor=actor, answers=answers) as step:
        lines, disputed = list(statement.lines.all()), 0
        for line in lines:
            answer = answers[line.pk]
            line.answer, line.unit_note = answer.answer, answer.note
            line.unit_done, line.unit_percent = answer.done, answer.percent
            disputed += answer.answer == LineAnswer.DISPUTED
        StatementLine.objects.bulk_update(lines, ANSWERED_FIELDS, batch_size=AT_ONCE)
        statement.answered_at = step.at
        if not disputed:
            statement.settled_at = step.at
        step.says(
            f"逐项核对完毕，{'全部一致' if not disputed else f'有异议{disputed}项'}。",
            disputed=disputed,
        )
    _settle(statement, actor)
    return statement


@transaction.atomic
def rule_statement(
    statement: Statement, *, actor: Actor, rulings: Mapping[int, Verdict]
) -> Statement:
    """Decide each dispute: the unit's word is taken, or the office's kept with the reason."""
    with STATEMENT.taking("rule_statement", statement, actor=actor, rulings=rulings) as step:
        lines = list(statement.lines.filter(answer=LineAnswer.DISPUTED))
        for line in lines:
            verdict = rulings[line.pk]
            line.ruling, line.ruling_note = verdict.ruling, verdict.note
        StatementLine.objects.bulk_update(lines, ["ruling", "ruling_note"], batch_size=AT_ONCE)
        statement.settled_at = step.at
        step.says(f"裁定异议{len(lines)}项。", ruled=len(lines))
    _settle(statement, actor)
    return statement


def _settle(statement: Statement, actor: Actor) -> None:
    """Issue the paper, and let the strike-off of each item begin whose books both say "done"."""
    if statement.settled_at is None:
        return
    issue_statement_paper(statement, actor=actor)
    for line in statement.lines.select_related("item"):
        item = line.item
        office_done = line.office_state in DONE_STATES and item.state == ItemState.COMPLETED
        unit_done = line.answer == LineAnswer.AGREED or line.unit_done is True
        if line.agreed and office_done and unit_done and item.agreed_at is None:
            agree_books(item, actor=SYSTEM, statement=statement.number)
