"""A plan that was looked through goes into the ledger, or does not."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from lianqi.kernel.access import Actor
from lianqi.kernel.clock import today
from lianqi.ledger.actions.docketing import amend_item, assign_item, docket_item, draft_series
from lianqi.ledger.enums import ItemState, TaskFate
from lianqi.ledger.models import Item, PlanTask, WorkPlan
from lianqi.ledger.queries.plan_units import units_with_accounts
from lianqi.ledger.workflow import PLAN
from lianqi.organisation.models import Unit

# An order is a Word document: more than these are given one by one, so that nobody waits for them.
ORDERS_AT_ONCE = 30
FINISHED = (ItemState.COMPLETED, ItemState.STRUCK, ItemState.CANCELLED)


@transaction.atomic
def docket_plan(plan: WorkPlan, *, actor: Actor, assign: bool = False) -> list[Item]:
    """Put all waiting tasks into the ledger, and on the units' desks if asked; return the items.

    Of a long plan the clock gives the orders (``assign_planned``) in the name of the same person.

    Raises:
        RuleBroken: a task has no known unit, no day, or an unsettled difference.
    """
    made: list[Item] = []
    with PLAN.taking("docket_plan", plan, actor=actor) as step:
        plan.docketed_at = step.at
        units = units_with_accounts()
        waiting = list(plan.tasks.filter(fate=TaskFate.WAITING))  # type: ignore[attr-defined]
        doubtful = sum(task.doubtful for task in waiting)
        for task in waiting:
            made += _docket(task, units, actor)
            task.fate = TaskFate.DOCKETED
            task.save(update_fields=["fate"])
        plan.assigning_for = actor if assign else None
        step.says(
            f"立项{len(made)}件{'并交办' if assign else ''}"
            f"{f'，其中{doubtful}项存疑，按所读立项' if doubtful else ''}。",
            items=len(made),
        )
    if assign:
        assign_planned(plan, most=ORDERS_AT_ONCE)
        for item in made:
            item.refresh_from_db()
    return made


def assign_planned(plan: WorkPlan, *, most: int) -> int:
    """Give the orders of a docketed plan that are still to be given, so many at a time.

    Raises:
        NotPermitted: whoever docketed it may not give orders any more.
    """
    due = Item.objects.filter(
        plan_tasks__plan=plan, state=ItemState.DOCKETED, year__lte=today().year
    )
    waiting = list(due.distinct().order_by("pk")[: most + 1])
    for item in waiting[:most]:
        assign_item(item, actor=plan.assigning_for)
    if len(waiting) <= most:
        stop_assigning(plan)
    return len(waiting[:most])


def stop_assigning(plan: WorkPlan) -> None:
    """Leave the rest of the orders to a hand."""
    plan.assigning_for = None
    WorkPlan.objects.filter(pk=plan.pk).update(assigning_for=None)


@transaction.atomic
def carry_into_items(task: PlanTask, *, actor: Actor) -> None:
    """Amend a docketed task's items as the task says now; a year that is new gets its item.

    Finished items stay as they were done. An item of a year that the task names no more stays
    too: taking it off the ledger is the director's own step.
    """
    units = units_with_accounts()
    rule = _rule_of(task, units)
    by_year: dict[int, list[date]] = {}
    for day in rule["dates"]:
        by_year.setdefault(day.year, []).append(day)
    for item in task.items.exclude(state__in=FINISHED):
        # What went on without a day gets the first one that is named now.
        year = min(by_year, default=item.year) if item.open_ended else item.year
        if year in by_year or not by_year:
            basis = f"{task.plan.title}（第{task.plan.reading}次读取）"
            own = {**rule, "dates": by_year.get(year, [])}
            amend_item(item, actor=actor, basis=basis, **own)
    _docket(task, units, actor)


def _docket(task: PlanTask, units: Mapping[str, Unit], actor: Actor) -> list[Item]:
    plan = task.plan
    items = draft_series(
        actor=actor,
        source=plan.source,
        origin=task,
        year=None if task.dates else plan.year,
        programme=plan.programme,
        basis=plan.basis or plan.title,
        issued_on=plan.issued_on,
        **_rule_of(task, units),
    )
    task.items.add(*items)
    for item in items:
        if item.state == ItemState.DRAFTED:
            docket_item(item, actor=actor)
    return items


def _rule_of(task: PlanTask, units: Mapping[str, Unit]) -> dict[str, Any]:
    """Return what a task says in the words of an item; the first unit with an account leads."""
    known = [units[name] for name in task.units if name in units]
    return {
        "title": task.title,
        "text": task.text,
        "lead_unit": known[0],
        "units": known[1:],
        "unknown_units": [name for name in task.units if name not in units],
        "deadline_text": task.deadline_text or ("" if task.dates else "持续推进"),
        "dates": [date.fromisoformat(day) for day in task.dates],
        "recurs": task.recurs,
    }


def close_review(plan: WorkPlan, *, actor: Actor) -> WorkPlan:
    """Say that the newer version of a plan in the ledger has been looked through."""
    with PLAN.taking("close_review", plan, actor=actor) as step:
        step.says("新版核对完毕。")
    return plan


def discard_plan(plan: WorkPlan, *, actor: Actor, reason: str) -> WorkPlan:
    """Say that the plan is not taken into the ledger."""
    with PLAN.taking("discard_plan", plan, actor=actor, reason=reason) as step:
        step.says(f"整份不立项：{reason}", reason=reason)
    return plan
