"""会中: replies, signing in, results, resolutions."""

from collections.abc import Sequence

from django.db import transaction

from lianqi.conference.access.bodies import acting_units
from lianqi.conference.enums import Reply, SignInBy, TopicResult
from lianqi.conference.models import AgendaItem, Invitation, Meeting, Resolution
from lianqi.conference.queries.documents import issuer, sheet_content
from lianqi.conference.workflow import MEETING, TOPIC
from lianqi.engines.deadlines import read_deadline
from lianqi.kernel.access import Actor
from lianqi.kernel.clock import local
from lianqi.kernel.documents import issue_document
from lianqi.kernel.errors import NotPermitted, RuleBroken, StaleState, StepUnfit
from lianqi.organisation.models import Unit


def reply_to_notice(
    meeting: Meeting,
    *,
    actor: Actor,
    reply: str,
    attendee: str = "",
    attendee_title: str = "",
    leave_reason: str = "",
    unit: Unit | None = None,
) -> Meeting:
    """Send a unit's slip back: who comes, who comes in his place, or leave with the reason.

    Raises:
        RuleBroken: nobody is named, leave without a reason, or it is not clear for which unit.
        NotPermitted: the actor does not speak for the unit.
    """
    if reply == Reply.LEAVE and not leave_reason.strip():
        raise RuleBroken("请假请写明原因。", field="leave_reason")
    if reply != Reply.LEAVE and not attendee.strip():
        raise RuleBroken("请填写参会人姓名。", field="attendee")
    with MEETING.taking("reply", meeting, actor=actor) as step:
        invited = _own_invitation(meeting, actor, unit)
        invited.reply, invited.replied_by, invited.replied_at = reply, actor, step.at
        here = reply != Reply.LEAVE
        invited.attendee = attendee if here else ""
        invited.attendee_title = attendee_title if here else ""
        invited.leave_reason = "" if here else leave_reason
        invited.save()
        said = f"：{attendee}{attendee_title}" if here else f"：{leave_reason}"
        step.says(f"{invited.unit}{invited.get_reply_display()}{said}")
    return meeting


def _own_invitation(meeting: Meeting, actor: Actor, unit: Unit | None) -> Invitation:
    mine = acting_units(actor)
    rows = Invitation.objects.select_for_update(of=("self",)).filter(
        meeting=meeting, unit_id__in=mine
    )
    if unit is not None:
        if unit.pk not in mine:
            raise NotPermitted(f"您不能代{unit}办理。")
        rows = rows.filter(unit=unit)
    found = list(rows.select_related("unit"))
    if len(found) > 1:
        raise RuleBroken("您代表多个单位，请选择单位。", field="unit")
    if not found:
        raise NotPermitted("您的单位不在这次会议的通知范围内。")
    return found[0]


def sign_in(meeting: Meeting, *, actor: Actor, unit: Unit | None = None) -> Meeting:
    """Sign one's own unit in, by the code on the spot.

    Raises:
        StepUnfit: it is not the meeting's day, or the unit is signed in.
    """
    with MEETING.taking("sign_in", meeting, actor=actor) as step:
        if local(step.at).date() != meeting.day:
            raise StepUnfit("会议当天才能签到。")
        invited = _own_invitation(meeting, actor, unit)
        if invited.signed_in_at:
            raise StaleState(f"{invited.unit}已经签到。")
        invited.signed_in_at, invited.signed_in_by = step.at, SignInBy.QR
        invited.attendee = invited.attendee or str(actor)
        invited.save()
        step.says(f"{invited.unit}签到：{invited.attendee}")
    return meeting


def register_attendance(
    meeting: Meeting, *, actor: Actor, invitation: Invitation, attendee: str
) -> Meeting:
    """Note at the door who came for a unit.

    Raises:
        StaleState: the unit is signed in already.
    """
    with MEETING.taking("register", meeting, actor=actor) as step:
        free = Invitation.objects.filter(pk=invitation.pk, meeting=meeting, signed_in_at=None)
        if not free.update(signed_in_at=step.at, signed_in_by=SignInBy.MANUAL, attendee=attendee):
            raise StaleState(f"{invitation.unit}已经签到。")
        step.says(f"{invitation.unit}到会：{attendee}")
    return meeting


