"""Papers of the ledger: 交办通知书, 督办单 in three colours, 对账单."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

from lianqi.engines.officialdoc.document import (
    Card,
    Grid,
    Layout,
    OfficialDocument,
    Text,
    day_in_words,
)
from lianqi.engines.officialdoc.kinds.content import Content, listed
from lianqi.engines.officialdoc.kinds.kind import Kind
from lianqi.engines.officialdoc.kinds.papers import Issued, issued, paragraphs


@dataclass(frozen=True, kw_only=True)
class Assignment(Issued):
    """交办通知书: one matter, its lead and responsible units, its owner and its deadline."""

    item_number: Annotated[str, "督办事项编号"]
    matter: Annotated[str, "事项名称"]
    origin: Annotated[str, "任务来源"]
    lead_unit: Annotated[str, "牵头单位"]
    due: Annotated[str, "办理时限"]  # in words: 2026年12月31日前, or 持续推进
    demand: Annotated[str, "办理要求"]
    responsible_units: Annotated[tuple[str, ...], "责任单位"] = ()
    owner: Annotated[str, "责任人"] = ""
    reporting: Annotated[str, "报告周期"] = ""  # e.g. 每月25日前报送进展
    sign_by: Annotated[date | None, "签收期限"] = None


class SlipColour(StrEnum):
    """Blue reminds, orange warns, red orders with a deadline."""

    BLUE = "blue"
    ORANGE = "orange"
    RED = "red"


# The colour, its name in words, what it means, and what it asks for.
_SLIPS = {
    SlipColour.BLUE: ("BDD7EE", "蓝色", "提醒", "请抓紧推进，并于{day}前书面反馈进展情况。"),
    SlipColour.ORANGE: (
        "F8CBAD",
        "橙色",
        "警示",
        "经提醒后仍未完成。请分管负责同志牵头研究，于{day}前书面说明原因并报送整改措施。",
    ),
    SlipColour.RED: (
        "FF9999",
        "红色",
        "限期办结",
        "经警示后仍未完成。请主要负责同志负责，于{day}前办结并书面报告结果；逾期未办结的，按规定通报。",
    ),
}


@dataclass(frozen=True, kw_only=True)
class SupervisionSlip(Issued):
    """督办单: one matter one slip, in the colour of its level."""

    colour: Annotated[SlipColour, "督办级别"]
    item_number: Annotated[str, "督办事项编号"]
    matter: Annotated[str, "事项名称"]
    lead_unit: Annotated[str, "牵头单位"]
    due: Annotated[str, "办理时限"]
    state: Annotated[str, "当前进展"]
    reply_by: Annotated[date, "反馈期限"]
    responsible_units: Annotated[tuple[str, ...], "责任单位"] = ()
    overdue: Annotated[str, "逾期情况"] = ""  # e.g. 已逾期12个工作日
    earlier: Annotated[str, "前次督办"] = ""  # numbers of the slips before
    demand: Annotated[str, "督办要求"] = ""  # as a rule what the colour asks for


@dataclass(frozen=True, kw_only=True)
class StatementLine(Content):
    """A matter as both sides have it in their books."""

    item_number: Annotated[str, "编号"]
    matter: Annotated[str, "事项"]
    due: Annotated[str, "办理时限"]
    office: Annotated[str, "办公室台账"]
    unit: Annotated[str, "单位台账"] = ""  # empty until the unit has confirmed or disputed
    result: Annotated[str, "对账结果"] = ""


@dataclass(frozen=True, kw_only=True)
class Statement(Content):
    """对账单: a month's matters of one unit, both values side by side, both sides sign."""

    unit: Annotated[str, "责任单位"]
    office: Annotated[str, "出具单位"]
    month: Annotated[str, "对账月份"]  # 2026年11月
    dated: Annotated[date, "出具日期"]
    reply_by: Annotated[date, "确认期限"]
    lines: Annotated[tuple[StatementLine, ...], "对账事项"]


def _assignment(content: Assignment, number: str) -> OfficialDocument:
    rows = [
        [("事项编号", content.item_number), ("任务来源", content.origin)],
        [("事项名称", content.matter)],
        [("牵头单位", content.lead_unit), ("责任人", content.owner or "由牵头单位明确")],
        [("责任单位", listed(content.responsible_units) or "无")],
        [("办理时限", content.due), ("报告周期", content.reporting or "按要求报送")],
        [("办理要求", content.demand)],
    ]
    sign = f"于{day_in_words(content.sign_by)}前签收，" if content.sign_by else "及时签收，"
    closing = f"请{sign}明确责任人，按时限要求办理并报送进展。办结后附佐证材料申请销号。"
    return issued(
        content,
        "assignment",
        title="交办通知书",
        blocks=[Text("现将下列事项交由你单位牵头办理："), Card(rows), Text(closing)],
        layout=Layout.SHEET,
        number=number,
        recipients=(content.lead_unit,),
    )


def _slip(content: SupervisionSlip, number: str) -> OfficialDocument:
    fill, colour, meaning, usual = _SLIPS[content.colour]
    demand = content.demand or usual.format(day=day_in_words(content.reply_by))
    rows = [
        [("督办级别", f"{colour}督办单（{meaning}）")],
        [("事项编号", content.item_number), ("办理时限", content.due)],
        [("事项名称", content.matter)],
        [("牵头单位", content.lead_unit), ("逾期情况", content.overdue or "未逾期")],
        [("责任单位", listed(content.responsible_units) or "无")],
        [("当前进展", content.state)],
        [("前次督办", content.earlier or "无")],
        [("反馈期限", day_in_words(content.reply_by))],
    ]
    return issued(
        content,
        "supervision",
        title=f"{colour}督办单",
        blocks=[Text("你单位牵头的下列事项，现予督办："), Card(rows, fill), *paragraphs(demand)],
        layout=Layout.SHEET,
        number=number,
        recipients=(content.lead_unit,),
    )


def _statement(content: Statement, number: str) -> OfficialDocument:
    rows = [
        [line.item_number, line.matter, line.due, line.office, line.unit, line.result]
        for line in content.lines
    ]
    signing = Grid(
        [content.office, content.unit],
        [
            [
                f"经办人：\n\n（盖章）\n{day_in_words(content.dated)}",
                "经办人：\n\n（盖章）\n年　　月　　日",
            ]
        ],
    )
    asked = (
        f"{content.unit}：现将{content.month}督办事项对账如下，请于{day_in_words(content.reply_by)}前"
        "逐项核对确认；不一致的请写明本单位台账情况和理由。"
    )
    return OfficialDocument(
        form="statement",
        title=f"{content.month}督办事项对账单",
        blocks=[
            Text(asked),
            Grid(
                ["编号", "事项", "时限", "办公室台账", "单位台账", "结果"],
                rows,
                [31, 28, 40, 20, 20, 17],
            ),
            Text(f"共{len(rows)}项。"),
            signing,
        ],
        layout=Layout.SHEET,
        number=number,
    )


SUPERVISION = (
    Kind("assignment", "交办", Assignment, _assignment),
    Kind("supervision", "督办", SupervisionSlip, _slip),
    Kind("statement", "对账", Statement, _statement),
)
