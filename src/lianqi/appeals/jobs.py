"""What the clock does for appeals: reminders before, urging after the deadline."""

from datetime import timedelta

from lianqi.appeals.actions.cases import lapse_consent
from lianqi.appeals.actions.urging import remind_of, urge_duty
from lianqi.appeals.models import Appeal, PublicCase
from lianqi.kernel.access import SYSTEM
from lianqi.kernel.clock import local, now, today
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.jobs import job
from lianqi.kernel.limits import time_limit
from lianqi.kernel.models import Duty
from lianqi.kernel.models.duty import DutyState
from lianqi.kernel.workdays import calendar


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
            if duty.urge_level > days_overdue_rung(duty):
                continue
            urge_duty(Appeal.objects.get(pk=duty.subject_id), actor=SYSTEM, duty=duty)
            count += 1
        except (RuleBroken, LookupError):
            # Settled or urged by hand between our reading and now: nothing left to do.
            continue
    return f"催办 {count} 件"


@job(name="appeals.lapse_consents", every=timedelta(hours=1), title="公开案例同意期满")
def lapse_consents() -> str:
    """Take a firm's silence for no, when its days to consent to a public case are over."""
    over = Duty.objects.filter(
        workflow="public_case", key="consent", state=DutyState.OPEN, due_at__lte=now()
    )
    count = 0
    for case in PublicCase.objects.filter(pk__in=over.values("subject_id")).order_by("pk"):
        try:
            lapse_consent(case, actor=SYSTEM)
            count += 1
        except RuleBroken:
            continue  # the firm has answered between our reading and now
    return f"期满 {count} 件"


def days_overdue_rung(duty: Duty) -> int:
    """Return the highest rung (0, 1, 2) that the working days overdue call for."""
    due_at = duty.due_at or now()
    late = calendar().working_days_between(local(due_at).date(), today())
    rungs = [time_limit("appeal.urge.leader").amount, time_limit("appeal.urge.head").amount]
    return sum(late > limit for limit in rungs)
