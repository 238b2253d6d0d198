"""From the unit back to the firm: closing applied for, signed, checked, answered."""

from collections.abc import Iterator, Sequence
from datetime import date

from lianqi.appeals.actions.promises import Promised, draft_promises, give_drafted_promises
from lianqi.appeals.actions.saying import say
from lianqi.appeals.actions.sealing import without_identity
from lianqi.appeals.enums import CommunicationKind, Outcome
from lianqi.appeals.models import Appeal
from lianqi.appeals.workflow import APPEAL
from lianqi.enterprises.access import enterprise_desk
from lianqi.kernel.access import SYSTEM, Actor
from lianqi.kernel.files import attach
from lianqi.kernel.journal import write_line
from lianqi.kernel.models import Attachment, JournalEntry
from lianqi.kernel.models.journal import Audience
from lianqi.kernel.models.outbox import Channel
from lianqi.kernel.outbox import enqueue
from lianqi.kernel.uploads import CleanFile
from lianqi.kernel.workflow import Taking
from lianqi.organisation.models import Unit


@without_identity
def request_closing(
    appeal: Appeal,
    *,
    actor: Actor,
    outcome: str,
    reply: str,
    promised_on: date | None = None,
    promises: Sequence[Promised] = (),
    files: Sequence[CleanFile] = (),
) -> Appeal:
    """Put the answer before the unit's leader; the clock stops only when the leader has signed.

    ``promises`` are the dated sentences that the firm is given as promises; ``promised_on`` is
    short for one of them.
    """
    with APPEAL.taking(
        "request_closing",
        appeal,
        actor=actor,
        outcome=outcome,
        reply=reply,
        promised_on=promised_on,
        promises=promises,
    ) as step:
        appeal.outcome, appeal.reply = outcome, reply
        draft_promises(appeal, promised_on, promises)
        # Who has an answer needs no more time; a later round asks anew.
        appeal.extensions.filter(approved=None).update(
            approved=False, note="承办单位已申请办结，不再延期。", decided_at=step.at
        )
        step.says(f"拟办结（{Outcome(outcome).label}）：{reply}", outcome=outcome)
    # Until the answer has been signed and checked, its files are as internal as its text.
    attach(appeal, files, actor=actor, audience=Audience.INTERNAL, line=step.line)
    return appeal


@without_identity
def sign_closing(appeal: Appeal, *, actor: Actor, note: str = "") -> Appeal:
    """Let the unit's leader vouch for the answer."""
    with APPEAL.taking("sign_closing", appeal, actor=actor) as step:
        step.says(note or "同意。")
    return appeal


@without_identity
def return_draft(appeal: Appeal, *, actor: Actor, reason: str) -> Appeal:
    """Let the unit's leader send a draft back before it leaves the unit; the clock has not stopped."""
    with APPEAL.taking("return_draft", appeal, actor=actor) as step:
        step.says(reason)
    return appeal


@without_identity
def approve_closing(appeal: Appeal, *, actor: Actor, note: str = "") -> Appeal:
    """Let the answer go out to the firm; rating and call back begin."""
    with APPEAL.taking("approve_closing", appeal, actor=actor) as step:
        give_answer(appeal, step, unit=appeal.lead_unit)
        _release_files(appeal)
        step.says(appeal.reply, outcome=appeal.outcome, note=note)
    return appeal


def _release_files(appeal: Appeal) -> None:
    """Let the firm see the files of the answer that goes out, not those of drafts sent back."""
    drafts = JournalEntry.objects.about(appeal).filter(verb="appeal.request_closing")
    last = drafts.order_by("-seq").values("seq")[:1]
    Attachment.objects.about(appeal).filter(line__in=last).update(audience=Audience.ENTERPRISE)


@without_identity
def reject_closing(appeal: Appeal, *, actor: Actor, reason: str) -> Appeal:
    """Send a poor answer back; the unit's clock runs on from where it stood."""
    with APPEAL.taking("reject_closing", appeal, actor=actor) as step:
        step.says(reason)
    return appeal


def followers(appeal: Appeal) -> Iterator[Appeal]:
    """Yield what was merged into the appeal, and what had been merged into that before."""
    for follower in appeal.merged.select_related("enterprise"):
        yield follower
        yield from followers(follower)


def give_answer(appeal: Appeal, step: Taking, *, unit: Unit | None) -> None:
    """Keep the answer as given in this round, and tell the firms that were merged into it."""
    appeal.answered_at = step.at
    give_drafted_promises(appeal, step, unit=unit)
    say(appeal, CommunicationKind.REPLY, appeal.reply, step=step, unit=unit)
    for follower in followers(appeal):
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
