"""What the clock does for the organisation room."""

from datetime import timedelta

from lianqi.kernel.access import SYSTEM
from lianqi.kernel.clock import today
from lianqi.kernel.jobs import job
from lianqi.organisation.actions import take_effect
from lianqi.organisation.enums import RosterChangeState
from lianqi.organisation.models import RosterChange


@job(name="organisation.take_effect", every=timedelta(minutes=10))
def make_roster_changes_effective() -> str:
    """Seat the successors whose day has come."""
    due = RosterChange.objects.filter(
        state=RosterChangeState.ACKNOWLEDGED, effective_on__lte=today()
    )
    count = 0
    for change in due:
        take_effect(change, actor=SYSTEM)
        count += 1
    return f"{count} 件人员调整生效"
