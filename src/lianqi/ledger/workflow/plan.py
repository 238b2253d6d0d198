"""工作计划: read, looked through by the office, put into the ledger."""

from collections.abc import Mapping
from typing import Any

from lianqi.kernel.errors import Refusal
from lianqi.kernel.workflow import Owes, State, Step, Workflow
from lianqi.ledger.enums import PlanState as S
from lianqi.ledger.enums import TaskFate
from lianqi.ledger.queries.plan_units import units_with_accounts
from lianqi.ledger.workflow.holders import ledger_office

Given = Mapping[str, Any]
MOST_NAMED = 3


def some_task_waits(plan: Any) -> str | None:
    """There is something to put into the ledger."""
    return None if _waiting(plan).exists() else "没有待立项的任务。"


def review_is_over(plan: Any) -> str | None:
    """Nothing waits and no difference is open, in a plan that is in the ledger already."""
    if not plan.tasks.filter(fate=TaskFate.DOCKETED).exists():
        return "这份计划还没有任务立项。"
    if _waiting(plan).exists():
        return "还有任务待核对，请先立项，或选“不立项”。"
    differs = plan.tasks.exclude(difference={}).exists()
    return "还有任务与新版有差异，请先选定以哪一版为准。" if differs else None


def nothing_is_docketed(plan: Any) -> str | None:
    """What has become items is taken off the ledger item by item."""
    docketed = plan.tasks.filter(fate=TaskFate.DOCKETED).exists()
    return "已有任务立项，不能整份不立项；不再办理的请逐件撤项。" if docketed else None


def tasks_can_be_docketed(plan: Any, given: Given) -> str | None:
    """Each waiting task has a lead unit that the system knows, and a due rule."""
    known = units_with_accounts().keys()
    problems = [said for task in _waiting(plan) if (said := _hinders(task, known))]
    if not problems:
        return None
    more = len(problems) - MOST_NAMED
    named = "".join(problems[:MOST_NAMED]) + (f"另有{more}项也不能立项。" if more > 0 else "")
    return Refusal(named, "tasks")


def hindered(task: Any, known: Any) -> bool:
    """Whether something must be settled before this task can be docketed."""
    return _hinders(task, known) is not None


def _hinders(task: Any, known: Any) -> str | None:
    if task.difference:
        return f"“{task.title}”与新版有差异，请先选定以哪一版为准。"
    if not any(name in known for name in task.units):
        return (
            f"“{task.title}”的责任单位“{'、'.join(task.units)}”都没有在系统登记账号，"
            "请改为有账号的单位，或选“不立项”。"
        )
    if not task.dates and not task.open_ended:
        return (
            f"“{task.title}”的时限“{task.deadline_text or '没有写'}”没有读出日期，"
            "请填日期或选“持续推进”。"
        )
    return None


def reason_is_given(plan: Any, given: Given) -> str | None:
    """Why a plan is not taken into the ledger stands in the record."""
    return None if given.get("reason", "").strip() else Refusal("请写明理由。", "reason")


def after_reading(plan: Any, given: Given) -> str:
    """A plan of the ledger is looked through again only where the newer version says something new."""
    return S.READ if given["news"] or plan.state != S.DOCKETED else S.DOCKETED


def _waiting(plan: Any) -> Any:
    return plan.tasks.filter(fate=TaskFate.WAITING)


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
        Step("docket_plan", "全部立项", [S.READ], S.DOCKETED, "ledger.read_plan", when=[some_task_waits],
             needs=[tasks_can_be_docketed], tone="primary", basis="A1-7-2-2"),
        Step("close_review", "核对完毕", [S.READ], S.DOCKETED, "ledger.read_plan", when=[review_is_over],
             settles=["docket_plan"], tone="primary"),
        Step("read_again", "导入新版", [S.READ, S.DOCKETED, S.DISCARDED], after_reading, "ledger.read_plan"),
        Step("correct_task", "核对任务", [S.READ], None, "ledger.read_plan"),
        Step("discard_plan", "整份不立项", [S.READ], S.DISCARDED, "ledger.read_plan", when=[nothing_is_docketed],
             needs=[reason_is_given], settles=["docket_plan"], tone="danger"),
    ],
)
