"""筹备会议: planning, agenda, invitations, preparation, the notice, cancelling."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from lianqi.conference.enums import (
    CAPACITIES,
    CHECKLIST,
    Capacity,
    DelegationScope,
    Role,
    TopicState,
    WhoMay,
)
from lianqi.conference.models import (
    AgendaItem,
    ChecklistItem,
    Delegation,
    Invitation,
    Meeting,
    MeetingRule,
    Topic,
)
from lianqi.conference.queries.documents import issuer, notice_content
from lianqi.conference.queries.invitations import units_to_invite
from lianqi.conference.workflow import MEETING, TOPIC
from lianqi.kernel.access import Actor
from lianqi.kernel.clock import local, now, today
from lianqi.kernel.documents import issue_document
from lianqi.kernel.errors import RuleBroken, StaleState
from lianqi.kernel.models.outbox import Channel
from lianqi.kernel.numbering import next_number
from lianqi.kernel.outbox import enqueue
from lianqi.kernel.workdays import calendar
from lianqi.organisation.access import unit_desk
from lianqi.organisation.enums import Post
from lianqi.organisation.models import Unit

# Topics may be put on an agenda before they are approved; the notice waits for the approval.
PLANNABLE = (
    TopicState.STORED,
    TopicState.CONSULTING,
    TopicState.CONSULTED,
    TopicState.APPROVED,
)


@transaction.atomic
def plan_meeting(
    *,
    actor: Actor,
    body: str,
    kind: str,
    title: str,
    starts_at: datetime,
    place: str,
    convened_as: str,
    rest_day_confirmed: bool = False,
) -> Meeting:
    """Begin to prepare a meeting of a body.

    Raises:
        RuleBroken: the body knows no such meeting, whoever convenes may not, the day is over, or is
            a rest day and that was not confirmed.
    """
    rule = MeetingRule.objects.in_force(body, kind)
    if rule is None:
        raise RuleBroken("这个议事机构没有这种会议的规则。", field="kind")
    if convened_as not in CAPACITIES[rule.convened_by]:
        raise RuleBroken(
            f"{rule}由{rule.get_convened_by_display()}召集（{rule.basis}）。", field="convened_as"
        )
    meeting = Meeting(
        body=body, kind=kind, title=title, place=place, convened_as=convened_as, planned_by=actor
    )
    _put_on_day(meeting, starts_at, rest_day_confirmed)
    meeting.delegation = _delegation_to_convene(rule, convened_as)
    with MEETING.starting("plan", meeting, actor=actor) as step:
        year = local(step.at).year
        meeting.number = f"HY{year}-{next_number('meeting', year):04d}"
        step.says(f"{_when(meeting)}，{place}，由{meeting.get_convened_as_display()}召集。")
    ChecklistItem.objects.bulk_create(
        ChecklistItem(meeting=meeting, text=text) for text in CHECKLIST
    )
    MEETING.settle(meeting, actor=actor, at=now())  # the list is owed as well
    return meeting


def _delegation_to_convene(rule: MeetingRule, convened_as: str) -> Delegation | None:
    if rule.convened_by != WhoMay.CONVENER_OR_DELEGATE or convened_as != Capacity.DIRECTOR:
        return None
    return Delegation.objects.filter(
        body=rule.body, scope=DelegationScope.CONVENE, valid_until__gte=today()
    ).first()


def _put_on_day(meeting: Meeting, starts_at: datetime, rest_day_confirmed: bool) -> None:
    day = local(starts_at).date()
    if day < today():
        raise RuleBroken("开会日期已经过去。", field="starts_at")
    rests = not calendar().is_working_day(day)
    if rests and not rest_day_confirmed:
        raise RuleBroken(
            f"{day:%m月%d日}是休息日。确需在休息日开会的，请勾选“休息日也召开”再提交。",
            field="rest_day_confirmed",
        )
    meeting.starts_at, meeting.day, meeting.on_rest_day = starts_at, day, rests


def _when(meeting: Meeting) -> str:
    rest = "（休息日，已确认）" if meeting.on_rest_day else ""
    return f"{local(meeting.starts_at):%Y年%m月%d日 %H:%M}{rest}"


def adjust_meeting(
    meeting: Meeting,
    *,
    actor: Actor,
    starts_at: datetime,
    place: str,
    rest_day_confirmed: bool = False,
) -> Meeting:
    """Move a meeting in time or place; whoever has its notice is told again."""
    with MEETING.taking("adjust", meeting, actor=actor) as step:
        _put_on_day(meeting, starts_at, rest_day_confirmed)
        meeting.place = place
        if meeting.delegation is None:
            rule = MeetingRule.objects.in_force(meeting.body, meeting.kind)
            meeting.delegation = _delegation_to_convene(rule, meeting.convened_as) if rule else None
        step.says(f"{_when(meeting)}，{place}。")
        if meeting.notified_at:
            _tell_units(meeting, f"会议有调整：{meeting}", f"{_when(meeting)}，{place}。")
    return meeting


def put_on_agenda(
    meeting: Meeting,
    *,
    actor: Actor,
    topic: Topic,
    order: int | None = None,
    observers: Sequence[Unit] = (),
    guests: str = "",
) -> Meeting:
    """Put a topic on the agenda, or change its place and who listens to it.

    Raises:
        RuleBroken: the topic belongs to another body or form of meeting, stands on another agenda,
            or has not come so far.
    """
    with MEETING.taking("set_agenda", meeting, actor=actor) as step:
        row = Topic.objects.select_for_update().get(pk=topic.pk)
        _check_plannable(meeting, row)
        known = AgendaItem.objects.filter(meeting=meeting, topic=row).first()
        place = order or (known.order if known else meeting.agenda.count() + 1)  # type: ignore[attr-defined]
        item, _ = AgendaItem.objects.update_or_create(
            meeting=meeting, topic=row, defaults={"order": place, "guests": guests}
        )
        item.observers.set(observers)
        Topic.objects.filter(pk=row.pk).update(meeting=meeting)
        names = "、".join(unit.name for unit in observers)
        step.says(f"第{place}项：{row}。{f'列席：{names}。' if names else ''}{guests}")
    return meeting


def _check_plannable(meeting: Meeting, topic: Topic) -> None:
    if (topic.body, topic.meeting_kind) != (meeting.body, meeting.kind):
        raise RuleBroken(
            f"这个议题是提交{topic.get_body_display()}{topic.get_meeting_kind_display()}的，"
            "请先在“调整议题”中改会议形式。",
            field="topic",
        )
    if topic.state not in PLANNABLE:
        raise RuleBroken(f"这个议题现在是“{topic.get_state_display()}”，不能排入。", field="topic")
    if topic.meeting_id not in (None, meeting.pk):
        raise RuleBroken(f"这个议题已排入{topic.meeting}，请先从那里撤下。", field="topic")


def drop_topic(meeting: Meeting, *, actor: Actor, item: AgendaItem) -> Meeting:
    """Take a topic off the agenda; it waits for another meeting.

    Raises:
        StaleState: it is not on the agenda any more.
    """
    with MEETING.taking("drop_topic", meeting, actor=actor) as step:
        gone, _ = AgendaItem.objects.filter(pk=item.pk, meeting=meeting).delete()
        if not gone:
            raise StaleState("这个议题已经撤下。")
        Topic.objects.filter(pk=item.topic_id, meeting=meeting).update(meeting=None)
        step.says(f"撤下：{item.topic}")
    return meeting


def invite_unit(meeting: Meeting, *, actor: Actor, unit: Unit, role: str, reason: str) -> Meeting:
    """Ask a unit whom no topic concerns, with the reason."""
    with MEETING.taking("invite", meeting, actor=actor) as step:
        Invitation.objects.update_or_create(
            meeting=meeting, unit=unit, defaults={"role": role, "reason": reason}
        )
        step.says(f"增邀{unit}{Role(role).label}：{reason}")
    return meeting


def add_check(meeting: Meeting, *, actor: Actor, text: str) -> Meeting:
    """Add a thing to be ready before the meeting."""
    with MEETING.taking("add_check", meeting, actor=actor) as step:
        _, fresh = ChecklistItem.objects.get_or_create(meeting=meeting, text=text)
        if not fresh:
            raise RuleBroken("准备事项里已有这一项。", field="text")
        step.says(text)
    return meeting


def tick_check(meeting: Meeting, *, actor: Actor, items: Sequence[ChecklistItem]) -> Meeting:
    """Mark things as ready."""
    with MEETING.taking("tick", meeting, actor=actor) as step:
        waiting = ChecklistItem.objects.filter(
            pk__in=[item.pk for item in items], meeting=meeting, done_at=None
        )
        texts = list(waiting.values_list("text", flat=True))
        if not texts:
            raise StaleState("这些事项已经有人完成。")
        waiting.update(done_by=actor, done_at=step.at)
        step.says("已完成：" + "、".join(texts))
    return meeting


@transaction.atomic
def issue_notice(meeting: Meeting, *, actor: Actor, note: str = "") -> Meeting:
    """Ask the units to the meeting; not before its topics are approved (附件1 第四条（三）)."""
    with MEETING.taking("issue_notice", meeting, actor=actor) as step:
        units = units_to_invite(meeting)
        known = set(meeting.invitations.values_list("unit_id", flat=True))  # type: ignore[attr-defined]
        Invitation.objects.bulk_create(
            Invitation(meeting=meeting, unit=unit, role=role)
            for unit, role in units
            if unit.pk not in known
        )
        meeting.notified_at = step.at
        for item in meeting.agenda.select_related("topic"):  # type: ignore[attr-defined]
            with TOPIC.taking("schedule", item.topic, actor=actor) as scheduling:
                scheduling.says(f"排入{meeting}，{_when(meeting)}。")
        names = "、".join(str(one) for one in meeting.invitations.select_related("unit"))  # type: ignore[attr-defined]
        step.says(f"{_when(meeting)}，{meeting.place}。通知：{names}。{note}")
    issue_document(
        "meeting_notice",
        meeting,
        notice_content(meeting),
        actor=actor,
        issuer_word=issuer(meeting.body).word,
    )
    return meeting


def cancel_meeting(meeting: Meeting, *, actor: Actor, note: str) -> Meeting:
    """Call a meeting off; its topics wait for another one, its units are told."""
    with MEETING.taking("cancel", meeting, actor=actor, note=note) as step:
        for item in meeting.agenda.select_related("topic"):  # type: ignore[attr-defined]
            if item.topic.state == TopicState.SCHEDULED:
                with TOPIC.taking("unschedule", item.topic, actor=actor) as freeing:
                    item.topic.meeting = None
                    freeing.says(f"{meeting}取消。")
            else:
                Topic.objects.filter(pk=item.topic_id).update(meeting=None)
        if meeting.notified_at:
            _tell_units(meeting, f"会议取消：{meeting}", note)
        step.says(note)
    return meeting


def _tell_units(meeting: Meeting, title: str, text: str) -> None:
    for invited in meeting.invitations.select_related("unit"):  # type: ignore[attr-defined]
        enqueue(
            Channel.DESK,
            unit_desk(invited.unit, Post.LIAISON).key,
            title=title,
            text=text,
            url=meeting.get_absolute_url(),
        )
