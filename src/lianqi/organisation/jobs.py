"""What the clock does for the organisation room."""

from datetime import timedelta

from lianqi.kernel.access import SYSTEM
from lianqi.kernel.clock import today
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.jobs import job
from lianqi.organisation.actions import take_effect
from lianqi.organisation.enums import RosterChangeState
from lianqi.organisation.models import RosterChange


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
