"""Telling one unit who filed a sealed appeal: asked, applied for, decided by another person."""

from django.db import IntegrityError, transaction
from django.urls import reverse

from lianqi.appeals.links import progress_link
from lianqi.appeals.models import Appeal, Unsealing
from lianqi.appeals.workflow.covering import covered
from lianqi.appeals.workflow.unsealing import UNSEALING, unit_still_handles
from lianqi.enterprises.access import enterprise_desk
from lianqi.kernel.access import Actor
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.journal import write_line
from lianqi.kernel.models.journal import Audience
from lianqi.kernel.models.outbox import Channel
from lianqi.kernel.outbox import enqueue, text_firm
from lianqi.organisation.access import office_desk, unit_desk
from lianqi.organisation.enums import BodyCode, Post
from lianqi.organisation.models import Unit


def ask_unsealing(appeal: Appeal, *, actor: Actor, unit: Unit, reason: str) -> Unsealing:
    """Let a handling unit ask the office to have the firm's name opened to it."""
    return _begin("ask", appeal, actor, unit, reason)


def apply_for_unsealing(appeal: Appeal, *, actor: Actor, unit: Unit, reason: str) -> Unsealing:
    """Put it before the discipline committee to open the firm's name to one unit."""
    return _begin("file", appeal, actor, unit, reason)


def _begin(step_key: str, appeal: Appeal, actor: Actor, unit: Unit, reason: str) -> Unsealing:
    unsealing = Unsealing(appeal=appeal, unit=unit, reason=covered(appeal, reason))
    who = "asked_by" if step_key == "ask" else "applied_by"
    try:
        with transaction.atomic(), UNSEALING.starting(step_key, unsealing, actor=actor) as step:
            if refusal := unit_still_handles(unsealing):
                raise RuleBroken(refusal, field="unit")
            setattr(unsealing, who, actor)
            unsealing.at = step.at
            step.says(f"{appeal.number}，向{unit}：{unsealing.reason}")
    except IntegrityError as twice:
        raise RuleBroken("已经为这个单位提出过，请到开启身份申请里查看。", field="unit") from twice
    return unsealing


def forward_unsealing(unsealing: Unsealing, *, actor: Actor, note: str = "") -> Unsealing:
    """Put a unit's wish before the discipline committee."""
    with UNSEALING.taking("apply", unsealing, actor=actor) as step:
        unsealing.applied_by = actor
        step.says(covered(unsealing.appeal, note) or "同意提请。")
    return unsealing


def decline_unsealing(unsealing: Unsealing, *, actor: Actor, note: str) -> Unsealing:
    """Send a unit's wish back: the office can pass on what the unit needs without the name."""
    with UNSEALING.taking("decline", unsealing, actor=actor) as step:
        unsealing.note = covered(unsealing.appeal, note)
        unsealing.decided_at = step.at
        step.says(unsealing.note)
    return unsealing


def approve_unsealing(unsealing: Unsealing, *, actor: Actor, note: str = "") -> Unsealing:
    """Open the firm's name to the unit, and tell the firm who did so, why and for whom."""
    appeal = unsealing.appeal
    with UNSEALING.taking("approve", unsealing, actor=actor) as step:
        unsealing.decided_by, unsealing.decided_at = actor, step.at
        unsealing.note = covered(appeal, note)
        step.says(unsealing.note or "批准。")
        applicant = unsealing.applied_by.signature() if unsealing.applied_by else ""
        told = (
            f"仅向{unsealing.unit}开启。理由：{unsealing.reason}"
            f" 提请：{applicant}；批准：{actor.signature()}。"
        )
        write_line(
            appeal,
            actor=actor,
            verb="appeal.identity_opened",
            label="开启身份",
            text=told,
            audience=Audience.ENTERPRISE,
            at=step.at,
        )
        _tell(unsealing, told)
    return unsealing


def _tell(unsealing: Unsealing, told: str) -> None:
    appeal = unsealing.appeal
    enqueue(
        Channel.DESK,
        enterprise_desk(appeal.enterprise).key,
        title=f"您的身份已向承办单位开启：{appeal}",
        text=told,
        url=appeal.get_absolute_url(),
    )
    text_firm(
        f"appeal:{appeal.pk}:contact_phone",
        title=str(appeal),
        text=f"您的诉求{appeal.number}，企业身份已向{unsealing.unit}开启，原因和经办人请看：",
        path=progress_link(appeal),
    )
    enqueue(
        Channel.DESK,
        unit_desk(unsealing.unit, Post.LIAISON).key,
        title=f"可以查看诉求主体：{appeal}",
        text="仅限办理本件使用，不得向无关人员透露。",
        url=appeal.get_absolute_url(),
    )


def refuse_unsealing(unsealing: Unsealing, *, actor: Actor, note: str) -> Unsealing:
    """Keep the firm's name closed."""
    with UNSEALING.taking("refuse", unsealing, actor=actor) as step:
        unsealing.decided_by, unsealing.decided_at = actor, step.at
        unsealing.note = covered(unsealing.appeal, note)
        step.says(unsealing.note)
        if unsealing.applied_by_id:
            enqueue(
                Channel.DESK,
                office_desk(BodyCode.TF3).key,
                title=f"未批准开启身份：{unsealing.appeal}",
                text=unsealing.note,
                url=reverse("appeals:unsealing_detail", args=[unsealing.pk]),
            )
    return unsealing
