"""What stands beside appeals: applications to open a sealed name, and public cases."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from lianqi.appeals.access import (
    handling_units,
    published_cases,
    visible_cases,
    visible_unsealings,
)
from lianqi.appeals.models import Appeal, PublicCase, Unsealing
from lianqi.appeals.queries.duties import LiveDuty
from lianqi.appeals.queries.likeness import Case
from lianqi.appeals.queries.record import StepLink
from lianqi.appeals.queries.timeline import TimelineEntry, told_entries
from lianqi.enterprises.access import in_appeals_office
from lianqi.kernel.access import cover_lines
from lianqi.kernel.models import Duty, JournalEntry
from lianqi.kernel.models.duty import DutyState
from lianqi.kernel.remaining import remaining_text
from lianqi.kernel.workflow import Workflow
from lianqi.organisation.models import Unit, User

MOST_LIKE = 5
# Below this share of common pairs a case is about something else.
LEAST_LIKE = 0.2


@dataclass(frozen=True)
class Beside:
    """A record's clock, steps and history as its page shows them."""

    duty: LiveDuty | None
    steps: list[StepLink]
    timeline: list[TimelineEntry]


def beside(user: User, subject: Any, workflow: Workflow, address: str, keys: Any) -> Beside:
    """Return what the page of a record beside an appeal shows of its flow.

    ``address`` names the steps' address (pk, key); ``keys`` are the steps that have a form.
    """
    live = [DutyState.OPEN, DutyState.PAUSED]
    owed = Duty.objects.about(subject).filter(state__in=live).first()
    steps = [
        StepLink(step.key, step.label, reverse(address, args=[subject.pk, step.key]), step.tone)
        for step in workflow.open_steps(subject, user)
        if step.key in keys
    ]
    lines = list(JournalEntry.objects.about(subject).order_by("-seq"))
    if subject.appeal.sealed:
        cover_lines(user, lines)
    return Beside(
        LiveDuty(owed, remaining_text(owed)) if owed else None, steps, told_entries(lines)
    )


def unsealing_rows(user: User, *, state: str = "") -> QuerySet[Unsealing]:
    """Return the applications this person may see, with what a row prints."""
    rows = visible_unsealings(user).select_related("appeal", "unit")
    return rows.filter(state=state) if state else rows


def units_to_tell(user: User, appeal: Appeal) -> QuerySet[Unit]:
    """Return the units to which this person may have the firm's name opened: handling, not yet told."""
    asked = Unsealing.objects.filter(
        appeal=appeal, unit=OuterRef("pk"), state__in=["asked", "applied", "opened"]
    )
    units = Unit.objects.filter(pk__in=appeal.handling_unit_ids).exclude(Exists(asked))
    if in_appeals_office(user):
        return units.exclude(pk__in=user.unit_ids)
    return units.filter(pk__in=handling_units(user))


# --- public cases


def case_rows(user: User, *, state: str = "") -> QuerySet[PublicCase]:
    """Return the cases this person may see, with what a row prints."""
    rows = visible_cases(user).select_related("appeal", "unit")
    return rows.filter(state=state) if state else rows


def public_case_rows(*, q: str = "", kind: str = "", unit: str = "") -> QuerySet[PublicCase]:
    """Return the published cases that a reader asks for; only public texts are searched."""
    rows = published_cases().select_related("unit")
    if kind:
        rows = rows.filter(kind=kind)
    if unit:
        rows = rows.filter(unit__code=unit)
    for word in q.split()[:5]:
        rows = rows.filter(
            Q(title__icontains=word) | Q(question__icontains=word) | Q(answer__icontains=word)
        )
    return rows


def units_with_cases() -> QuerySet[Unit]:
    """Return the units that have answered a published case."""
    return Unit.objects.filter(Exists(published_cases().filter(unit=OuterRef("pk"))))


def public_cases_like(text: str, *, most: int = MOST_LIKE) -> list[PublicCase]:
    """Return the published cases that share the most with a text, the closest first.

    Closeness is the share of the shorter one's pairs of neighbouring characters that the other has
    as well: a whole letter is compared with a short case, a few words with a long one.
    """
    asked = _pairs(text)
    if not asked:
        return []
    scored = [
        (_closeness(asked, _pairs(f"{case.title}。{case.question}")), case.pk, case)
        for case in published_cases().select_related("unit").iterator()
    ]
    close = [row for row in scored if row[0] >= LEAST_LIKE]
    return [case for _score, _pk, case in sorted(close, key=lambda row: (-row[0], -row[1]))[:most]]


def published_like(title: str, content: str, most: int) -> list[Case]:
    """Return published cases like a text as any firm is offered them: what the public reads, no more."""
    return [
        Case(
            title=case.title,
            answer=case.answer,
            url=reverse("public:case_detail", args=[case.pk]),
            note=_("公开案例"),
            answered_at=case.published_at,
        )
        for case in public_cases_like(f"{title}。{content}", most=most)
    ]


def _closeness(one: set[str], other: set[str]) -> float:
    return len(one & other) / min(len(one), len(other)) if one and other else 0


def _pairs(text: str) -> set[str]:
    plain = "".join(character for character in text if character.isalnum())
    return {plain[place : place + 2] for place in range(len(plain) - 1)}
