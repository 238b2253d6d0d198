"""From the firm to the office: submitting, accepting, supplements, declining, merging, withdrawing."""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction

from lianqi.appeals.access import identity_known, visible_appeals
from lianqi.appeals.actions.judging import reopen_appeal, supersede_promises
from lianqi.appeals.actions.saying import say
from lianqi.appeals.actions.sealing import (
    attach_from_firm,
    cover_title_and_content,
    keep_originals,
    without_identity,
)
from lianqi.appeals.enums import Channel, CommunicationKind, DeclineReason
from lianqi.appeals.models import Appeal
from lianqi.appeals.workflow import APPEAL
from lianqi.enterprises.enums import EnterpriseState
from lianqi.enterprises.models import Enterprise
from lianqi.kernel.access import SYSTEM, Actor
from lianqi.kernel.clock import local
from lianqi.kernel.errors import RuleBroken, StepUnfit
from lianqi.kernel.models.outbox import Channel as Way
from lianqi.kernel.numbering import next_number
from lianqi.kernel.outbox import enqueue
from lianqi.kernel.uploads import CleanFile, classification_mark
from lianqi.organisation.access import office_desk, unit_desk
from lianqi.organisation.enums import BodyCode, Post


@transaction.atomic
def submit_appeal(
    enterprise: Enterprise,
    *,
    actor: Actor,
    kind: str,
    title: str,
    content: str,
    contact_name: str,
    contact_phone: Any,
    channel: str = Channel.WEB,
    urgent: bool = False,
    upstream_id: str = "",
    sealed: bool = False,
    files: Sequence[CleanFile] = (),
) -> Appeal:
    """File an appeal for a verified firm; it gets its number and the office's clock starts (A3-1-2).

    A ``sealed`` one is told without the firm's name from its first line on.

    Raises:
        RuleBroken: the firm is not verified or not private, or the text carries a secrecy mark.
        StepUnfit: the city platform's number has come in before (A3-3-1-1).
    """
    _refuse_stranger(enterprise)
    refuse_classified(title, content)
    upstream_id = upstream_id.strip()
    _refuse_second(upstream_id, actor)
    appeal = Appeal(
        enterprise=enterprise,
        kind=kind,
        title=title,
        content=content,
        contact_name=contact_name,
        contact_phone=contact_phone,
        channel=channel,
        urgent=urgent,
        upstream_id=upstream_id,
        filed_by=actor,
    )
    try:
        with APPEAL.starting("submit", appeal, actor=actor) as step:
            appeal.submitted_at = step.at
            changed: dict[str, str] = {}
            if sealed:
                appeal.sealed_at = step.at
                changed = cover_title_and_content(appeal)
            year = local(step.at).year
            appeal.number = f"SQ{year}-{next_number('appeal', year):05d}"
            step.says(appeal.title, kind=kind, channel=channel, urgent=urgent)
    except IntegrityError:
        # Two clerks enter the same number at once: one is told, as if the other had come before.
        _refuse_second(upstream_id, actor)
        raise
    keep_originals(appeal, changed)
    attach_from_firm(appeal, files, actor=actor, line=step.line)
    return appeal


def _refuse_stranger(enterprise: Enterprise) -> None:
    if enterprise.state == EnterpriseState.PENDING:
        raise RuleBroken(
            "企业资料还在核验，通过后即可提交；一般一个工作日内完成。", field="enterprise"
        )
    if enterprise.state != EnterpriseState.VERIFIED:
        raise RuleBroken("该企业不在名录内，不能提交诉求，请联系专班办公室。", field="enterprise")
    if not enterprise.private:
        raise RuleBroken(
            "本平台服务民营企业和民营经济人士；国有单位的事项请按隶属关系报送或拨打12345。",
            field="enterprise",
        )


def _refuse_second(upstream_id: str, actor: Actor) -> None:
    """Refuse a city number that is there; who may know whose that appeal is, is told which it is."""
    if not upstream_id or not Appeal.objects.filter(upstream_id=upstream_id).exists():
        return
    # The number leads to the firm on the city's platform: to name a sealed appeal for it would tell.
    seen = visible_appeals(actor).filter(identity_known(actor), upstream_id=upstream_id)
    known = seen.first()
    where = f"，编号{known.number}，请到该件办理" if known else "，请联系专班办公室核对"
    raise StepUnfit(f"市平台编号{upstream_id}已经登记过{where}。", field="upstream_id")


