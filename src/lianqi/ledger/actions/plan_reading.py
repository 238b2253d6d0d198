"""Reading a plan into the review page, and newer versions of it into the same plan."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from lianqi.engines.workplan import PlanReading, read_plan
from lianqi.engines.workplan import PlanTask as TaskRead
from lianqi.kernel.access import Actor
from lianqi.kernel.crypto import sm3
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.files import attach
from lianqi.kernel.models import Attachment
from lianqi.kernel.models.journal import Audience
from lianqi.kernel.uploads import CleanFile
from lianqi.ledger.enums import TaskFate
from lianqi.ledger.models import PlanTask, WorkPlan
from lianqi.ledger.workflow import PLAN
from lianqi.organisation.queries.roster_file import known_units

# What a later version may say otherwise.
READ_FIELDS = ("title", "text", "units", "deadline_text", "dates", "recurs", "open_ended")
TITLE_MOST = 120


def read_file(file: CleanFile, *, year: int | None) -> PlanReading:
    """Read an inspected file.

    Raises:
        RuleBroken: it holds no plan, with the reason and the remedy, for the field ``file``.
    """
    try:
        reading = read_plan(file.name, file.content, plan_year=year, known_units=known_units())
    except ValueError as unreadable:
        raise RuleBroken(str(unreadable), field="file") from unreadable
    if not (year or reading.year):
        raise RuleBroken("没有读出计划年度，请填写。", field="year")
    return reading


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
        RuleBroken: the file cannot be read as a plan, or is another plan's already.
    """
    reading = read_file(file, year=year)
    plan_year = year or reading.year or 0
    known = WorkPlan.objects.filter(title=title, year=plan_year).first()
    if known is not None:
        return read_plan_again(known, actor=actor, file=file)
    _refuse_twin(file)
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
    try:
        return _enter(plan, reading, file, actor)
    except IntegrityError:  # somebody has entered the same plan this moment
        return read_plan_again(
            WorkPlan.objects.get(title=title, year=plan_year), actor=actor, file=file
        )


def _refuse_twin(file: CleanFile) -> None:
    """The same file under another name would put every task into the ledger twice."""
    kept = Attachment.objects.filter(subject_type=WorkPlan._meta.label_lower, sm3=file.sm3)
    twin = WorkPlan.objects.filter(pk__in=kept.values("subject_id")).first()
    if twin is not None:
        raise RuleBroken(
            f"这个文件已经导入为“{twin.title}”（{twin.year}年）。"
            "请在那份计划里核对；有新版时，也在那里导入。",
            field="file",
        )


@transaction.atomic
def _enter(plan: WorkPlan, reading: PlanReading, file: CleanFile, actor: Actor) -> WorkPlan:
    with PLAN.starting("read_plan", plan, actor=actor) as step:
        plan.read_at = step.at
        step.says(f"导入“{plan.title}”，读出{len(reading.tasks)}项任务。", tasks=len(reading.tasks))
    attach(plan, [file], actor=actor, audience=Audience.INTERNAL, line=step.line)
    PlanTask.objects.bulk_create(
        PlanTask(plan=plan, mark=mark, order=order, **_read_values(task))
        for order, (mark, task) in enumerate(_marked(reading.tasks))
    )
    return plan


@transaction.atomic
def read_plan_again(plan: WorkPlan, *, actor: Actor, file: CleanFile) -> WorkPlan:
    """Read a newer version: what is new waits, what differs is shown beside, nothing is doubled."""
    reading = read_file(file, year=plan.year)
    # Two versions at once are compared one after the other.
    WorkPlan.objects.select_for_update().get(pk=plan.pk)
    told, changed = _compare(plan, reading)
    news = told["new"] + told["changed"] + told["gone"]
    with PLAN.taking("read_again", plan, actor=actor, news=news) as step:
        plan.reading += 1
        plan.read_at, plan.warnings = step.at, list(reading.warnings)
        for task in changed:
            task.save()
        step.says(
            f"第{plan.reading}次读取：新增{told['new']}项，有差异{told['changed']}项，"
            f"新版没有{told['gone']}项，其余{told['same']}项不变。",
            **told,
        )
    attach(plan, [file], actor=actor, audience=Audience.INTERNAL, line=step.line)
    return plan


def _compare(plan: WorkPlan, reading: PlanReading) -> tuple[dict[str, int], list[PlanTask]]:
    """Return the counts of what the newer version brings, and the tasks that change by it."""
    told = {"new": 0, "changed": 0, "gone": 0, "same": 0}
    known = {task.mark: task for task in plan.tasks.prefetch_related("items")}  # type: ignore[attr-defined]
    read = dict(_marked(reading.tasks))
    moved = _moved(known, read)
    changed = []
    for order, (mark, found) in enumerate(read.items()):
        task = known.pop(moved.get(mark, mark), None)
        if task is None:
            changed.append(PlanTask(plan=plan, mark=mark, order=order, **_read_values(found)))
            told["new"] += 1
            continue
        task.mark, task.order = mark, order
        told[_hold_beside(task, _read_values(found))] += 1
        changed.append(task)
    for task in known.values():
        told["gone"] += task.fate != TaskFate.GONE
        if task.fate != TaskFate.LEFT_OUT:
            task.fate = TaskFate.GONE
        task.difference = {}
        changed.append(task)
    return told, changed


def _moved(known: dict[str, PlanTask], read: dict[str, TaskRead]) -> dict[str, str]:
    """Pair what stands under another heading now by its title, where that names one on each side."""
    left: dict[str, list[str]] = {}
    for mark in known.keys() - read.keys():
        left.setdefault(known[mark].title, []).append(mark)
    come: dict[str, list[str]] = {}
    for mark in read.keys() - known.keys():
        come.setdefault(read[mark].title[:TITLE_MOST], []).append(mark)
    return {
        marks[0]: left[title][0]
        for title, marks in come.items()
        if len(marks) == 1 and len(left.get(title, ())) == 1
    }


def _hold_beside(task: PlanTask, values: dict[str, Any]) -> str:
    """Note on a task what the newer version says otherwise; what was overruled is no news."""
    back = task.fate == TaskFate.GONE
    if back:
        task.fate = TaskFate.DOCKETED if task.items.all() else TaskFate.WAITING
    task.path = values["path"]
    task.difference = {
        name: values[name]
        for name in READ_FIELDS
        if values[name] != getattr(task, name)
        and not (name in task.corrected and task.corrected[name] == values[name])
    }
    if task.difference and task.fate == TaskFate.LEFT_OUT:
        task.fate = TaskFate.WAITING
    return "changed" if task.difference or back else "same"


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
        "title": task.title[:TITLE_MOST],
        "text": task.text,
        "units": values["units"],
        "deadline_text": values["deadline_text"][:120],
        "dates": values["dates"],
        "recurs": values["recurs"] or "",
        "open_ended": task.deadline.open_ended,
        "warnings": values["warnings"],
    }
