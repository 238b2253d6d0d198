"""工作计划: read, looked through by the office, put into the ledger."""

from collections.abc import Mapping
from typing import Any

from lianqi.kernel.errors import Refusal
from lianqi.kernel.workflow import Owes, State, Step, Workflow
from lianqi.ledger.enums import PlanState as S
from lianqi.ledger.enums import TaskFate
from lianqi.ledger.workflow.holders import ledger_office
from lianqi.organisation.models import Unit

Given = Mapping[str, Any]


def tasks_can_be_docketed(plan: Any, given: Given) -> str | None:
    """Each waiting task has a lead unit that the system knows, and a due rule."""
    waiting = list(plan.tasks.filter(fate=TaskFate.WAITING))
    if not waiting:
        return Refusal("没有待立项的任务。", "tasks")
    known = set(Unit.objects.filter(active=True).values_list("name", flat=True))
    for task in waiting:
        if task.difference:
            return Refusal(f"“{task.title}”与新版有差异，请先选定以哪一版为准。", "tasks")
        if not known.intersection(task.units):
            return Refusal(
                f"“{task.title}”的责任单位“{'、'.join(task.units)}”都没有在系统登记，"
                "请改为已登记的单位，或选“不立项”。",
                "tasks",
            )
        if not task.dates and not task.open_ended:
            return Refusal(
                f"“{task.title}”的时限“{task.deadline_text or '没有写'}”没有读出日期，请填日期或选“持续推进”。",
                "tasks",
            )
    return None


def reason_is_given(plan: Any, given: Given) -> str | None:
    """Why a plan is not taken into the ledger stands in the record."""
    return None if given.get("reason", "").strip() else Refusal("请写明理由。", "reason")


# fmt: off
PLAN = Workflow(
    "work_plan",
    "工作计划",
    states=[
        State(S.READ, "待核对立项", owes=[Owes("docket_plan", "核对工作计划", ledger_office, "ledger.plan")]),
        State(S.DOCKETED, "已立项"),
        State(S.DISCARDED, "不立项"),
    ],
    steps=[
        Step("read_plan", "导入", [], S.READ, "ledger.read_plan", basis="A1-7-2-1"),
        Step("read_again", "导入新版", [S.READ, S.DOCKETED, S.DISCARDED], S.READ, "ledger.read_plan"),
        Step("correct_task", "核对任务", [S.READ], None, "ledger.read_plan"),
        Step("docket_plan", "全部立项", [S.READ], S.DOCKETED, "ledger.read_plan", needs=[tasks_can_be_docketed],
             tone="primary", basis="A1-7-2-2"),
        Step("discard_plan", "不立项", [S.READ], S.DISCARDED, "ledger.read_plan", needs=[reason_is_given],
             settles=["docket_plan"], tone="danger"),
    ],
)
