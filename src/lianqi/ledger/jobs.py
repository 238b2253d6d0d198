"""What the clock does for the ledger: new periods and years, slips, the month's statements."""

from contextlib import suppress
from datetime import timedelta

from django.db import IntegrityError

from lianqi.kernel.access import SYSTEM
from lianqi.kernel.clock import local, now, today
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.jobs import job
from lianqi.kernel.limits import time_limit
from lianqi.kernel.models import Duty
from lianqi.kernel.models.duty import DutyState
from lianqi.kernel.workdays import calendar
from lianqi.ledger.actions.docketing import draft_next_year
from lianqi.ledger.actions.handling import release_items_of, turn_period
from lianqi.ledger.actions.plans import ORDERS_AT_ONCE, assign_planned, stop_assigning
from lianqi.ledger.actions.statements import open_all
from lianqi.ledger.actions.urging import issue_slip
from lianqi.ledger.enums import ItemState, Recurs
from lianqi.ledger.models import Item, WorkPlan
from lianqi.ledger.queries.items import owners_at_work
from lianqi.ledger.workflow import ITEM
from lianqi.ledger.workflow.guards import rung_is_left


@job(name="ledger.turn_periods", every=timedelta(hours=6), title="进展报送期轮换")
def turn_periods() -> str:
    """Close the reports that were not handed in, and let the next period's be owed."""
    over = Duty.objects.filter(
        workflow=ITEM.key, key="report_progress", state=DutyState.OPEN, amber_at__lte=now()
    )
    turned = 0
    for item in Item.objects.filter(pk__in=over.values("subject_id")).order_by("pk"):
        with suppress(RuleBroken):  # reported or closed a moment ago
            turn_period(item, actor=SYSTEM)
            turned += 1
    return f"上期未报 {turned} 件；新一期 {_owe_new_periods()} 件"


def _owe_new_periods() -> int:
    """Let this period's report be owed where the last one was handed in; new years begin likewise."""
    owed = Duty.objects.filter(
        workflow=ITEM.key, key="report_progress", state=DutyState.OPEN
    ).values("subject_id")
    quiet = Item.objects.filter(state=ItemState.UNDERWAY).exclude(pk__in=owed)
    begun = Item.objects.filter(state=ItemState.DOCKETED, year=today().year).exclude(
        pk__in=Duty.objects.filter(workflow=ITEM.key, key="assign", state=DutyState.OPEN).values(
            "subject_id"
        )
    )
    waiting = [*quiet.order_by("pk"), *begun.order_by("pk")]
    for item in waiting:
        ITEM.date_duties(item, undated=True)
    return len(waiting)


@job(name="ledger.return_desks", every=timedelta(minutes=10), title="离任责任人的事项交回")
def return_desks() -> str:
    """Give the items of persons who have left their unit, or whose account is closed, to the liaison."""
    returned = sum(release_items_of(user) for user in owners_at_work())
    return f"交回 {returned} 件"


@job(name="ledger.assign_planned", every=timedelta(minutes=1), title="工作计划陆续交办")
def assign_planned_items() -> str:
    """Give the orders of long plans, a few at a time, in the name of whoever docketed them."""
    given = 0
    for plan in WorkPlan.objects.exclude(assigning_for=None).select_related("assigning_for"):
        try:
            given += assign_planned(plan, most=ORDERS_AT_ONCE)
        except RuleBroken:  # no longer of the office: the orders left stay owed by its desk
            stop_assigning(plan)
    return f"交办 {given} 件"


@job(name="ledger.issue_slips", every=timedelta(hours=1), title="督办单")
def issue_slips() -> str:
    """Climb the ladder for what is late: blue at once, orange and red after their working days."""
    issued = 0
    late = Item.objects.filter(state=ItemState.UNDERWAY, red_at__lte=now())
    for item in late.order_by("pk"):
        if rung_is_left(item) is None and _rung_is_due(item):
            with suppress(RuleBroken):  # moved a moment ago
                issue_slip(item, actor=SYSTEM)
                issued += 1
    return f"签发 {issued} 张"


def _rung_is_due(item: Item) -> bool:
    last = item.slips.order_by("-pk").first()
    if last is None:
        return True
    pause = time_limit(
        "ledger.slip_orange" if item.slips.count() == 1 else "ledger.slip_red"
    ).amount
    try:
        passed = calendar().working_days_between(local(last.issued_at).date(), today())
    except LookupError:
        return False
    return passed >= pause


@job(name="ledger.open_statements", every=timedelta(hours=12), title="月度对账单")
def open_statements() -> str:
    """Open last month's statement for every unit that leads something, once a month."""
    month = _last_month()
    return f"{month} 开账 {len(open_all(month, actor=SYSTEM).statements)} 家"


def _last_month() -> str:
    last = today().replace(day=1) - timedelta(days=1)
    return f"{last.year}-{last.month:02d}"


@job(name="ledger.draft_recurring", every=timedelta(days=1), title="年度重复事项")
def draft_recurring() -> str:
    """Draft this year's item of what comes again every year, with last year's record beside it."""
    year = today().year
    last = Item.objects.filter(year=year - 1).exclude(recurs=Recurs.NEVER)
    last = last.exclude(state__in=[ItemState.DRAFTED, ItemState.CANCELLED]).exclude(
        followers__year=year
    )
    drafted = 0
    for item in last.order_by("pk"):
        with suppress(IntegrityError):  # another worker has just drafted it
            draft_next_year(item, actor=SYSTEM, year=year)
            drafted += 1
    return f"拟立项 {drafted} 件"
