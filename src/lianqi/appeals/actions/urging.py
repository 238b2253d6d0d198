"""The urging ladder: 催办一 to the holder, 催办二 to the leader, 督办单 to the task force's head."""

from django.db.models import F, QuerySet

from lianqi.appeals.actions.sealing import without_identity
from lianqi.appeals.models import Appeal
from lianqi.appeals.workflow import APPEAL
from lianqi.kernel.access import Actor, Desk
from lianqi.kernel.clock import local, today
from lianqi.kernel.errors import StaleState, StepUnfit
from lianqi.kernel.limits import time_limit
from lianqi.kernel.models import Duty
from lianqi.kernel.models.duty import DutyState
from lianqi.kernel.models.outbox import Channel
from lianqi.kernel.outbox import enqueue
from lianqi.kernel.workdays import calendar
from lianqi.organisation.access import head_desk, unit_desk
from lianqi.organisation.enums import BodyCode, Post
from lianqi.organisation.models import Unit

LADDER = ("催办一", "催办二", "督办单")


def climb_rung(appeal: Appeal, *, actor: Actor, duty: Duty) -> Duty:
    """Let the clock climb the next rung: a journal line, and a message to everybody up to it.

    Raises:
        StaleState: another worker has just climbed it, or the duty is settled (A3-5-4-2).
    """
    rung = min(duty.urge_level, len(LADDER) - 1)
    # Compare-and-set: of two workers at once, one climbs.
    still = Duty.objects.filter(pk=duty.pk, urge_level=duty.urge_level)
    return _urge(appeal, duty, still, actor=actor, rung=rung, reached=rung + 1)


@without_identity
def urge_duty(appeal: Appeal, *, actor: Actor, duty: Duty, note: str = "") -> Duty:
    """Urge by hand, as often as need be, on the rung that the days overdue call for.

    The ladder of the clock is left where it is: it climbs each rung in its own time.
    """
    rung = max(rung_called_for(duty), duty.urge_level - 1)
    still = Duty.objects.filter(pk=duty.pk, urged_at=duty.urged_at)
    return _urge(appeal, duty, still, actor=actor, rung=rung, reached=duty.urge_level, note=note)


def rung_called_for(duty: Duty) -> int:
    """Return the highest rung (0, 1, 2) that the working days overdue call for; 0 before.

    Where the calendar of the year is missing nobody can count the days: 0.
    """
    if duty.due_at is None:
        return 0
    try:
        late = calendar().working_days_between(local(duty.due_at).date(), today())
    except LookupError:
        return 0
    rungs = [time_limit("appeal.urge.leader").amount, time_limit("appeal.urge.head").amount]
    return sum(late > limit for limit in rungs)


def _urge(
    appeal: Appeal,
    duty: Duty,
    still: QuerySet[Duty],
    *,
    actor: Actor,
    rung: int,
    reached: int,
    note: str = "",
) -> Duty:
    with APPEAL.taking("urge", appeal, actor=actor) as step:
        step.says(
            f"{LADDER[rung]}：{duty.holder_label}“{duty.label}”{note and f'，{note}'}",
            duty=duty.pk,
            rung=rung + 1,
        )
        if not still.filter(state=DutyState.OPEN).update(urge_level=reached, urged_at=step.at):
            raise StaleState("这一项刚刚催办过或已经办完，请刷新页面。")
        for desk_key in _told(duty, rung):
            enqueue(
                Channel.DESK,
                desk_key,
                title=f"{LADDER[rung]}：{duty.matter}",
                text=f"{duty.holder_label}应办“{duty.label}”，请抓紧。{note}",
                url=duty.url,
            )
    duty.refresh_from_db()
    return duty


def _told(duty: Duty, rung: int) -> list[str]:
    rungs: list[Desk | None] = [None, _leader(duty), head_desk(BodyCode.TF3)]
    # Each desk once: the leader, or the head, may be the one who owes it.
    return list(dict.fromkeys([duty.holder, *(desk.key for desk in rungs[1 : rung + 1] if desk)]))


def _leader(duty: Duty) -> Desk | None:
    unit = Unit.objects.filter(code=duty.unit_code).first() if duty.unit_code else None
    return unit_desk(unit, Post.LEADER) if unit else None


@without_identity
def urge_appeal(appeal: Appeal, *, actor: Actor, note: str = "") -> Appeal:
    """Urge whoever owes the appeal's next step."""
    duty = (
        Duty.objects.about(appeal)
        .filter(state=DutyState.OPEN, advisory=False)
        .order_by(F("due_at").asc(nulls_last=True), "pk")
        .first()
    )
    if duty is None:
        raise StepUnfit("现在没有待办的责任事项，不用催办。")
    urge_duty(appeal, actor=actor, duty=duty, note=note)
    return appeal
