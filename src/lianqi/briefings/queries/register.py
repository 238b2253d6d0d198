"""发文登记: every issued document this person may read; and the papers on their way."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from lianqi.briefings.access import visible_drafts
from lianqi.briefings.enums import DraftState
from lianqi.briefings.models import Draft
from lianqi.engines.officialdoc import KINDS
from lianqi.kernel.documents import readable_documents
from lianqi.kernel.models import Duty, IssuedDocument, JournalEntry
from lianqi.kernel.models.duty import DutyState
from lianqi.organisation.models import User


def document_rows(
    user: User, *, kind: str = "", year: int | None = None, q: str = ""
) -> QuerySet[IssuedDocument]:
    """Return the register as this person may read it; every relation that a row prints is loaded."""
    rows = readable_documents(user).select_related("issued_by", "file")
    if kind in KINDS:
        rows = rows.filter(kind=kind)
    if year:
        rows = rows.filter(year=year)
    if q:
        rows = rows.filter(Q(title__icontains=q) | Q(number__icontains=q) | Q(issuer__icontains=q))
    return rows


def draft_rows(user: User, *, state: str = "", q: str = "") -> QuerySet[Draft]:
    """Return the papers this person may see, in one state if one is named."""
    rows = visible_drafts(user).select_related("drafted_by", "signed_by")
    if state in DraftState.values:
        rows = rows.filter(state=state)
    return rows.filter(title__icontains=q) if q else rows


def live_duty(draft: Draft) -> Duty | None:
    """Return what is owed on the paper now."""
    return Duty.objects.about(draft).filter(state=DutyState.OPEN).first()


@dataclass(frozen=True)
class Happening:
    """A journal line as the timeline shows it."""

    at: datetime
    label: str
    actor_label: str
    text: str
    attachments: tuple[Any, ...] = ()
    tone: str = "grey"


def happenings(draft: Draft) -> list[Happening]:
    """Return what happened to the paper, in order."""
    lines = JournalEntry.objects.about(draft).order_by("seq")
    return [Happening(line.at, line.label, line.actor_label, line.text) for line in lines]
