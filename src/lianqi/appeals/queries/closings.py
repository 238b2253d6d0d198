"""Looking for what makes an answer worth a call: facts in words, no score, no verdict.

Each finder returns the words and the facts, or None. The office calls; people judge.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from lianqi.appeals.enums import CommunicationKind, SignalKind
from lianqi.appeals.models import Appeal, Communication
from lianqi.engines.likeness import likeness, shingles
from lianqi.engines.worktime.explanation import moment_text
from lianqi.kernel.clock import local
from lianqi.kernel.limits import time_limit
from lianqi.kernel.models import Attachment, Duty, JournalEntry
from lianqi.kernel.models.duty import DutyState
from lianqi.kernel.workdays import calendar

# How many of the unit's latest answers a new one is held against.
COMPARED = 300
_WITH_FILES = ("appeal.request_closing", "appeal.report_stage", "appeal.submit_opinion")


@dataclass(frozen=True)
class Found:
    """One hint about one answer."""

    kind: SignalKind
    text: str
    facts: dict[str, Any] = field(default_factory=dict)


def signals_of_answer(appeal: Appeal) -> list[Found]:
    """Return what stands out in the answer that has just gone out in this round."""
    if appeal.answered_at is None or appeal.lead_unit_id is None:
        return []
    found = [finder(appeal) for finder in _FINDERS]
    return [one for one in found if one is not None]


def signal_of_reopening(appeal: Appeal) -> Found | None:
    """Return the hint that the last closing did not hold long, of an appeal just reopened."""
    closed = _lines(appeal, "appeal.close").order_by("-seq").first()
    left = _lines(appeal, "appeal.reopen", "appeal.callback").order_by("-seq").first()
    if closed is None or left is None or left.at < closed.at:
        return None
    days = calendar().working_days_between(local(closed.at).date(), local(left.at).date())
    if days > time_limit("appeal.signal.reopened").amount:
        return None
    text = f"{moment_text(local(closed.at))}办结，{days}个工作日后重启。"
    return Found(SignalKind.REOPENED, text, {"working_days": days})


def _lines(appeal: Appeal, *verbs: str) -> Any:
    return JournalEntry.objects.about(appeal).filter(verb__in=verbs)


def _copied(appeal: Appeal) -> Found | None:
    answer = shingles(appeal.reply)
    if not answer or appeal.lead_unit_id is None:
        return None
    others = (
        Communication.objects.filter(kind=CommunicationKind.REPLY, unit_id=appeal.lead_unit_id)
        .exclude(appeal=appeal)
        .order_by("-pk")
        .values_list("appeal__number", "content")[:COMPARED]
    )
    shares = [(likeness(answer, shingles(content)), number) for number, content in others]
    share, number = max(shares, default=(0, ""))
    if share < time_limit("appeal.signal.likeness").amount:
        return None
    text = f"与{number}的答复有{share}%的文字相同。"
    return Found(SignalKind.COPIED, text, {"number": number, "percent": share})


def _last_minute(appeal: Appeal) -> Found | None:
    ended = Duty.objects.about(appeal).filter(
        key="request_closing", state=DutyState.DONE, due_at__isnull=False
    )
    duty = ended.order_by("-pk").first()
    if duty is None or duty.due_at is None or duty.closed_at is None:
        return None
    left = duty.due_at - duty.closed_at
    most = timedelta(minutes=time_limit("appeal.signal.last_minute").amount)
    if not timedelta(0) <= left <= most:
        return None
    minutes = int(left.total_seconds() // 60)
    text = f"到期前{minutes}分钟签批（到期{moment_text(local(duty.due_at))}）。"
    return Found(SignalKind.LAST_MINUTE, text, {"minutes": minutes})


def _no_contact(appeal: Appeal) -> Found | None:
    if _said(appeal, CommunicationKind.CONTACT):
        return None
    return Found(SignalKind.NO_CONTACT, f"第{appeal.round}轮没有联系企业的记录。")


def _no_stage(appeal: Appeal) -> Found | None:
    if appeal.answered_at is None or appeal.clock_started_at is None:
        return None
    first, last = local(appeal.clock_started_at).date(), local(appeal.answered_at).date()
    days = calendar().working_days_between(first, last)
    if days <= time_limit("appeal.signal.no_stage").amount or _said(
        appeal, CommunicationKind.STAGE
    ):
        return None
    text = f"办理{days}个工作日，其间没有阶段答复。"
    return Found(SignalKind.NO_STAGE, text, {"working_days": days})


def _said(appeal: Appeal, kind: str) -> bool:
    return Communication.objects.filter(appeal=appeal, round=appeal.round, kind=kind).exists()


def _same_file(appeal: Appeal) -> Found | None:
    """The unit's evidence on this appeal has been handed in on another one, byte for byte."""
    own = _lines(appeal, *_WITH_FILES).values("seq")
    evidence = dict(
        Attachment.objects.about(appeal).filter(line__in=own).values_list("sm3", "name")
    )
    twin = (
        Attachment.objects.filter(subject_type=Appeal._meta.label_lower, sm3__in=list(evidence))
        .exclude(subject_id=appeal.pk)
        .order_by("pk")
        .first()
    )
    if twin is None:
        return None
    number = Appeal.objects.values_list("number", flat=True).get(pk=twin.subject_id)
    text = f"附件“{evidence[twin.sm3]}”与{number}的附件内容完全相同。"[:300]
    return Found(SignalKind.SAME_FILE, text, {"number": number, "sm3": twin.sm3})


_FINDERS: tuple[Callable[[Appeal], Found | None], ...] = (
    _copied,
    _last_minute,
    _no_contact,
    _no_stage,
    _same_file,
)