def open_meeting(meeting: Meeting, *, actor: Actor, chair_name: str) -> Meeting:
    """Open the meeting under its chair."""
    with MEETING.taking("open", meeting, actor=actor) as step:
        meeting.opened_at, meeting.chair_name = step.at, chair_name
        invited = list(meeting.invitations.all())  # type: ignore[attr-defined]
        present = sum(one.signed_in_at is not None for one in invited)
        step.says(f"主持人{chair_name}；通知{len(invited)}个单位，已签到{present}个。")
    return meeting


def record_result(
    meeting: Meeting, *, actor: Actor, item: AgendaItem, result: str, note: str = ""
) -> Meeting:
    """Write down what was decided on a topic; it may be put right until the meeting closes."""
    with MEETING.taking("record_result", meeting, actor=actor, result=result, note=note) as step:
        row = AgendaItem.objects.select_related("topic").get(pk=item.pk, meeting=meeting)
        row.result, row.note = result, note
        row.save(update_fields=["result", "note"])
        step.says(f"第{row.order}项 {row.topic.title}：{row.get_result_display()}。{note}")
    return meeting


def resolve(
    meeting: Meeting,
    *,
    actor: Actor,
    item: AgendaItem,
    text: str,
    lead_unit: Unit,
    units: Sequence[Unit] = (),
    deadline_text: str,
) -> Meeting:
    """Write down a thing decided: who leads, who helps, until when (附件1 第七条（二）).

    Raises:
        RuleBroken: the deadline cannot be read.
    """
    read = read_deadline(deadline_text, plan_year=meeting.day.year)
    if not read.dates and not read.open_ended:
        raise RuleBroken(
            f"{'；'.join(read.warnings)}可写“2026年12月底前”“次年3月上旬”“持续推进”等。",
            field="deadline_text",
        )
    with MEETING.taking("resolve", meeting, actor=actor) as step:
        row = AgendaItem.objects.get(pk=item.pk, meeting=meeting)
        made = Resolution.objects.create(
            item=row,
            text=text,
            lead_unit=lead_unit,
            deadline_text=deadline_text,
            dates=[day.isoformat() for day in read.dates],
            open_ended=read.open_ended,
        )
        made.units.set([unit for unit in units if unit.pk != lead_unit.pk])
        others = "、".join(unit.name for unit in units if unit.pk != lead_unit.pk)
        step.says(
            f"第{row.order}项议定：{text}（牵头{lead_unit}"
            f"{f'，责任{others}' if others else ''}，{deadline_text}）"
        )
    return meeting


def strike_resolution(meeting: Meeting, *, actor: Actor, resolution: Resolution) -> Meeting:
    """Strike out a resolution that was written down wrongly, while the meeting is on.

    Raises:
        StaleState: it is gone already.
    """
    with MEETING.taking("strike", meeting, actor=actor) as step:
        gone, _ = Resolution.objects.filter(pk=resolution.pk, item__meeting=meeting).delete()
        if not gone:
            raise StaleState("这条议定事项已经删去。")
        step.says(f"删去：{resolution.text}")
    return meeting


@transaction.atomic
def conclude_meeting(meeting: Meeting, *, actor: Actor, note: str = "") -> Meeting:
    """Close the meeting: each topic goes where its result sends it."""
    with MEETING.taking("conclude", meeting, actor=actor) as step:
        meeting.held_at = step.at
        for item in meeting.agenda.select_related("topic"):  # type: ignore[attr-defined]
            with TOPIC.taking("decide", item.topic, actor=actor, result=item.result) as deciding:
                item.topic.result = item.result
                if item.result == TopicResult.DEFERRED:
                    item.topic.meeting = None
                deciding.says(f"{meeting}：{item.get_result_display()}。{item.note}")
        step.says(note or "会议结束。")
    issue_document(
        "attendance_sheet",
        meeting,
        sheet_content(meeting),
        actor=actor,
        issuer_word=issuer(meeting.body).word,
    )
    return meeting
