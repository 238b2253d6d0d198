"""From the unit back to the firm: closing applied for, signed, checked, answered."""

from collections.abc import Sequence
from datetime import date

from lianqi.appeals.actions.saying import say
from lianqi.appeals.enums import CommunicationKind, Outcome
from lianqi.appeals.models import Appeal
from lianqi.appeals.workflow import APPEAL
from lianqi.kernel.access import SYSTEM, Actor
from lianqi.kernel.files import attach
from lianqi.kernel.journal import write_line
from lianqi.kernel.models.journal import Audience
from lianqi.kernel.models.outbox import Channel
from lianqi.kernel.outbox import enqueue
from lianqi.kernel.uploads import CleanFile
from lianqi.kernel.workflow import Taking
from lianqi.enterprises.access import enterprise_desk
from lianqi.organisation.models import Unit


def request_closing(
    appeal: Appeal,
    *,
    actor: Actor,
    outcome: str,
    reply: str,
    promised_on: date | None = None,
    files: Sequence[CleanFile] = (),
) -> Appeal:
    """Put the answer before the unit's leader; the clock stops only when the leader has signed."""
    with APPEAL.taking(
        "request_closing", appeal, actor=actor, outcome=outcome, reply=reply, promised_on=promised_on
    ) as step:
        appeal.outcome, appeal.reply, appeal.promised_on = outcome, reply, promised_on
        step.says(f"拟办结（{Outcome(outcome).label}）：{reply}", outcome=outcome)
    attach(appeal, files, actor=actor, audience=Audience.ENTERPRISE, line=step.line)
    return appeal


def sign_closing(appeal: Appeal, *, actor: Actor, note: str = "") -> Appeal:
    """Let the unit's leader vouch for the answer."""
    with APPEAL.taking("sign_closing", appeal, actor=actor) as step:
        step.says(note or "同意。")
    return appeal


def approve_closing(appeal: Appeal, *, actor: Actor, note: str = "") -> Appeal:
    """Let the answer go out to the firm; rating and call back begin."""
    with APPEAL.taking("approve_closing", appeal, actor=actor) as step:
        give_answer(appeal, step, unit=appeal.lead_unit)
        step.says(appeal.reply, outcome=appeal.outcome, note=note)
    return appeal


def reject_closing(appeal: Appeal, *, actor: Actor, reason: str) -> Appeal:
    """Send a poor answer back; the unit's clock runs on from where it stood."""
    with APPEAL.taking("reject_closing", appeal, actor=actor) as step:
        step.says(reason)
    return appeal


def give_answer(appeal: Appeal, step: Taking, *, unit: Unit | None) -> None:
    """Keep the answer as given in this round, and tell the firms that were merged into it."""
    appeal.answered_at = step.at
    say(appeal, CommunicationKind.REPLY, appeal.reply, step=step, unit=unit)
    for follower in appeal.merged.select_related("enterprise"):
        write_line(
            follower,
            actor=SYSTEM,
            verb="appeal.answered_with",
            label="并案答复",
            text=appeal.reply,
            audience=Audience.ENTERPRISE,
            at=step.at,
        )
        enqueue(
            Channel.DESK,
            enterprise_desk(follower.enterprise).key,
            title=f"您的诉求已有答复：{follower}",
            text=appeal.reply,
            url=follower.get_absolute_url(),
        )
