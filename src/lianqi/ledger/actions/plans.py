"""Reading a plan into the review page, correcting its tasks, putting them into the ledger."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from lianqi.engines.workplan import PlanReading, read_plan
from lianqi.engines.workplan import PlanTask as TaskRead
from lianqi.kernel.access import Actor
from lianqi.kernel.crypto import sm3
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.files import attach
from lianqi.kernel.models.journal import Audience
from lianqi.kernel.uploads import CleanFile
from lianqi.ledger.actions.docketing import assign_item, docket_item, draft_series
from lianqi.ledger.enums import TaskFate
from lianqi.ledger.models import Item, PlanTask, WorkPlan
from lianqi.ledger.workflow import PLAN
from lianqi.ledger.workflow.guards import its_year_has_come
from lianqi.organisation.models import Unit
from lianqi.organisation.queries.roster_file import known_units

# What a later version may say otherwise, and a person may correct.
READ_FIELDS = ("title", "text", "units", "deadline_text", "dates", "recurs", "open_ended")


def read_file(file: CleanFile, *, year: int | None) -> PlanReading:
    """Read an inspected file.

    Raises:
        RuleBroken: it holds no plan, with the reason and the remedy, for the field ``file``.
    """
    try:
        reading = read_plan(file.name, file.content, plan_year=year, known_units=known_units())
    except ValueError as unreadable:
        raise RuleBroken(str(unreadable), field="file") from unreadable
    if not reading.tasks:
        raise RuleBroken(
            "文件里没有写明责任单位的任务。请确认每项任务写了“责任单位：”或“××单位牵头”。",
            field="file",
        )
    if not (year or reading.year):
        raise RuleBroken("没有读出计划年度，请填写。", field="year")
    return reading


@transaction.atomic
def enter_plan(
    *,
    actor: Actor,
    file: CleanFile,
    title: str,
    source: str,
    year: int | None = None,
    basis: str = "",
    issued_on: date | None = None,
    programme: str = "",
) -> WorkPlan:
    """Read a plan for review; the same title and year is read again instead of doubled.

    Raises:
        RuleBroken: the file cannot be read as a plan.
    """
    reading = read_file(file, year=year)
    plan_year = year or reading.year or 0
    known = WorkPlan.objects.filter(title=title, year=plan_year).first()
    if known is not None:
        return read_plan_again(known, actor=actor, file=file)
    plan = WorkPlan(
        title=title,
        year=plan_year,
        source=source,
        basis=basis,
        issued_on=issued_on,
        programme=programme,
        warnings=list(reading.warnings),
        read_by=actor,
    )
    with PLAN.starting("read_plan", plan, actor=actor) as step:
        plan.read_at = step.at
        step.says(f"导入“{title}”，读出{len(reading.tasks)}项任务。", tasks=len(reading.tasks))
    attach(plan, [file], actor=actor, audience=Audience.INTERNAL, line=step.line)
    for order, (mark, task) in enumerate(_marked(reading.tasks)):
        PlanTask.objects.create(plan=plan, mark=mark, order=order, **_read_values(task))
    return plan


@transaction.atomic
def read_plan_again(plan: WorkPlan, *, actor: Actor, file: CleanFile) -> WorkPlan:
    """Read a newer version: what is new waits, what differs is shown beside, nothing is doubled."""
    reading = read_file(file, year=plan.year)
    with PLAN.taking("read_again", plan, actor=actor) as step:
        plan.reading += 1
        plan.read_at, plan.warnings = step.at, list(reading.warnings)
        told = _compare(plan, reading)
        step.says(
            f"第{plan.reading}次读取：新增{told['new']}项，有差异{told['changed']}项，"
            f"新版没有{told['gone']}项，其余{told['same']}项不变。",
            **told,
        )
    attach(plan, [file], actor=actor, audience=Audience.INTERNAL, line=step.line)
    return plan


def _compare(plan: WorkPlan, reading: PlanReading) -> dict[str, int]:
    told = {"new": 0, "changed": 0, "gone": 0, "same": 0}
    known = {task.mark: task for task in plan.tasks.all()}
    seen = set()
    for order, (mark, read) in enumerate(_marked(reading.tasks)):
        seen.add(mark)
        task = known.get(mark)
        values = _read_values(read)
        if task is None:
            PlanTask.objects.create(plan=plan, mark=mark, order=order, **values)
            told["new"] += 1
            continue
        task.order = order
        if task.fate == TaskFate.GONE:
            task.fate = TaskFate.WAITING
        task.difference = {
            name: values[name]
            for name in READ_FIELDS
            if values[name] != getattr(task, name) and name not in task.corrected
        }
        told["changed" if task.difference else "same"] += 1
        if task.difference and task.fate == TaskFate.LEFT_OUT:
            task.fate = TaskFate.WAITING
        task.save()
    for mark in known.keys() - seen:
        if known[mark].fate == TaskFate.WAITING:
            known[mark].fate = TaskFate.GONE
            known[mark].save(update_fields=["fate"])
        told["gone"] += 1
    return told


def _marked(tasks: Sequence[TaskRead]) -> list[tuple[str, TaskRead]]:
    """Return each task with what it is known by; twins under one heading are told by their number."""
    counted: dict[str, int] = {}
    marked = []
    for task in tasks:
        place = "/".join([*task.path, task.title])
        counted[place] = counted.get(place, 0) + 1
        marked.append((sm3(f"{place}#{counted[place]}".encode()), task))
    return marked


def _read_values(task: TaskRead) -> dict[str, Any]:
    values = task.as_json()
    return {
        "path": values["path"],
        "title": task.title[:120],
        "text": task.text,
        "units": values["units"],
        "deadline_text": values["deadline_text"][:120],
        "dates": values["dates"],
        "recurs": values["recurs"] or "",
        "open_ended": task.deadline.open_ended,
        "warnings": values["warnings"],
    }


@transaction.atomic
def correct_task(task: PlanTask, *, actor: Actor, values: Mapping[str, Any]) -> PlanTask:
    """Change what was read of a task; what a person has said, a later reading leaves alone."""
    with PLAN.taking("correct_task", task.plan, actor=actor) as step:
        changed = [
            name for name in READ_FIELDS if name in values and values[name] != getattr(task, name)
        ]
        for name in changed:
            setattr(task, name, values[name])
        task.corrected = sorted({*task.corrected, *changed})
        task.warnings = []
        task.difference = {}
        task.save()
        step.says(f"核对“{task.title}”。", task=task.pk, fields=changed)
    return task


@transaction.atomic
def leave_task_out(task: PlanTask, *, actor: Actor, reason: str) -> PlanTask:
    """Say that a task does not go into the ledger, and why."""
    if not reason.strip():
        raise RuleBroken("请写明不立项的理由。", field="reason")
    with PLAN.taking("correct_task", task.plan, actor=actor) as step:
        task.fate, task.fate_reason = TaskFate.LEFT_OUT, reason
        task.save(update_fields=["fate", "fate_reason"])
        step.says(f"“{task.title}”不立项：{reason}", task=task.pk)
    return task


@transaction.atomic
def take_task_in(task: PlanTask, *, actor: Actor) -> PlanTask:
    """Let a task that was left out wait for the docket again."""
    with PLAN.taking("correct_task", task.plan, actor=actor) as step:
        task.fate, task.fate_reason = TaskFate.WAITING, ""
        task.save(update_fields=["fate", "fate_reason"])
        step.says(f"“{task.title}”重新列入。", task=task.pk)
    return task


@transaction.atomic
def settle_difference(task: PlanTask, *, actor: Actor, take_new: bool) -> PlanTask:
    """Choose between what stands and what the newer version says."""
    with PLAN.taking("correct_task", task.plan, actor=actor) as step:
        if take_new:
            for name, value in task.difference.items():
                setattr(task, name, value)
        else:
            task.corrected = sorted({*task.corrected, *task.difference})
        task.difference = {}
        task.save()
        step.says(f"“{task.title}”以{'新版' if take_new else '原有内容'}为准。", task=task.pk)
    return task


@transaction.atomic
def docket_plan(plan: WorkPlan, *, actor: Actor, assign: bool = False) -> list[Item]:
    """Put all waiting tasks into the ledger, and on the units' desks if asked; return the items.

    Raises:
        RuleBroken: a task has no known unit, no day, or an unsettled difference.
    """
    made = []
    with PLAN.taking("docket_plan", plan, actor=actor) as step:
        plan.docketed_at = step.at
        units = {unit.name: unit for unit in Unit.objects.filter(active=True)}
        for task in plan.tasks.filter(fate=TaskFate.WAITING):
            items = _draft_of(task, units, actor)
            task.fate = TaskFate.DOCKETED
            task.save(update_fields=["fate"])
            task.items.add(*items)
            made += items
        for item in made:
            if item.state == "drafted":
                docket_item(item, actor=actor)
                if assign and its_year_has_come(item) is None:
                    assign_item(item, actor=actor)
        step.says(f"立项{len(made)}件{'并交办' if assign else ''}。", items=len(made))
    return made


def _draft_of(task: PlanTask, units: Mapping[str, Unit], actor: Actor) -> list[Item]:
    known = [units[name] for name in task.units if name in units]
    plan = task.plan
    return draft_series(
        actor=actor,
        title=task.title,
        text=task.text,
        source=plan.source,
        origin=task,
        lead_unit=known[0],
        units=known[1:],
        unknown_units=[name for name in task.units if name not in units],
        deadline_text=task.deadline_text,
        dates=[date.fromisoformat(day) for day in task.dates],
        year=None if task.dates else plan.year,
        recurs=task.recurs,
        programme=plan.programme,
        basis=plan.basis or plan.title,
        issued_on=plan.issued_on,
    )


def discard_plan(plan: WorkPlan, *, actor: Actor, reason: str) -> WorkPlan:
    """Say that the plan is not taken into the ledger."""
    with PLAN.taking("discard_plan", plan, actor=actor, reason=reason) as step:
        step.says(f"不立项：{reason}", reason=reason)
    return plan
