"""What the page of any record shows beside its own content: steps, duties, what happened, files."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F, Model
from django.urls import reverse

from lianqi.kernel.access import Actor
from lianqi.kernel.models import Attachment, Duty, JournalEntry
from lianqi.kernel.models.duty import DutyState
from lianqi.kernel.remaining import remaining_text
from lianqi.kernel.templatetags.ui import filesize_zh
from lianqi.kernel.workdays import calendar
from lianqi.kernel.workflow import Workflow


@dataclass(frozen=True)
class StepLink:
    """A step this person may take now."""

    key: str
    label: str
    url: str
    tone: str


@dataclass(frozen=True)
class FileRow:
    """An attachment to open."""

    url: str
    name: str
    size_text: str


@dataclass(frozen=True)
class Line:
    """One line of the timeline."""

    at: datetime
    label: str
    actor_label: str
    text: str
    tone: str
    told: str
    attachments: list[FileRow] = field(default_factory=list)


@dataclass(frozen=True)
class OwedLine:
    """A live duty as a record's page shows it."""

    duty: Duty
    remaining_text: str
    light_word: str = ""

    @property
    def light(self) -> str:
        """The duty's light."""
        return self.duty.light

    @property
    def due_at(self) -> datetime | None:
        """When it is due."""
        return self.duty.due_at

    @property
    def explanation(self) -> list[dict[str, str]]:
        """How the date was reckoned, line by line."""
        return list(self.duty.explanation)


@dataclass(frozen=True)
class Offer:
    """A way on from a record's page that a higher room offers."""

    label: str
    url: str
    icon: str = ""


_offers: dict[str, list[Callable[[Any, Any], Iterable[Offer]]]] = {}


def offer_through(label_lower: str, offers: Callable[[Any, Any], Iterable[Offer]]) -> None:
    """Register what a higher room offers a reader on the page of a record of this model."""
    _offers.setdefault(label_lower, []).append(offers)


def offered_on(user: Any, subject: Model) -> list[Offer]:
    """Return what higher rooms offer this reader on the record's page."""
    found = _offers.get(subject._meta.label_lower, ())
    return [offer for offers in found for offer in offers(user, subject)]


def step_links(
    workflow: Workflow,
    subject: Any,
    actor: Actor,
    *,
    address: str,
    name: object,
    hidden: Iterable[str] = (),
) -> list[StepLink]:
    """Return the steps this person may take now; ``address`` is the steps' URL name, ``name`` its first word."""
    return [
        StepLink(step.key, str(step.label), reverse(address, args=[name, step.key]), step.tone)
        for step in workflow.open_steps(subject, actor)
        if step.key not in set(hidden)
    ]


def owed_lines(subject: Model) -> list[OwedLine]:
    """Return what is owed on a record now, the next due first."""
    rows = Duty.objects.about(subject).filter(state__in=[DutyState.OPEN, DutyState.PAUSED])
    days = calendar()
    return [
        OwedLine(duty, remaining_text(duty, days))
        for duty in rows.order_by("advisory", F("due_at").asc(nulls_last=True), "pk")
    ]


def file_rows(files: Iterable[Attachment]) -> list[FileRow]:
    """Return attachments with the addresses of their downloads."""
    return [
        FileRow(reverse("kernel:file_download", args=[one.pk]), one.name, filesize_zh(one.size))
        for one in files
    ]


def timeline_of(subject: Model, tones: dict[str, str] | None = None) -> list[Line]:
    """Return what happened to a record whose whole story its readers may know, newest first.

    ``tones`` colours lines by the step's key.
    """
    files: dict[int, list[Attachment]] = {}
    for one in Attachment.objects.about(subject):
        files.setdefault(one.line, []).append(one)
    return [
        Line(
            at=line.at,
            label=line.label,
            actor_label=line.actor_label,
            text=line.text,
            tone=(tones or {}).get(line.verb.rpartition(".")[2], "grey"),
            told="、".join(line.data.get("told", ())),
            attachments=file_rows(files.get(line.seq, [])),
        )
        for line in JournalEntry.objects.about(subject).order_by("-seq")
    ]
