"""Plans and their tasks as the list and the review page show them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqi.kernel.templatetags.ui import day
from lianqi.ledger.access import visible_plans
from lianqi.ledger.enums import Recurs, TaskFate
from lianqi.ledger.models import Item, PlanTask, WorkPlan
from lianqi.ledger.queries.plan_units import units_with_accounts
from lianqi.ledger.workflow.plan import hindered
from lianqi.organisation.models import User

_DOUBTFUL = Q(fate=TaskFate.WAITING) & ~Q(warnings=[])
_DIFFERS = ~Q(difference={})
# The tabs of the review page: name and condition.
TASK_VIEWS: dict[str, tuple[Any, Q]] = {
    "all": (gettext_lazy("全部"), Q()),
    "waiting": (gettext_lazy("待核对"), Q(fate=TaskFate.WAITING)),
    "doubtful": (gettext_lazy("存疑"), _DOUBTFUL),
    "differs": (gettext_lazy("与新版有差异"), _DIFFERS),
    "docketed": (gettext_lazy("已立项"), Q(fate=TaskFate.DOCKETED)),
    "left_out": (gettext_lazy("不立项"), Q(fate=TaskFate.LEFT_OUT)),
    "gone": (gettext_lazy("新版中没有"), Q(fate=TaskFate.GONE)),
}
FIELD_LABELS = {
    "title": gettext_lazy("事项"),
    "text": gettext_lazy("原文"),
    "units": gettext_lazy("责任单位"),
    "deadline_text": gettext_lazy("时限原文"),
    "dates": gettext_lazy("日期"),
    "recurs": gettext_lazy("重复"),
    "open_ended": gettext_lazy("持续推进"),
}
# Words by which a doubt is told to be about the units; all others are about the deadline.
_ABOUT_UNITS = ("单位", "登记", "牵头")


@dataclass(frozen=True)
class PlanRow:
    """One line of the list of plans."""

    plan: WorkPlan
    counts: Mapping[str, Any]


@dataclass(frozen=True)
class UnitChip:
    """A unit of a task, whether it leads, and whether it has an account."""

    name: str
    known: bool
    leads: bool


@dataclass(frozen=True)
class Difference:
    """One field of a task in both versions."""

    label: Any
    old: str
    new: str


@dataclass(frozen=True)
class TaskRow:
    """A task as the review page shows it: the original, the reading, what is doubtful."""

    task: PlanTask
    chips: list[UnitChip]
    unit_doubts: list[str]
    deadline_doubts: list[str]
    days: list[str]
    hindered: bool
    differences: list[Difference] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)

    @property
    def path(self) -> str:
        """The headings above it."""
        return " / ".join(self.task.path)

    @property
    def changeable(self) -> bool:
        """Whether it still waits for the docket."""
        return self.task.fate == TaskFate.WAITING

    @property
    def returnable(self) -> bool:
        """Whether it can be taken in again."""
        return self.task.fate in (TaskFate.LEFT_OUT, TaskFate.GONE) and not self.items

    @property
    def taken_for(self) -> str:
        """Who leads instead, where the first unit has no account."""
        first = next((chip.name for chip in self.chips if chip.known), "")
        return first if self.chips and not self.chips[0].known else ""

    @property
    def tone(self) -> str:
        """The colour of its badge."""
        return {"docketed": "green", "left_out": "grey", "gone": "grey"}.get(self.task.fate, "blue")


def filtered_plans(user: User) -> QuerySet[WorkPlan]:
    """Return the plans this person may see."""
    return visible_plans(user).select_related("read_by")


def plan_rows(plans: Iterable[WorkPlan]) -> list[PlanRow]:
    """Return the plans with how many of their tasks stand where, in one query more."""
    plans = list(plans)
    tasks = PlanTask.objects.filter(plan__in=plans).order_by().values("plan")
    found = {row["plan"]: dict(row) for row in tasks.annotate(**_figures())}
    return [PlanRow(plan, found.get(plan.pk, {})) for plan in plans]


def task_counts(plan: WorkPlan) -> dict[str, int]:
    """Return how many tasks stand behind each tab, in one query."""
    return PlanTask.objects.filter(plan=plan).aggregate(**_figures())


def _figures() -> dict[str, Count]:
    return {key: Count("pk", filter=condition) for key, (_label, condition) in TASK_VIEWS.items()}


def filtered_tasks(plan: WorkPlan, view: str) -> QuerySet[PlanTask]:
    """Return the plan's tasks behind a tab, with what a row shows."""
    rows = PlanTask.objects.filter(plan=plan).filter(TASK_VIEWS[view][1])
    return rows.prefetch_related("items")


def task_rows(tasks: Iterable[PlanTask]) -> list[TaskRow]:
    """Return the rows of tasks loaded with their items."""
    known = units_with_accounts().keys()
    return [_row(task, known) for task in tasks]


def _row(task: PlanTask, known: Iterable[str]) -> TaskRow:
    chips = [UnitChip(name, name in known, place == 0) for place, name in enumerate(task.units)]
    doubts = task.warnings if task.fate == TaskFate.WAITING else []
    about_units = [said for said in doubts if any(word in said for word in _ABOUT_UNITS)]
    return TaskRow(
        task=task,
        chips=chips,
        unit_doubts=about_units,
        deadline_doubts=[said for said in doubts if said not in about_units],
        days=[day(date.fromisoformat(one)) for one in task.dates],
        hindered=task.fate == TaskFate.WAITING and not task.difference and hindered(task, known),
        differences=[
            Difference(label, shown(name, getattr(task, name)), shown(name, task.difference[name]))
            for name, label in FIELD_LABELS.items()
            if name in task.difference
        ],
        items=list(task.items.all()),
    )


def shown(name: str, value: Any) -> str:
    """Return a field's value in words."""
    if name == "dates":
        return "、".join(day(date.fromisoformat(one)) for one in value) or _("没有日期")
    if name == "units":
        return "、".join(value)
    if name == "recurs":
        return str(Recurs(value).label)
    if name == "open_ended":
        return _("是") if value else _("否")
    return str(value) or _("没有写")


def view_tabs(plan: WorkPlan, view: str, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return the tabs of the review page, each with its count; empty ones only if open."""
    here = reverse("ledger:plan_detail", args=[plan.pk])
    return [
        {
            "label": label,
            "url": here if key == "all" else f"{here}?view={key}",
            "active": key == view,
            "count": counts[key],
        }
        for key, (label, _condition) in TASK_VIEWS.items()
        if counts[key] or key in ("all", view)
    ]
