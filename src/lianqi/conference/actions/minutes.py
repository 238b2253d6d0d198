"""纪要: drafting, signing, issuing; resolutions into the ledger; what was decided told back."""

from django.db import transaction
from django.db.models import QuerySet

from lianqi.conference.actions.docketing import open_resolution
from lianqi.conference.enums import TopicState
from lianqi.conference.models import AgendaItem, Meeting, Resolution, Topic
from lianqi.conference.queries.documents import access_of, issuer, minutes_content
from lianqi.conference.workflow import MEETING, TOPIC
from lianqi.conference.workflow.holders import signing_delegation
from lianqi.kernel.access import Actor
from lianqi.kernel.documents import issue_document
from lianqi.kernel.journal import write_line
from lianqi.kernel.models.journal import Audience
from lianqi.kernel.models.outbox import Channel
from lianqi.kernel.outbox import enqueue
from lianqi.organisation.access import office_desk, unit_desk
from lianqi.organisation.enums import BodyCode, Post


def draft_minutes(meeting: Meeting, *, actor: Actor, minutes: str) -> Meeting:
    """Put the minutes before the chair."""
    with MEETING.taking("draft_minutes", meeting, actor=actor, minutes=minutes) as step:
        meeting.minutes = minutes
        step.says(f"纪要初稿{len(minutes)}字，报主持人签发。")
    return meeting


def revise_minutes(meeting: Meeting, *, actor: Actor, minutes: str) -> Meeting:
    """Change the text while it waits for the signature."""
    with MEETING.taking("revise_minutes", meeting, actor=actor, minutes=minutes) as step:
        step.says("修改纪要文字。", before=meeting.minutes)
        meeting.minutes = minutes
    return meeting


def sign_minutes(meeting: Meeting, *, actor: Actor, note: str = "") -> Meeting:
    """Sign the minutes as chair, or for the absent chair under a delegation on record."""
    with MEETING.taking("sign_minutes", meeting, actor=actor) as step:
        delegation = signing_delegation(meeting)
        under = delegation if delegation and delegation.delegate_id == actor.pk else None
        meeting.signed_by, meeting.signed_at, meeting.signed_under = actor, step.at, under
        by = f"受委托签发（{under.reason}）。" if under else "同意印发。"
        step.says(note or by)
    return meeting


def return_minutes(meeting: Meeting, *, actor: Actor, note: str) -> Meeting:
    """Send the minutes back to the office, with what is to be put right."""
    with MEETING.taking("return_minutes", meeting, actor=actor, note=note) as step:
        step.says(note)
    return meeting


@transaction.atomic
def issue_minutes(meeting: Meeting, *, actor: Actor) -> Meeting:
    """Number the minutes and let them go out; topics without appeals are told back with them."""
    with MEETING.taking("issue_minutes", meeting, actor=actor) as step:
        meeting.issued_at = step.at
        issued = issue_document(
            "minutes",
            meeting,
            minutes_content(meeting),
            actor=actor,
            issuer_word=issuer(meeting.body).word,
            access=access_of(item.topic for item in _agenda(meeting)),
        )
        meeting.minutes_number = issued.number
        step.says(f"印发纪要{issued.number}。", document=issued.pk)
        _tell_resolutions(meeting)
    for item in _agenda(meeting):
        told = item.topic.state == TopicState.DECIDED and not item.topic.behind.exists()
        if told:
            feed_back(item.topic, actor=actor, text="随纪要印发告知各有关单位。")
    return meeting


def _agenda(meeting: Meeting) -> QuerySet[AgendaItem]:
    return AgendaItem.objects.filter(meeting=meeting).select_related("topic")


def _tell_resolutions(meeting: Meeting) -> None:
    rows = Resolution.objects.filter(item__meeting=meeting)
    for one in rows.select_related("lead_unit", "item").prefetch_related("units"):
        for unit in [one.lead_unit, *one.units.all()]:
            enqueue(
                Channel.DESK,
                unit_desk(unit, Post.LIAISON).key,
                title=f"会议议定事项：{meeting.title}",
                text=f"{one.text}（牵头{one.lead_unit}，时限{one.deadline_text}）",
                url=meeting.get_absolute_url(),
            )


@transaction.atomic
def feed_back(topic: Topic, *, actor: Actor, text: str, to_firms: bool = False) -> Topic:
    """Tell every appeal behind the topic what was decided; its firm too, if that is wanted.

    What is restricted is never told to firms.
    """
    with TOPIC.taking("feed_back", topic, actor=actor) as step:
        open_to_firms = to_firms and not topic.is_restricted
        step.says(text, to_firms=open_to_firms)
        for link in topic.behind.select_related("appeal__lead_unit"):  # type: ignore[attr-defined]
            appeal = link.appeal
            write_line(
                appeal,
                actor=actor,
                verb="appeal.conference_decided",
                label="联席会议反馈",
                text=text,
                data={"topic": topic.number},
                audience=Audience.ENTERPRISE if open_to_firms else Audience.INTERNAL,
            )
            desks = [office_desk(BodyCode.TF3)]
            if appeal.lead_unit is not None:
                desks.append(unit_desk(appeal.lead_unit, Post.LIAISON))
            for desk in desks:
                enqueue(
                    Channel.DESK,
                    desk.key,
                    title=f"会议研究了诉求：{appeal}",
                    text=text,
                    url=appeal.get_absolute_url(),
                )
    return topic


def excuse_resolution(
    meeting: Meeting, *, actor: Actor, resolution: Resolution, reason: str
) -> Meeting:
    """Leave a resolution out of the ledger, with the reason."""
    with MEETING.taking("excuse", meeting, actor=actor, reason=reason) as step:
        row = open_resolution(meeting, resolution)
        row.excuse = reason
        row.save(update_fields=["excuse"])
        step.says(f"不立项：{row.text}。理由：{reason}")
    return meeting


def archive_meeting(meeting: Meeting, *, actor: Actor, note: str = "") -> Meeting:
    """File the meeting away once every resolution is settled."""
    with MEETING.taking("archive", meeting, actor=actor) as step:
        step.says(note or "议定事项已全部分解，会议归档。")
    return meeting
