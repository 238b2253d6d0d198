"""Looking through the tasks of a plan: correcting, leaving out, choosing between two versions."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from lianqi.kernel.access import Actor
from lianqi.kernel.errors import RuleBroken, StaleState, StepUnfit
from lianqi.ledger.actions.plan_reading import READ_FIELDS
from lianqi.ledger.actions.plans import carry_into_items
from lianqi.ledger.enums import TaskFate
from lianqi.ledger.models import PlanTask, WorkPlan
from lianqi.ledger.workflow import PLAN

MOST_NAMED = 3


@transaction.atomic
def correct_task(
    task: PlanTask,
    *,
    actor: Actor,
    values: Mapping[str, Any],
    doubts: Sequence[str] = (),
    seen: str = "",
) -> PlanTask:
    """Change what was read of a task; what a person has said, the same reading does not undo.

    ``doubts`` is what is still doubtful of the corrected values; ``seen`` the task's content when
    its form was opened.

    Raises:
        StaleState: somebody has changed the task since.
        StepUnfit: it is in the ledger, or left out.
    """
    with PLAN.taking("correct_task", task.plan, actor=actor) as step:
        _reload([task], {TaskFate.WAITING})
        if seen and seen != task.fingerprint:
            raise StaleState("别人刚刚改过这项任务。请看最新内容后再修改。")
        changed = [
            name for name in READ_FIELDS if name in values and values[name] != getattr(task, name)
        ]
        for name in changed:
            said = task.difference.pop(name, getattr(task, name))
            task.corrected.setdefault(name, said)
            setattr(task, name, values[name])
        task.warnings = list(doubts)
        task.save()
        step.says(f"核对“{task.title}”。", task=task.pk, fields=changed)
    return task


@transaction.atomic
def confirm_tasks(plan: WorkPlan, tasks: Sequence[PlanTask], *, actor: Actor) -> list[PlanTask]:
    """Say of doubtful tasks that they were read right."""
    with PLAN.taking("correct_task", plan, actor=actor) as step:
        found = _reload(tasks, {TaskFate.WAITING})
        for task in found:
            task.warnings = []
            task.save(update_fields=["warnings"])
        step.says(f"确认读得对：{_named(found)}。", tasks=_keys(found))
    return found


@transaction.atomic
def leave_tasks_out(
    plan: WorkPlan, tasks: Sequence[PlanTask], *, actor: Actor, reason: str
) -> list[PlanTask]:
    """Say that tasks do not go into the ledger, and why."""
    if not reason.strip():
        raise RuleBroken("请写明不立项的理由。", field="reason")
    with PLAN.taking("correct_task", plan, actor=actor) as step:
        found = _reload(tasks, {TaskFate.WAITING})
        for task in found:
            task.fate, task.fate_reason = TaskFate.LEFT_OUT, reason
            task.save(update_fields=["fate", "fate_reason"])
        step.says(f"不立项：{_named(found)}。理由：{reason}", tasks=_keys(found), reason=reason)
    return found


@transaction.atomic
def take_tasks_in(plan: WorkPlan, tasks: Sequence[PlanTask], *, actor: Actor) -> list[PlanTask]:
    """Let tasks that were left out, or are gone from the newest version, wait for the docket again."""
    with PLAN.taking("correct_task", plan, actor=actor) as step:
        found = _reload(tasks, {TaskFate.LEFT_OUT, TaskFate.GONE})
        if any(task.items.exists() for task in found):
            raise StepUnfit("已立项的任务不用重新列入。")
        for task in found:
            task.fate, task.fate_reason = TaskFate.WAITING, ""
            task.save(update_fields=["fate", "fate_reason"])
        step.says(f"重新列入：{_named(found)}。", tasks=_keys(found))
    return found


@transaction.atomic
def settle_differences(
    plan: WorkPlan, tasks: Sequence[PlanTask], *, actor: Actor, take_new: bool
) -> list[PlanTask]:
    """Choose between what stands and what the newer version says.

    What is in the ledger already is amended there by a step of its own, whose line says what was
    changed; an item whose year is new is docketed.

    Raises:
        StepUnfit: an item is being closed just now, and cannot be amended.
    """
    with PLAN.taking("correct_task", plan, actor=actor) as step:
        found = [
            task
            for task in _reload(tasks, {TaskFate.WAITING, TaskFate.DOCKETED})
            if task.difference
        ]
        if not found:
            raise StepUnfit("这些任务与新版没有差异，或别人刚刚选定过。")
        for task in found:
            (_take_new if take_new else _keep_old)(task)
            task.save()
            if take_new and task.fate == TaskFate.DOCKETED:
                carry_into_items(task, actor=actor)
        step.says(
            f"以{'新版' if take_new else '原有内容'}为准：{_named(found)}。", tasks=_keys(found)
        )
    return found


def _take_new(task: PlanTask) -> None:
    for name, value in task.difference.items():
        setattr(task, name, value)
        task.corrected.pop(name, None)
    task.difference = {}


def _keep_old(task: PlanTask) -> None:
    task.corrected.update(task.difference)
    task.difference = {}


def _reload(tasks: Iterable[PlanTask], fates: set[TaskFate]) -> list[PlanTask]:
    """Return the tasks as they stand now, under the plan's lock, refusing those that moved on."""
    found = list(tasks)
    for task in found:
        task.refresh_from_db()
        if task.fate not in fates:
            raise StepUnfit(
                f"“{task.title}”现在是“{task.get_fate_display()}”，不能这样办。请刷新页面。"
            )
    return found


def _named(tasks: Sequence[PlanTask]) -> str:
    named = "、".join(f"“{task.title}”" for task in tasks[:MOST_NAMED])
    return f"{named}等{len(tasks)}项" if len(tasks) > MOST_NAMED else named


def _keys(tasks: Iterable[PlanTask]) -> list[int]:
    return [task.pk for task in tasks]
