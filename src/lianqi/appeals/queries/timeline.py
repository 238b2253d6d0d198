"""What happened to an appeal, as far as the reader may know."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from lianqi.appeals.models import Appeal
from lianqi.kernel.access import cover_lines, may
from lianqi.kernel.models import Attachment, JournalEntry
from lianqi.kernel.models.journal import Audience
from lianqi.kernel.templatetags.ui import filesize_zh, word
from lianqi.organisation.models import User

FOR_FIRMS = (Audience.ENTERPRISE, Audience.PUBLIC)
_TONES = {
    "submit": "blue",
    "supplement": "blue",
    "nudge": "amber",
    "return_order": "amber",
    "return_draft": "amber",
    "reject_closing": "amber",
    "urge": "red",
    "redo": "amber",
    "instruct": "amber",
    "reopen": "amber",
    "sign": "green",
    "answer_directly": "green",
    "approve_closing": "green",
    "close": "green",
}


@dataclass(frozen=True)
class FileRow:
    """An attachment to open."""

    url: str
    name: str
    size_text: str


@dataclass(frozen=True)
class TimelineEntry:
    """One line of the timeline."""

    at: datetime
    label: str
    actor_label: str
    text: str
    tone: str
    verb: str
    internal: bool
    # To whom it went; officials only, and empty for lines from before this was kept.
    told: str = ""
    attachments: list[FileRow] = field(default_factory=list)


def audiences(user: User, appeal: Appeal) -> tuple[str, ...] | None:
    """Return which texts this reader may see; None means all of them."""
    return None if may(user, "appeals.see_internal", appeal) else FOR_FIRMS


def file_rows(files: Iterable[Attachment]) -> list[FileRow]:
    """Return attachments with the addresses of their downloads."""
    return [
        FileRow(reverse("kernel:file_download", args=[f.pk]), f.name, filesize_zh(f.size))
        for f in files
    ]


def visible_files(user: User, appeal: Appeal) -> QuerySet[Attachment]:
    """Return the appeal's attachments that this reader may open."""
    allowed = audiences(user, appeal)
    files = Attachment.objects.about(appeal)
    if not may(user, "appeals.see_sealed", appeal):
        files = files.filter(sealed=False)
    return files if allowed is None else files.filter(audience__in=allowed)


def appeal_timeline(
    user: User, appeal: Appeal, visible: Iterable[Attachment] | None = None
) -> list[TimelineEntry]:
    """Return what happened, newest first: internal lines only for those who see internal work.

    ``visible`` are the attachments this reader may open, where they have been read already.
    """
    allowed = audiences(user, appeal)
    lines = told_lines(user, appeal)
    files: dict[int, list[Attachment]] = {}
    for file in visible_files(user, appeal) if visible is None else visible:
        files.setdefault(file.line, []).append(file)
    insider = allowed is None
    return [_entry(line, files.get(line.seq, []), insider=insider) for line in reversed(lines)]


def told_lines(user: User, appeal: Appeal) -> list[JournalEntry]:
    """Return the lines this reader may know, oldest first, with what tells a sealed firm covered."""
    allowed = audiences(user, appeal)
    lines = JournalEntry.objects.about(appeal).order_by("seq")
    found = list(lines if allowed is None else lines.filter(audience__in=allowed))
    if appeal.sealed:
        cover_lines(user, found)
    return found


def told_entries(lines: Iterable[JournalEntry]) -> list[TimelineEntry]:
    """Return journal lines of a record beside an appeal as entries, in the order given."""
    return [_entry(line, [], insider=True) for line in lines]


def _words(line: JournalEntry, *, insider: bool) -> str:
    """Return the line's words; a remark kept beside them in the data is for insiders."""
    note = line.data.get("note", "") if insider else ""
    return f"{line.text}\n{_('意见：')}{note}" if note else line.text


def _entry(line: JournalEntry, files: list[Attachment], *, insider: bool) -> TimelineEntry:
    internal = line.audience == Audience.INTERNAL
    return TimelineEntry(
        at=line.at,
        label=_("%s（内部）") % word(line.label) if internal else line.label,
        actor_label=line.actor_label,
        text=_words(line, insider=insider),
        tone=_TONES.get(line.verb.rpartition(".")[2], "grey"),
        verb=line.verb,
        internal=internal,
        told="、".join(line.data.get("told", ())) if insider else "",
        attachments=file_rows(files),
    )
