"""What every record page of the room shows of its flow: steps, clocks, history."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from lianqi.kernel.access import desks_of
from lianqi.kernel.models import Duty, JournalEntry
from lianqi.kernel.models.duty import DutyState
from lianqi.kernel.queries.records import Line, OwedLine, StepLink
from lianqi.kernel.remaining import remaining_text
from lianqi.kernel.templatetags.ui import word
from lianqi.kernel.workdays import calendar
from lianqi.kernel.workflow import Workflow
from lianqi.organisation.models import User

_TONES = ("primary", "normal", "danger")
_LIGHTS = ("red", "amber", "green", "blue", "grey")


@dataclass(frozen=True)
class Flow:
    """A record's steps, live duties and history, as one person may see them."""

    steps: list[StepLink]
    duties: list[OwedLine]
    timeline: list[Line] = field(default_factory=list)

    @property
    def light(self) -> OwedLine | None:
        """The most urgent duty, whose light stands beside the title."""
        return next(iter(self.duties), None)


def flow_of(
    user: User,
    subject: Any,
    workflow: Workflow,
    address: str,
    keys: Collection[str],
    *,
    everything: bool,
    hidden: Collection[str] = (),
) -> Flow:
    """Return what the page of a record shows of its flow.

    ``address`` names the steps' address (number, key), ``keys`` the steps that have a form. Who does
    not see ``everything`` is told of his own duties only; ``hidden`` verbs are left out of the
    history.
    """
    steps = [
        StepLink(
            step.key, str(step.label), reverse(address, args=[subject.number, step.key]), step.tone
        )
        for step in workflow.open_steps(subject, user)
        if step.key in keys
    ]
    steps.sort(key=lambda step: _TONES.index(step.tone))
    duties = live_duties_of(subject)
    if not everything:
        desks = desks_of(user)
        duties = [live for live in duties if live.duty.holder in desks]
    lines = JournalEntry.objects.about(subject).order_by("-seq")
    return Flow(steps, duties, [_told_line(line) for line in lines if line.verb not in hidden])


def _told_line(line: JournalEntry) -> Line:
    told = "、".join(line.data.get("told", ()))
    return Line(line.at, word(line.label), line.actor_label, line.text, "grey", told)


def live_duties_of(subject: Any) -> list[OwedLine]:
    """Return what is owed on a record now, the most urgent first."""
    live = [DutyState.OPEN, DutyState.PAUSED]
    return _told(Duty.objects.about(subject).filter(state__in=live))


def leading_duties(
    label: str, pks: Iterable[int], desks: Collection[str] | None = None
) -> dict[int, OwedLine]:
    """Return the most urgent duty of each of these records (at these desks), in one query."""
    live = [DutyState.OPEN, DutyState.PAUSED]
    rows = Duty.objects.filter(subject_type=label, subject_id__in=list(pks), state__in=live)
    if desks is not None:
        rows = rows.filter(holder__in=desks)
    found: dict[int, OwedLine] = {}
    for one in _told(rows):
        found.setdefault(one.duty.subject_id, one)
    return found


def _told(rows: Iterable[Duty]) -> list[OwedLine]:
    working = calendar()
    duties = [OwedLine(duty, remaining_text(duty, working)) for duty in rows]
    undated = [live for live in duties if live.due_at is None]
    dated = [live for live in duties if live.due_at is not None]
    dated.sort(key=lambda live: (_LIGHTS.index(live.light), live.due_at, live.duty.pk))
    return [*dated, *undated]
