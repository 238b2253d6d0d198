"""剔除申请: how an appeal is left out of one rate. Nobody decides what he asked for himself."""

from typing import Any

from lianqi.appeals.enums import ExclusionState as S
from lianqi.kernel.access import Desk
from lianqi.kernel.errors import Refusal
from lianqi.kernel.workflow import Owes, State, Step, Workflow
from lianqi.organisation.access import head_desk
from lianqi.organisation.enums import BodyCode


def _task_force_head(exclusion: Any) -> Desk:
    return head_desk(BodyCode.TF3)


def _unit_name(exclusion: Any) -> str:
    return exclusion.unit.name


def _why_is_given(exclusion: Any, given: Any) -> str | None:
    """Who refuses or takes back says why: the ledger is read by others."""
    return None if given.get("note", "").strip() else Refusal("请写明理由，台账会列出。", "note")


# fmt: off
EXCLUSION = Workflow(
    "exclusion",
    "剔除申请",
    states=[
        State(S.APPLIED, "待审批", owes=[
            Owes("approve", "审批剔除", _task_force_head, "appeal.exclusion", waiting=_unit_name),
        ]),
        State(S.APPROVED, "已剔除"),
        State(S.REFUSED, "未同意", final=True),
        State(S.RETRACTED, "已撤回申请", final=True),
        State(S.REVOKED, "已撤销剔除", final=True),
    ],
    steps=[
        Step("apply", "申请剔除", [], S.APPLIED, "appeals.apply_exclusion", basis="A3-3-5"),
        Step("approve", "同意剔除", [S.APPLIED], S.APPROVED, "appeals.decide_exclusion", tone="primary",
             basis="A3-3-5"),
        Step("refuse", "不同意", [S.APPLIED], S.REFUSED, "appeals.decide_exclusion", needs=[_why_is_given],
             settles=["approve"], tone="danger", basis="A3-3-5"),
        Step("retract", "撤回申请", [S.APPLIED], S.RETRACTED, "appeals.retract_exclusion", basis="A3-3-5"),
        Step("revoke", "撤销剔除", [S.APPROVED], S.REVOKED, "appeals.revoke_exclusion", needs=[_why_is_given],
             tone="danger", basis="A3-3-5"),
    ],
)
