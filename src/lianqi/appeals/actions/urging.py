"""The urging ladder: 催办一 to the holder, 催办二 to the leader, 督办单 to the task force's head."""

from django.db import transaction

from lianqi.appeals.actions.sealing import without_identity
from lianqi.appeals.models import Appeal
from lianqi.appeals.workflow import APPEAL
from lianqi.kernel.access import Actor, Desk
from lianqi.kernel.clock import now
from lianqi.kernel.errors import StaleState, StepUnfit
from lianqi.kernel.models import Duty
from lianqi.kernel.models.duty import DutyState
from lianqi.kernel.models.outbox import Channel
from lianqi.kernel.outbox import enqueue
from lianqi.organisation.access import head_desk, unit_desk
from lianqi.organisation.enums import BodyCode, Post
from lianqi.organisation.models import Unit

LADDER = ("催办一", "催办二", "督办单")


@without_identity
def urge_duty(appeal: Appeal, *, actor: Actor, duty: Duty, note: str = "") -> Duty:
    """Climb one rung: a journal line, and a message to everybody up to that rung (A3-5-4-2)."""
    with APPEAL.taking("urge", appeal, actor=actor) as step:
        rung = min(duty.urge_level, len(LADDER) - 1)
        step.says(
            f"{LADDER[rung]}：{duty.holder_label}“{duty.label}”{note and f'，{note}'}",
            duty=duty.pk,
            rung=rung + 1,
        )
        # Compare-and-set: of a clerk and the clock urging at once, one climbs.
        climbed = Duty.objects.filter(
            pk=duty.pk, state=DutyState.OPEN, urge_level=duty.urge_level
        ).update(urge_level=rung + 1, urged_at=step.at)
        if not climbed:
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
        .order_by("due_at", "pk")
        .first()
    )
    if duty is None:
        raise StepUnfit("现在没有待办的责任事项，不用催办。")
    urge_duty(appeal, actor=actor, duty=duty, note=note)
    return appeal


@transaction.atomic
def remind_of(duty: Duty) -> bool:
    """Tell the holder that the deadline is a working day away, once; say whether it was told."""
    near = Duty.objects.filter(pk=duty.pk, state=DutyState.OPEN, reminded_at=None)
    told = bool(near.update(reminded_at=now()))
    if told:
        enqueue(
            Channel.DESK,
            duty.holder,
            title=f"临期提醒：{duty.matter}",
            text=f"“{duty.label}”即将到期。",
            url=duty.url,
        )
    return told
