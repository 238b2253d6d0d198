"""What is counted about one appeal, read from its records: the source of every figure.

An appeal counts from its first dispatch on; what the office answers itself is in no unit's rate.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lianqi.appeals.enums import (
    BAD_LEVEL,
    AppealState,
    CommunicationKind,
    ContactFact,
    ExclusionState,
    FirmWord,
    RateKey,
)
from lianqi.appeals.models import Appeal
from lianqi.kernel.clock import local
from lianqi.kernel.models import Duty, JournalEntry
from lianqi.kernel.models.duty import DutyState

# While it stands in one of these, a first contact may still come.
BEFORE_CONTACT = (
    AppealState.ACCEPTED,
    AppealState.DISPATCHED,
    AppealState.DISPUTED,
    AppealState.HANDLING,
    AppealState.SUPPLEMENT,
)
SENT_BACK = ("appeal.return_order", "appeal.return_draft", "appeal.reject_closing")


@dataclass
class _Course:
    """What the journal says of an appeal's course."""

    dispatched_at: datetime | None = None
    closed: bool = False
    reopened: bool = False
    returned: int = 0
    extension_refused: bool = False
    nudges: int = 0


def facts_of(appeal: Appeal) -> dict[str, Any] | None:
    """Return the facts counted about an appeal, by column of CaseFacts; None if never dispatched."""
    course = _course(appeal)
    unit_id = appeal.lead_unit_id
    first = course.dispatched_at or appeal.dispatched_at
    if first is None or unit_id is None:
        return None
    ratings = list(appeal.ratings.order_by("round").values_list("round", "level"))  # type: ignore[attr-defined]
    out = _excluded(appeal)
    return {
        "unit_id": unit_id,
        "kind": appeal.kind,
        "dispatched_on": local(first).date(),
        "contact": _contact(appeal),
        "answered": appeal.answered_at is not None or appeal.round > 1,
        # A draft on its way to the firm is no outcome yet.
        "outcome": appeal.outcome if appeal.answered_at else "",
        "word": _firm_word(appeal, ratings),
        "level": ratings[-1][1] if ratings else None,
        "bad_ratings": sum(level <= BAD_LEVEL for _, level in ratings),
        "closed": course.closed,
        "reopened": course.reopened,
        "returned": course.returned,
        "extension_refused": course.extension_refused,
        "nudges": course.nudges,
        "out_response": RateKey.RESPONSE.value in out,
        "out_resolution": RateKey.RESOLUTION.value in out,
        "out_satisfaction": RateKey.SATISFACTION.value in out,
    }


def _course(appeal: Appeal) -> _Course:
    course = _Course()
    lines = JournalEntry.objects.about(appeal).order_by("seq").values_list("verb", "at", "data")
    for verb, at, data in lines:
        if verb == "appeal.dispatch" and course.dispatched_at is None:
            course.dispatched_at = at
        course.closed |= verb == "appeal.close"
        left = data.get("from") == AppealState.CLOSED and data.get("to") != AppealState.CLOSED
        course.reopened |= left and verb.startswith("appeal.")
        course.returned += verb in SENT_BACK
        course.extension_refused |= verb == "appeal.decide_extension" and not data.get("approve")
        course.nudges += verb == "appeal.nudge"
    return course


def _contact(appeal: Appeal) -> str:
    """How the first contact of the first round went; a later round does not mend it."""
    said = appeal.communications.filter(kind=CommunicationKind.CONTACT, round=1)  # type: ignore[attr-defined]
    contacted_at = said.order_by("pk").values_list("at", flat=True).first()
    if contacted_at is None:
        waits = appeal.round == 1 and appeal.state in BEFORE_CONTACT
        return ContactFact.OPEN if waits else ContactFact.NONE
    owed = Duty.objects.about(appeal).filter(key="record_contact", opened_at__lte=contacted_at)
    ended = list(owed.order_by("pk"))
    lapsed = any(duty.state == DutyState.LAPSED for duty in ended)
    kept = any(duty.state == DutyState.DONE and duty.kept for duty in ended)
    return ContactFact.KEPT if kept and not lapsed else ContactFact.LATE


def _firm_word(appeal: Appeal, ratings: list[tuple[int, int]]) -> str:
    """What the firm says of this round's answer: one bad word denies, none at all is silence."""
    if appeal.answered_at is None:
        return ""
    called = appeal.callbacks.filter(round=appeal.round, level__isnull=False)  # type: ignore[attr-defined]
    levels = [level for round_, level in ratings if round_ == appeal.round]
    levels += [level for level in called.values_list("level", flat=True) if level]
    if not levels:
        return FirmWord.SILENT
    return FirmWord.DENIED if min(levels) <= BAD_LEVEL else FirmWord.CONFIRMED


def _excluded(appeal: Appeal) -> set[str]:
    approved = appeal.exclusions.filter(state=ExclusionState.APPROVED)  # type: ignore[attr-defined]
    return set(approved.values_list("rate", flat=True))