def refuse_classified(*texts: str) -> None:
    """Refuse texts that carry a secrecy mark: this is an unclassified system (A1-R-4)."""
    for text in texts:
        mark = classification_mark(text)
        if mark:
            raise RuleBroken(
                f"内容中有密级标志“{mark}”。本系统不得填报涉密事项，请删去后提交，或按保密规定另行报送。",
                field="content",
            )


@without_identity
def accept_appeal(appeal: Appeal, *, actor: Actor, note: str = "") -> Appeal:
    """Take the appeal on; from here the office owes its dispatch."""
    with APPEAL.taking("accept", appeal, actor=actor) as step:
        appeal.accepted_at = step.at
        step.says(note)
    return appeal


@without_identity
def decline_appeal(
    appeal: Appeal, *, actor: Actor, reason_code: str, route: str, note: str = ""
) -> Appeal:
    """Refuse the appeal with a reason from the list and the route to take instead."""
    with APPEAL.taking("decline", appeal, actor=actor, route=route) as step:
        appeal.decline_reason, appeal.decline_route = reason_code, route
        appeal.closed_at = step.at
        label = DeclineReason(reason_code).label
        advice = f"{route.rstrip('。')}。{note}" if note else route
        step.says(f"{label}。建议：{advice}", reason_code=reason_code)
        _release_followers(appeal)
    return appeal


@without_identity
def request_supplement(appeal: Appeal, *, actor: Actor, note: str) -> Appeal:
    """Ask the firm for more; every clock stands until it answers."""
    resume = appeal.state
    with APPEAL.taking("request_supplement", appeal, actor=actor) as step:
        appeal.resume_state = resume
        step.says(note)
    return appeal


@without_identity
def supplement_appeal(
    appeal: Appeal, *, actor: Actor, content: str, files: Sequence[CleanFile] = ()
) -> Appeal:
    """Add what the firm has to add; clocks that stood for it run on."""
    refuse_classified(content)
    with APPEAL.taking("supplement", appeal, actor=actor) as step:
        appeal.resume_state = ""
        say(appeal, CommunicationKind.SUPPLEMENT, content, step=step)
        step.says(content)
    attach_from_firm(appeal, files, actor=actor, line=step.line)
    return appeal


@without_identity
def waive_supplement(appeal: Appeal, *, actor: Actor, note: str = "") -> Appeal:
    """Go on with what there is, where the firm has not answered; the clocks run on."""
    with APPEAL.taking("waive_supplement", appeal, actor=actor) as step:
        appeal.resume_state = ""
        step.says(note or "按现有材料继续办理。")
    return appeal


@without_identity
@transaction.atomic
def merge_appeal(appeal: Appeal, *, actor: Actor, into: Appeal, note: str = "") -> Appeal:
    """Join a duplicate to the appeal that is being worked on; its firm gets that one's answer."""
    # Both, in one order: two clerks may merge the two into each other at once.
    both = Appeal.objects.select_for_update().filter(pk__in=[appeal.pk, into.pk])
    list(both.order_by("pk").values_list("pk"))
    into.refresh_from_db()
    with APPEAL.taking("merge", appeal, actor=actor, into=into) as step:
        appeal.merged_into = into
        appeal.closed_at = step.at
        step.says(f"与同类诉求合并办理，结果一并答复。{note}", into=into.number)
    return appeal


@without_identity
def withdraw_appeal(appeal: Appeal, *, actor: Actor, reason: str) -> Appeal:
    """Let the firm take its appeal back."""
    with APPEAL.taking("withdraw", appeal, actor=actor) as step:
        appeal.closed_at = step.at
        supersede_promises(appeal, step)
        step.says(reason)
        _release_followers(appeal)
    return appeal


def _release_followers(appeal: Appeal) -> None:
    """Let what was merged into an appeal that gets no answer go on by itself."""
    for follower in appeal.merged.order_by("pk"):
        reopen_appeal(
            follower, actor=SYSTEM, reason="合并办理的那件诉求不再办理，本件恢复单独办理。"
        )


def nudge_appeal(appeal: Appeal, *, actor: Actor) -> Appeal:
    """Let the firm press for an answer; the unit hears of it, or the office while it has no unit."""
    with APPEAL.taking("nudge", appeal, actor=actor) as step:
        step.says("企业催办。")
        unit = appeal.lead_unit
        desk = unit_desk(unit, Post.LIAISON) if unit else office_desk(BodyCode.TF3)
        enqueue(
            Way.DESK,
            desk.key,
            title=f"企业催办：{appeal}",
            text="企业希望尽快得到答复，请主动联系。",
            url=appeal.get_absolute_url(),
        )
    return appeal
