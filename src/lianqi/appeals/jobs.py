"""What the clock does for appeals: urging after the deadline; the kernel reminds before it."""

from datetime import timedelta

from lianqi.appeals.actions.cases import lapse_consent
from lianqi.appeals.actions.facts import keep_missing_facts
from lianqi.appeals.actions.sampling import note_signals, sample_late
from lianqi.appeals.actions.urging import climb_rung, rung_called_for
from lianqi.appeals.enums import CommunicationKind
from lianqi.appeals.models import Appeal, Communication, PublicCase
from lianqi.kernel.access import SYSTEM
from lianqi.kernel.clock import now
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.jobs import job
from lianqi.kernel.models import Duty
from lianqi.kernel.models.duty import DutyState


def _open_appeal_duties():
    return Duty.objects.filter(workflow="appeal", state=DutyState.OPEN, advisory=False)


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


# A night's look back: an answer's twin, or the same file, may have come in after it.
LOOKED_BACK = timedelta(days=14)
MISSING_AT_ONCE = 2000


@job(name="appeals.look_at_closings", every=timedelta(days=1), title="办结提示和回访抽样")
def look_at_closings() -> str:
    """Look again at the answers of the last two weeks; closed ones with a hint are called back."""
    recent = Communication.objects.filter(
        kind=CommunicationKind.REPLY, at__gte=now() - LOOKED_BACK, unit__isnull=False
    )
    hints = drawn = 0
    for appeal in Appeal.objects.filter(pk__in=recent.values("appeal_id")).order_by("pk"):
        hints += note_signals(appeal, at=now())
        if appeal.signals.filter(round=appeal.round).exists():
            drawn += sample_late(appeal) is not None
    return f"新提示 {hints} 条，补抽 {drawn} 件"


@job(name="appeals.keep_missing_facts", every=timedelta(hours=1), title="补齐统计要素")
def keep_facts_of_imports() -> str:
    """Write the counted facts of appeals that came in without steps."""
    return f"补齐 {keep_missing_facts(MISSING_AT_ONCE)} 件"


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
