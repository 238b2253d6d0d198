"""What the firm may read of an appeal's history: its own lines, by unit and post, with files."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lianqi.appeals.enums import Outcome
from lianqi.appeals.models import Appeal
from lianqi.enterprises.models import Membership
from lianqi.kernel.models import Attachment, JournalEntry
from lianqi.kernel.models.journal import Audience
from lianqi.kernel.templatetags.ui import filesize_zh

FOR_FIRMS = (Audience.ENTERPRISE, Audience.PUBLIC)
_ANSWERS = ("appeal.approve_closing", "appeal.answer_directly", "appeal.answered_with")
_LABELS = {
    "appeal.submit": _("提交诉求"),
    "appeal.accept": _("受理"),
    "appeal.decline": _("不予受理"),
    "appeal.request_supplement": _("请您补充材料"),
    "appeal.merge": _("与同类诉求合并办理"),
    "appeal.dispatch": _("转交承办单位"),
    "appeal.answer_directly": _("答复"),
    "appeal.sign": _("承办单位接件"),
    "appeal.record_contact": _("与您联系"),
    "appeal.report_stage": _("办理进展"),
    "appeal.decide_extension": _("关于办理时间"),
    "appeal.approve_closing": _("答复"),
    "appeal.answered_with": _("答复"),
    "appeal.rate": _("评价"),
    "appeal.redo": _("重新办理"),
    "appeal.instruct": _("专班组长要求重新办理"),
    "appeal.close": _("办结"),
    "appeal.recheck_promise": _("承诺落实情况"),
    "appeal.move_promise": _("承诺日期调整"),
    "appeal.deny_promise": _("反映承诺没有兑现"),
    "appeal.reopen": _("再次办理"),
    "appeal.supplement": _("补充材料"),
    "appeal.nudge": _("催一下"),
    "appeal.seal": _("要求保密"),
    "appeal.lift_seal": _("取消保密"),
    "appeal.identity_opened": _("身份已向承办单位开启"),
    "appeal.withdraw": _("撤回"),
}
# Lines whose words repeat the label or the title, or give orders to a unit.
_WORDLESS = ("appeal.submit", "appeal.sign", "appeal.nudge", "appeal.redo", "appeal.instruct")


@dataclass(frozen=True)
class FileLink:
    """A file that the firm may open."""

    name: str
    url: str
    size_text: str


@dataclass
class Line:
    """One thing that happened, as the firm is told."""

    at: datetime
    label: str
    actor_label: str
    text: str
    attachments: list[FileLink] = field(default_factory=list)
    tone: str = "grey"


@dataclass(frozen=True)
class Answer:
    """An answer as it went out, with its files."""

    at: datetime
    text: str
    outcome: str
    files: Sequence[FileLink]


@dataclass(frozen=True)
class Story:
    """The lines in the order of time, the answers, newest first, and what was last asked for."""

    lines: list[Line]
    answers: list[Answer]
    asked_for: str = ""


def story(appeal: Appeal) -> Story:
    """Return what the firm may know of what has happened; nothing internal is even loaded."""
    entries = list(
        JournalEntry.objects.about(appeal).filter(audience__in=FOR_FIRMS).order_by("seq")
    )
    files = _files_by_line(appeal, entries)
    own_people = set(
        Membership.objects.filter(enterprise_id=appeal.enterprise_id).values_list(
            "user_id", flat=True
        )
    )
    lines = [_line(entry, files.get(entry.seq, []), own_people) for entry in entries]
    answers = [
        _answer(entry, files.get(entry.seq, [])) for entry in entries if entry.verb in _ANSWERS
    ]
    asked = [entry.text for entry in entries if entry.verb == "appeal.request_supplement"]
    return Story(lines, answers[::-1], asked[-1] if asked else "")


def _line(entry: JournalEntry, files: list[FileLink], own_people: set[int]) -> Line:
    return Line(
        at=entry.at,
        label=str(_LABELS.get(entry.verb, entry.label)),
        actor_label=_who(entry, own_people),
        text="" if entry.verb in _WORDLESS else entry.text,
        attachments=files,
        tone="blue" if entry.verb in _ANSWERS else "grey",
    )


def _answer(entry: JournalEntry, files: list[FileLink]) -> Answer:
    outcome = entry.data.get("outcome")
    return Answer(entry.at, entry.text, str(Outcome(outcome).label) if outcome else "", files)


def _who(entry: JournalEntry, own_people: set[int]) -> str:
    """Return the firm as such, or an official's unit and post without the name."""
    if entry.actor_id in own_people or entry.verb == "appeal.rate":
        return str(_("贵企业"))
    _name, _bracket, post = entry.actor_label.partition("（")
    # A stand-in signs with whom he stands in for: a person, whom the firm is not shown.
    return post.removesuffix("）").partition("，代")[0]


def _files_by_line(appeal: Appeal, entries: Iterable[JournalEntry]) -> dict[int, list[FileLink]]:
    """Sort the files to the lines shown; those of an unseen draft belong to the answer after it."""
    seen = {entry.seq for entry in entries}
    answered = [entry.seq for entry in entries if entry.verb in _ANSWERS]
    sorted_files: dict[int, list[FileLink]] = {}
    for file in Attachment.objects.about(appeal).filter(audience__in=FOR_FIRMS):
        line = file.line
        if line not in seen:
            line = next((seq for seq in answered if seq > file.line), 0)
        sorted_files.setdefault(line, []).append(_link(file))
    return sorted_files


def _link(file: Any) -> FileLink:
    return FileLink(
        file.name, reverse("kernel:file_download", args=[file.pk]), filesize_zh(file.size)
    )
