"""What each official document of a topic or a meeting is made from."""

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from lianqi.conference.enums import AccessLevel, Capacity, Reply, Role
from lianqi.conference.models import Invitation, Meeting, Opinion, Topic
from lianqi.kernel.clock import local, now, today
from lianqi.kernel.documents import documents_about, readable_documents
from lianqi.kernel.limits import time_limit
from lianqi.kernel.models import IssuedDocument
from lianqi.kernel.models.document import DocumentAccess
from lianqi.kernel.workdays import calendar
from lianqi.organisation.models import Body, User
from lianqi.organisation.queries.issuers import Issuer, issuer_of
from lianqi.organisation.queries.region import region_now

_HEADING = re.compile(r"[一二三四五六七八九十]{1,3}、")
_ATTENDANCE = re.compile(r"(出席|请假|列席)：(.*)")


def issuer(body: str) -> Issuer:
    """Return in whose name the body's office issues."""
    return issuer_of(Body.objects.get(code=body))


def documents_read(user: User, subject: Any) -> QuerySet[IssuedDocument]:
    """Return the documents about a record that this person may read, newest first."""
    return documents_about(subject).filter(pk__in=readable_documents(user).values("pk"))


def access_of(topics: Iterable[Topic]) -> str:
    """Return how far a document about these topics may be read."""
    restricted = any(topic.access == AccessLevel.RESTRICTED for topic in topics)
    return DocumentAccess.RESTRICTED if restricted else DocumentAccess.RECORD


def consultation_content(topic: Topic, opinions: Iterable[Opinion]) -> dict[str, Any]:
    """Return what the letter says that asks the units for their opinion."""
    days = time_limit("topic.opinion").amount
    return {
        "organ": issuer(topic.body).organ,
        "dated": today(),
        "subject": topic.title,
        "recipients": [opinion.unit.name for opinion in opinions],
        "reply_by": calendar().add_working_days(today(), days),
        "text": f"现将拟提交{topic.get_meeting_kind_display()}审议的议题《{topic.title}》送你们征求意见。\n"
        f"{topic.content}",
        "attachments": [paper.title for paper in topic.papers.all()],  # type: ignore[attr-defined]
    }


def approval_content(topic: Topic, said: str) -> dict[str, Any]:
    """Return what the approval sheet of a topic says; ``said`` are the approver's words."""
    given = topic.opinions.filter(round=topic.round).select_related("unit")  # type: ignore[attr-defined]
    words = f"{said}（{topic.approved_by}，{local(topic.approved_at):%Y年%m月%d日}）"  # type: ignore[arg-type]
    by_director = topic.approved_as == Capacity.DIRECTOR
    meeting = topic.meeting.title if topic.meeting else topic.get_meeting_kind_display()
    return {
        "topic": topic.title,
        "proposer": str(topic.proposing_unit or topic.get_source_display()),
        "meeting": f"{topic.get_body_display()}：{meeting}" if topic.meeting else meeting,
        "summary": topic.content,
        "proposed_on": local(topic.proposed_at).date(),
        "materials": [paper.title for paper in topic.papers.all()],  # type: ignore[attr-defined]
        "opinions": [_opinion(one) for one in given],
        "office_opinion": f"已征求{len(given)}个单位意见。"
        if given
        else "传达通报类议题，未征求意见。",
        "director_opinion" if by_director else "convener_opinion": words,
    }


def _opinion(one: Opinion) -> dict[str, str]:
    text = "；".join(filter(None, [one.get_stance_display() or "未反馈（不视为同意）", one.text]))
    adopted = "" if one.adopted is None else ("已采纳" if one.adopted else "未采纳")
    kept = "保留意见记录在案" if one.on_record else ""
    return {
        "unit": one.unit.name,
        "text": text,
        "adopted": "，".join(filter(None, [adopted, kept])),
    }


