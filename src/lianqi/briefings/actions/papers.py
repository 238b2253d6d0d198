"""A paper's way out: drafted, revised, signed, numbered and issued, or withdrawn."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from lianqi.briefings.models import Draft
from lianqi.briefings.queries.papers import paper_content
from lianqi.briefings.workflow import DRAFT
from lianqi.kernel.access import Actor
from lianqi.kernel.documents import issue_document, preview_document
from lianqi.kernel.models import IssuedDocument
from lianqi.organisation.enums import BodyCode
from lianqi.organisation.models import Body, Unit
from lianqi.organisation.queries.issuers import issuer_of


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a paper says and to whom; ``attachments`` are names, a line each."""

    title: str
    text: str
    to_units: Iterable[Unit] = ()
    to_bodies: Iterable[Body] = ()
    to_others: str = ""
    copies: str = ""
    attachments: str = ""
    contact: str = ""
    urgency: str = ""

    def write(self, draft: Draft) -> None:
        """Put the single values into the draft."""
        for name in ("title", "text", "to_others", "copies", "attachments", "contact", "urgency"):
            setattr(draft, name, getattr(self, name))

    def link(self, draft: Draft) -> None:
        """Put the recipients into a saved draft."""
        draft.to_units.set(self.to_units)
        draft.to_bodies.set(self.to_bodies)


@transaction.atomic
def draft_paper(kind: str, facts: Facts, *, actor: Actor) -> Draft:
    """Write a draft in the name of the conference office; its legal form is proved at once.

    Raises:
        RuleBroken: the form forbids it, e.g. a 请示 to two organs.
    """
    draft = Draft(kind=kind, body=Body.objects.get(code=BodyCode.JC), drafted_by=actor)
    facts.write(draft)
    with DRAFT.starting("draft", draft, actor=actor) as step:
        draft.drafted_at = step.at
        step.says(f"拟{draft.get_kind_display()}稿《{draft.title}》。", kind=kind)
    facts.link(draft)
    _prove(draft)
    return draft


@transaction.atomic
def revise_paper(draft: Draft, facts: Facts, *, actor: Actor) -> Draft:
    """Change a draft that is not signed yet; the line keeps the text it had.

    Raises:
        RuleBroken: the form forbids it.
    """
    with DRAFT.taking("revise", draft, actor=actor) as step:
        step.says("改稿。", before={"title": draft.title, "text": draft.text})
        facts.write(draft)
        facts.link(draft)
        _prove(draft)
    return draft


def sign_paper(draft: Draft, *, actor: Actor, note: str = "") -> Draft:
    """Let the paper out: from here on nobody changes its words."""
    with DRAFT.taking("sign", draft, actor=actor) as step:
        draft.signed_by, draft.signed_at = actor, step.at
        step.says(note or "同意签发。")
    return draft


def issue_paper(draft: Draft, *, actor: Actor) -> IssuedDocument:
    """Number the signed paper, freeze it and hand it to its recipients."""
    with DRAFT.taking("issue", draft, actor=actor) as step:
        issued = issue_document(
            draft.kind,
            draft,
            paper_content(draft),
            actor=actor,
            issuer_word=issuer_of(draft.body).word,
        )
        step.says(f"已编号印发：{issued.number}。", document=issued.pk, number=issued.number)
    return issued


def withdraw_paper(draft: Draft, *, actor: Actor, reason: str) -> Draft:
    """Take back a paper that has not been issued; it takes no number."""
    with DRAFT.taking("withdraw", draft, actor=actor, reason=reason) as step:
        draft.reason = reason
        step.says(reason)
    return draft


def _prove(draft: Draft) -> None:
    preview_document(draft.kind, paper_content(draft))
