"""开启身份: telling one unit who filed a sealed appeal takes two people, and the firm hears of it."""

from typing import Any

from lianqi.appeals.enums import UnsealingState as S
from lianqi.appeals.workflow.covering import called_beside
from lianqi.kernel.access import Desk
from lianqi.kernel.workflow import Owes, State, Step, Workflow
from lianqi.organisation.access import discipline_desk, office_desk
from lianqi.organisation.enums import BodyCode


def appeals_office(unsealing: Any) -> Desk:
    """The task force's office, through which a unit applies."""
    return office_desk(BodyCode.TF3)


def discipline(unsealing: Any) -> Desk:
    """The discipline committee's supervisors."""
    return discipline_desk()


def unit_name(unsealing: Any) -> str:
    """The unit, where it is the one that waits."""
    return unsealing.unit.name


def unit_still_handles(unsealing: Any) -> str | None:
    """The name is opened to a unit that needs it for its work, and as long as the firm keeps it."""
    appeal = unsealing.appeal
    if not appeal.sealed:
        return "企业已经取消保密，不用再开启。"
    if unsealing.unit_id not in appeal.handling_unit_ids:
        return f"{unsealing.unit}现在不承办这件诉求，不能向它开启。"
    return None


# One step a line or two, as in the appeal's table.
# fmt: off
UNSEALING = Workflow(
    "unsealing",
    "开启身份申请",
    calls=called_beside,
    states=[
        State(S.ASKED, "待专班办公室提请", owes=[
            Owes("apply", "提请开启", appeals_office, "unsealing.apply", waiting=unit_name),
        ]),
        State(S.APPLIED, "待纪检审批", owes=[
            Owes("approve", "审批开启", discipline, "unsealing.decide", waiting=unit_name),
        ]),
        State(S.OPENED, "已开启", final=True),
        State(S.REFUSED, "未同意", final=True),
    ],
    steps=[
        Step("ask", "提出开启", [], S.ASKED, "appeals.ask_unsealing", basis="A3-1-3"),
        Step("file", "提请开启", [], S.APPLIED, "appeals.apply_unsealing", basis="A3-1-3"),
        Step("apply", "提请审批", [S.ASKED], S.APPLIED, "appeals.apply_unsealing", when=[unit_still_handles],
             tone="primary", basis="A3-1-3"),
        Step("decline", "不予提请", [S.ASKED], S.REFUSED, "appeals.apply_unsealing", settles=["apply"], tone="danger"),
        Step("approve", "批准开启", [S.APPLIED], S.OPENED, "appeals.decide_unsealing", when=[unit_still_handles],
             tone="primary", basis="A3-1-3"),
        Step("refuse", "不批准", [S.APPLIED], S.REFUSED, "appeals.decide_unsealing", settles=["approve"],
             tone="danger"),
    ],
)