def notice_content(meeting: Meeting) -> dict[str, Any]:
    """Return what the notice of a meeting says."""
    invited = list(meeting.invitations.select_related("unit"))  # type: ignore[attr-defined]
    items = list(meeting.agenda.select_related("topic"))  # type: ignore[attr-defined]
    restricted = [item for item in items if item.topic.is_restricted]
    titles = [item.topic.title for item in items if item not in restricted]
    guests = [item.guests for item in items if item.guests]
    members = [one.unit.name for one in invited if one.role == Role.MEMBER]
    observers = [one.unit.name for one in invited if one.role == Role.OBSERVER]
    notified = meeting.notified_at or now()
    reply_by = calendar().deadline(notified, time_limit("meeting.reply", notified).limit)
    return {
        "organ": issuer(meeting.body).organ,
        "dated": today(),
        "meeting": meeting.title,
        "recipients": [one.unit.name for one in invited],
        "held_at": meeting.starts_at,
        "place": meeting.place,
        "topics": [*titles, *(["限阅议题，另行送达"] if restricted else [])],
        "attendees": f"{'、'.join(members)}负责同志",
        "observers": "、".join([*guests, *(f"{name}负责同志" for name in observers)]),
        "demands": ["请准时参会；因故不能参会的，请在回执中写明原因。"],
        "reply_by": reply_by.due_at,
    }


def sheet_content(meeting: Meeting) -> dict[str, Any]:
    """Return the attendance sheet as it stood at the end of the meeting."""
    invited = meeting.invitations.select_related("unit")  # type: ignore[attr-defined]
    return {
        "meeting": meeting.title,
        "held_at": meeting.starts_at,
        "place": meeting.place,
        "people": [_participant(one) for one in invited],
    }


def _participant(one: Invitation) -> dict[str, str]:
    notes = {Reply.LEAVE: "请假", Reply.DEPUTY: "代会"}
    observing = "列席" if one.role == Role.OBSERVER else ""
    return {
        "unit": one.unit.name,
        "name": one.attendee,
        "post": one.attendee_title,
        "signed": f"{local(one.signed_in_at):%H:%M}" if one.signed_in_at else "",
        "note": "，".join(
            filter(None, [observing, notes.get(Reply(one.reply), "") if one.reply else ""])
        ),
    }


def minutes_content(meeting: Meeting) -> dict[str, Any]:
    """Return the minutes as they were signed: the text's headings are its matters, its last lines attendance."""
    opening, matters, attendance = _read_minutes(meeting.minutes)
    invited = meeting.invitations.select_related("unit")  # type: ignore[attr-defined]
    region = region_now()
    name = f"{region.name if region else ''}{meeting.get_body_display()}"
    return {
        "meeting": meeting.title,
        "body": name,
        "held_at": meeting.starts_at,
        "place": meeting.place,
        "chair": meeting.chair_name or str(meeting.get_convened_as_display()),
        "dated": today(),
        "printer": issuer(meeting.body).organ,
        "opening": opening,
        "resolved": matters,
        "present": attendance.get("出席")
        or [meeting.chair_name or meeting.get_convened_as_display()],
        "absent": attendance.get("请假", []),
        "observers": attendance.get("列席", []),
        "copies": [one.unit.name for one in invited],
    }


def _read_minutes(text: str) -> tuple[str, list[dict[str, Any]], dict[str, list[str]]]:
    opening: list[str] = []
    matters: list[dict[str, Any]] = []
    attendance: dict[str, list[str]] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        told = _ATTENDANCE.fullmatch(line)
        heading = _HEADING.match(line)
        if told:
            attendance[told[1]] = [name for name in told[2].rstrip("。").split("、") if name]
        elif heading:
            matters.append({"topic": line[heading.end() :], "text": []})
        elif matters:
            matters[-1]["text"].append(line)
        else:
            opening.append(line)
    if not matters:
        return "", [{"topic": "会议议定事项", "text": "\n".join(opening)}], attendance
    told_matters = [
        {"topic": one["topic"], "text": "\n".join(one["text"]) or one["topic"]} for one in matters
    ]
    return "\n".join(opening), told_matters, attendance
