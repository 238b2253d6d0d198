"""What the clock does for appeals: reminders before, urging after the deadline."""

from datetime import timedelta

from lianqi.appeals.actions.urging import climb_rung, remind_of, rung_called_for
from lianqi.appeals.models import Appeal
from lianqi.kernel.access import SYSTEM
from lianqi.kernel.clock import now
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.jobs import job
from lianqi.kernel.models import Duty
from lianqi.kernel.models.duty import DutyState


def _open_appeal_duties():
    return Duty.objects.filter(workflow="appeal", state=DutyState.OPEN, advisory=False)


@job(name="appeals.remind_due", every=timedelta(minutes=15), title="临期提醒")
def remind_due() -> str:
    """Tell holders whose duty has turned amber."""
    near = _open_appeal_duties().filter(reminded_at=None, amber_at__lte=now(), red_at__gt=now())
    count = sum(remind_of(duty) for duty in near)
    return f"提醒 {count} 件"


@job(name="appeals.urge_overdue", every=timedelta(minutes=15), title="逾期催办")
def urge_overdue() -> str:
    """Climb the ladder for every duty that is due for its next rung."""
    count = 0
    for duty in _open_appeal_duties().filter(red_at__lte=now(), urge_level__lt=3).order_by("pk"):
        try:
            if duty.urge_level > rung_called_for(duty):
                continue
            climb_rung(Appeal.objects.get(pk=duty.subject_id), actor=SYSTEM, duty=duty)
            count += 1
        except RuleBroken:
            # Settled between our reading and now: nothing left to do.
            continue
    return f"催办 {count} 件"
