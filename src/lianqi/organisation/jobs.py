"""What the clock does for the organisation room."""

from datetime import timedelta

from lianqi.kernel.access import SYSTEM
from lianqi.kernel.clock import today
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.jobs import job
from lianqi.organisation.actions import end_handover, take_effect
from lianqi.organisation.enums import RosterChangeState
from lianqi.organisation.models import DeskHandover, RosterChange


@job(name="organisation.return_desks", every=timedelta(minutes=30), title="代理期满交还")
def return_desks() -> str:
    """Note that desks lent until a day that has gone by are back with their holders."""
    over = DeskHandover.objects.filter(ended_at=None, appointment__valid_to__lt=today())
    count = 0
    for handover in over.order_by("pk"):
        end_handover(handover, actor=SYSTEM)
        count += 1
    return f"交还 {count} 个岗位"


@job(name="organisation.take_effect", every=timedelta(minutes=10), title="人员调整到期生效")
def make_roster_changes_effective() -> str:
    """Seat the successors whose day has come."""
    due = list(
        RosterChange.objects.filter(state=RosterChangeState.ACKNOWLEDGED, effective_on__lte=today())
    )
    done = [change for change in due if _takes_effect(change)]
    return f"{len(done)} 件人员调整生效，{len(due) - len(done)} 件未成"


def _takes_effect(change: RosterChange) -> bool:
    """Whether it worked; one that cannot be done must not hold up the others."""
    try:
        take_effect(change, actor=SYSTEM)
    except RuleBroken:
        return False
    return True
