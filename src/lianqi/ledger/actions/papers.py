"""The ledger's papers: 交办通知书 with each order, 督办单 with each rung, 对账单 with each statement."""

from datetime import date

from lianqi.kernel.access import Actor
from lianqi.kernel.clock import local, now, today
from lianqi.kernel.documents import issue_document
from lianqi.kernel.limits import time_limit
from lianqi.kernel.workdays import calendar
from lianqi.ledger.models import Item, Slip, Statement, StatementLine
from lianqi.ledger.queries.lights import LIGHTS
from lianqi.organisation.enums import BodyCode
from lianqi.organisation.models import Body
from lianqi.organisation.queries.issuers import issuer_of


def issue_assignment(item: Item, *, actor: Actor, note: str = "") -> None:
    """Issue the order of an item to its lead unit, inside the step that assigns it."""
    issuer = issuer_of(_conference())
    content = {
        "organ": issuer.organ,
        "dated": today(),
        "item_number": item.number,
        "matter": item.title,
        "origin": item.basis or str(item.get_source_display()),
        "lead_unit": item.lead_unit.name,
        "responsible_units": sharing_units(item),
        "due": deadline_in_words(item),
        "demand": note or item.text or item.title,
        "reporting": f"{item.get_period_display()}报送进展",
        "sign_by": _working_days_on("ledger.sign"),
    }
    issue_document("assignment", item, content, actor=actor, issuer_word=issuer.word)


def issue_slip_paper(item: Item, slip: Slip, *, actor: Actor) -> None:
    """Issue a rung of the ladder as a paper in its colour."""
    issuer = issuer_of(_conference())
    earlier = item.slips.exclude(pk=slip.pk).order_by("pk").values_list("number", flat=True)
    last = item.reports.order_by("-pk").first()
    content = {
        "organ": issuer.organ,
        "dated": today(),
        "colour": slip.colour,
        "item_number": item.number,
        "matter": item.title,
        "lead_unit": item.lead_unit.name,
        "responsible_units": sharing_units(item),
        "due": deadline_in_words(item),
        "state": f"进度{item.percent}%。{last.text if last else '没有报送进展。'}",
        "reply_by": slip.until or today(),
        "overdue": _overdue(item),
        "earlier": "、".join(earlier),
        "demand": slip.text,
    }
    issue_document("supervision", item, content, actor=actor, issuer_word=issuer.word)


def issue_statement_paper(statement: Statement, *, actor: Actor) -> None:
    """Issue both books side by side, once the statement is settled."""
    issuer = issuer_of(_conference())
    year, month = statement.month.split("-")
    content = {
        "unit": statement.unit.name,
        "office": issuer.organ,
        "month": f"{year}年{int(month)}月",
        "dated": local(statement.opened_at).date(),
        "reply_by": today(),
        "lines": [
            {
                "item_number": line.item.number,
                "matter": line.item.title,
                "due": deadline_in_words(line.item),
                "office": f"{line.get_office_state_display()}，{line.office_percent}%，{LIGHTS[line.office_light]}",
                "unit": _unit_side(line),
                "result": "一致" if line.agreed else f"{line.get_ruling_display()}",
            }
            for line in statement.lines.select_related("item")
        ],
    }
    issue_document("statement", statement, content, actor=actor, issuer_word=issuer.word)


def sharing_units(item: Item) -> list[str]:
    """Return the units that share an item, those without an account too."""
    shares = item.shares.filter(leads=False).select_related("unit")
    return [*(share.unit.name for share in shares), *item.unknown_units]


def deadline_in_words(item: Item) -> str:
    """Return the day as papers write it."""
    if item.due_on is None:
        return item.deadline_text or "持续推进"
    return f"{item.due_on.year}年{item.due_on.month}月{item.due_on.day}日"


def _unit_side(line: StatementLine) -> str:
    if line.answer == "agreed":
        return "一致"
    done = {True: "已完成", False: "未完成", None: ""}[line.unit_done]
    percent = f"{line.unit_percent}%" if line.unit_percent is not None else ""
    return "，".join(part for part in (done, percent, line.unit_note) if part)


def _overdue(item: Item) -> str:
    if item.due_on is None or today() <= item.due_on:
        return ""
    try:
        return f"已逾期{calendar().working_days_between(item.due_on, local(now()).date())}个工作日"
    except LookupError:
        return "已逾期"


def _working_days_on(limit: str) -> date | None:
    try:
        return calendar().add_working_days(today(), time_limit(limit).amount)
    except LookupError:
        return None


def _conference() -> Body:
    return Body.objects.get(code=BodyCode.JC)
