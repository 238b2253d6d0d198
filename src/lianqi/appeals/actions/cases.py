"""Public cases: drafted, checked, consented to by the firm, published by a second person, withdrawn."""

from typing import Any

from django.db import IntegrityError, transaction

from lianqi.appeals.actions.intake import refuse_classified
from lianqi.appeals.actions.sealing import LONGEST
from lianqi.appeals.links import consent_link
from lianqi.appeals.models import Appeal, PublicCase
from lianqi.appeals.workflow.cases import PUBLIC_CASE, open_finds
from lianqi.appeals.workflow.covering import covered, identity_words
from lianqi.engines.deidentify import cover
from lianqi.enterprises.access import enterprise_desk
from lianqi.kernel.access import Actor
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.models.outbox import Channel
from lianqi.kernel.outbox import enqueue, text_firm


def proposed_texts(appeal: Appeal) -> dict[str, str]:
    """Return an appeal's texts with what tells who somebody is covered, to begin a draft with."""
    words = identity_words(appeal)
    told = {"title": appeal.title, "question": appeal.content, "answer": appeal.reply}
    return {name: cover(text, names=words) for name, text in told.items()}


def draft_case(
    appeal: Appeal, *, actor: Actor, title: str, question: str, answer: str
) -> PublicCase:
    """Begin a public case from an answered appeal; one for each appeal.

    Raises:
        RuleBroken: the appeal has no answer, has a case already, or a text carries a secrecy mark.
    """
    refuse_classified(title, question, answer)
    case = PublicCase(appeal=appeal, kind=appeal.kind)
    _write(case, title, question, answer)
    try:
        with transaction.atomic(), PUBLIC_CASE.starting("draft", case, actor=actor) as step:
            case.unit = appeal.lead_unit
            case.drafted_by, case.drafted_at = actor, step.at
            step.says(case.title)
    except IntegrityError as twice:
        raise RuleBroken("这件诉求已经有公开案例。") from twice
    return case


def revise_case(
    case: PublicCase, *, actor: Actor, title: str, question: str, answer: str
) -> PublicCase:
    """Change the draft's texts; what was looked at stays looked at as far as it is still there."""
    refuse_classified(title, question, answer)
    with PUBLIC_CASE.taking("revise", case, actor=actor) as step:
        _write(case, title, question, answer)
        step.says(case.title)
    return case


def _write(case: PublicCase, title: str, question: str, answer: str) -> None:
    """Keep the texts; a unit reads the draft too, so a sealed appeal's firm is never in them."""
    case.title = covered(case.appeal, title)[: LONGEST["title"]]
    case.question, case.answer = covered(case.appeal, question), covered(case.appeal, answer)


def clear_find(case: PublicCase, *, actor: Actor, which: str, reason: str) -> PublicCase:
    """Say of one find of the check why it may stay.

    Raises:
        RuleBroken: the find is not, or no longer, in the texts.
    """
    reason = covered(case.appeal, reason)
    with PUBLIC_CASE.taking("clear", case, actor=actor) as step:
        found = {find_key(hit): hit for hit in open_finds(case)}.get(which)
        if found is None:
            raise RuleBroken("文中没有这一处，请刷新页面。", field="which")
        look: dict[str, Any] = {"kind": found.kind, "text": found.text, "reason": reason}
        case.cleared = [*case.cleared, {**look, "by": actor.signature()}]
        step.says(f"{found.label}“{found.text}”可以公开：{reason}")
    return case


def find_key(hit: Any) -> str:
    """Return how a form names a find."""
    return f"{hit.kind}:{hit.text}"


def ask_consent(case: PublicCase, *, actor: Actor) -> PublicCase:
    """Show the firm what would be public and ask it; silence is no."""
    with PUBLIC_CASE.taking("ask_consent", case, actor=actor) as step:
        step.says("请企业确认公开内容；期满未答复按不同意处理。")
        path = consent_link(case)
        enqueue(
            Channel.DESK,
            enterprise_desk(case.appeal.enterprise).key,
            title=f"可以把您的事做成公开案例吗：{case.title}",
            text="里面没有企业名称、姓名和电话。同意了才公开，不答复就不公开，同意后也可以随时撤回。",
            url=path,
        )
        text_firm(
            f"appeal:{case.appeal_id}:contact_phone",
            title=case.appeal.number,
            text=f"诉求{case.appeal.number}拟做公开案例（不含企业信息），请看是否同意：",
            path=path,
        )
    return case


def consent_to_case(case: PublicCase, *, actor: Actor) -> PublicCase:
    """Let the firm agree that the texts as they are become public."""
    with PUBLIC_CASE.taking("consent", case, actor=actor) as step:
        case.consented_at = step.at
        step.says("企业同意公开。")
    return case


def refuse_case(case: PublicCase, *, actor: Actor) -> PublicCase:
    """Let the firm say no; nothing becomes public and nobody asks again."""
    with PUBLIC_CASE.taking("refuse", case, actor=actor) as step:
        case.ended_at = step.at
        step.says("企业不同意公开。")
    return case


def lapse_consent(case: PublicCase, *, actor: Actor) -> PublicCase:
    """Take silence for no, when the firm's days are over."""
    with PUBLIC_CASE.taking("lapse", case, actor=actor) as step:
        case.ended_at = step.at
        step.says("企业期满未答复，按不同意处理。")
    return case


def publish_case(case: PublicCase, *, actor: Actor) -> PublicCase:
    """Make the case public; whoever drafted it does not publish it."""
    with PUBLIC_CASE.taking("publish", case, actor=actor) as step:
        case.published_by, case.published_at = actor, step.at
        step.says(case.title)
    return case


def withdraw_consent(case: PublicCase, *, actor: Actor) -> PublicCase:
    """Let the firm take its consent back; the case is not public from this moment."""
    with PUBLIC_CASE.taking("withdraw_consent", case, actor=actor) as step:
        case.ended_at = step.at
        step.says("企业撤回同意，已撤下。")
    return case


def withdraw_case(case: PublicCase, *, actor: Actor, reason: str) -> PublicCase:
    """Take a case down, or give its draft up, with the reason."""
    with PUBLIC_CASE.taking("withdraw", case, actor=actor) as step:
        case.ended_at = step.at
        step.says(covered(case.appeal, reason))
    return case
