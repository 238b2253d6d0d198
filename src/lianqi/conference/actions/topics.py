"""议题: proposing, screening, revising, approving, sending back."""

from collections.abc import Sequence

from django.db import transaction

from lianqi.appeals.access import visible_appeals
from lianqi.appeals.models import Appeal
from lianqi.conference.access.bodies import acting_units, capacity_to_approve
from lianqi.conference.enums import (
    AccessLevel,
    Capacity,
    MeetingKind,
    Programme,
    Purpose,
    TopicSource,
)
from lianqi.conference.models import Topic, TopicAppeal, TopicUnit
from lianqi.conference.queries.documents import access_of, approval_content, issuer
from lianqi.conference.workflow import TOPIC
from lianqi.kernel.access import Actor
from lianqi.kernel.clock import local
from lianqi.kernel.documents import issue_document
from lianqi.kernel.errors import NotPermitted, RuleBroken
from lianqi.kernel.numbering import next_number
from lianqi.organisation.access import is_convener
from lianqi.organisation.enums import BodyCode
from lianqi.organisation.models import Unit


@transaction.atomic
def propose_topic(
    *,
    actor: Actor,
    title: str,
    content: str,
    body: str = BodyCode.JC,
    meeting_kind: str = MeetingKind.THEMATIC,
    purpose: str = Purpose.STUDY,
    programme: str = Programme.OTHER,
    proposing_unit: Unit | None = None,
    appeals: Sequence[Appeal] = (),
) -> Topic:
    """Propose a topic, for a unit, at the convener's wish, by the office, or from appeals.

    Raises:
        NotPermitted: the actor does not speak for the unit named, or does not see an appeal.
    """
    if proposing_unit is not None and proposing_unit.pk not in acting_units(actor):
        raise NotPermitted(f"您不能代{proposing_unit}提出议题。")
    known = visible_appeals(actor).filter(pk__in=[appeal.pk for appeal in appeals])
    if known.count() != len(appeals):
        raise NotPermitted("其中有您看不到的诉求，不能转为议题。")
    topic = Topic(
        body=body,
        meeting_kind=meeting_kind,
        source=_source(actor, proposing_unit, appeals),
        purpose=purpose,
        programme=programme,
        access=AccessLevel.MEMBERS,
        title=title,
        content=content,
        proposing_unit=proposing_unit,
        proposed_by=actor,
    )
    with TOPIC.starting("propose", topic, actor=actor) as step:
        topic.proposed_at = step.at
        year = local(step.at).year
        topic.number = f"YT{year}-{next_number('topic', year):04d}"
        step.says(f"{topic.get_source_display()}：{title}")
    for appeal in appeals:
        TopicAppeal.objects.create(topic=topic, appeal=appeal)
    return topic


def _source(actor: Actor, unit: Unit | None, appeals: Sequence[Appeal]) -> str:
    if appeals:
        return TopicSource.APPEAL
    if unit is not None:
        return TopicSource.UNIT
    return TopicSource.CONVENER if is_convener(actor) else TopicSource.OFFICE


def screen_topic(
    topic: Topic,
    *,
    actor: Actor,
    meeting_kind: str,
    access: str,
    lead_unit: Unit,
    units: Sequence[Unit] = (),
    note: str = "",
) -> Topic:
    """Take a topic into the store: for which form of meeting, whom it concerns, who may read it."""
    with TOPIC.taking("screen", topic, actor=actor, meeting_kind=meeting_kind) as step:
        topic.meeting_kind, topic.access = meeting_kind, access
        _concern(topic, lead_unit, units)
        step.says(note or f"列入议题库，{topic.get_meeting_kind_display()}审议，牵头{lead_unit}。")
    return topic


def revise_topic(
    topic: Topic,
    *,
    actor: Actor,
    title: str,
    content: str,
    meeting_kind: str,
    access: str,
    lead_unit: Unit,
    units: Sequence[Unit] = (),
    note: str = "",
) -> Topic:
    """Change what the topic says, for which meeting it is meant, and whom it concerns."""
    with TOPIC.taking("revise", topic, actor=actor, meeting_kind=meeting_kind) as step:
        topic.title, topic.content = title, content
        topic.meeting_kind, topic.access = meeting_kind, access
        _concern(topic, lead_unit, units)
        step.says(note or "调整议题内容。")
    return topic


def _concern(topic: Topic, lead_unit: Unit, units: Sequence[Unit]) -> None:
    named = {unit.pk: unit for unit in [lead_unit, *units]}
    topic.concerned.all().delete()  # type: ignore[attr-defined]
    TopicUnit.objects.bulk_create(
        TopicUnit(topic=topic, unit=unit, lead=unit.pk == lead_unit.pk) for unit in named.values()
    )


def decline_topic(topic: Topic, *, actor: Actor, note: str) -> Topic:
    """Do not take a topic into the store, or take it out again, with the reason."""
    with TOPIC.taking("decline", topic, actor=actor, note=note) as step:
        step.says(note)
    return topic


def withdraw_topic(topic: Topic, *, actor: Actor, note: str) -> Topic:
    """Take one's own topic back before anybody is consulted on it."""
    with TOPIC.taking("withdraw", topic, actor=actor, note=note) as step:
        step.says(note)
    return topic


def link_appeal(topic: Topic, *, actor: Actor, appeal: Appeal) -> Topic:
    """Name one more appeal behind a topic: it will be told what was decided.

    Raises:
        RuleBroken: it is named already.
    """
    if not visible_appeals(actor).filter(pk=appeal.pk).exists():
        raise NotPermitted("您看不到这件诉求。")
    with TOPIC.taking("link_appeal", topic, actor=actor) as step:
        _, fresh = TopicAppeal.objects.get_or_create(topic=topic, appeal=appeal)
        if not fresh:
            raise RuleBroken(f"{appeal.number}已经关联在这个议题上。", field="appeal")
        step.says(f"关联诉求{appeal.number}。", appeal=appeal.number)
    return topic


@transaction.atomic
def approve_topic(topic: Topic, *, actor: Actor, note: str = "") -> Topic:
    """Approve a topic for its form of meeting; an objection that is still open forbids it."""
    with TOPIC.taking("approve", topic, actor=actor) as step:
        capacity = capacity_to_approve(actor, topic.body, topic.meeting_kind)
        topic.approved_by, topic.approved_at, topic.approved_as = actor, step.at, capacity
        who = Capacity(capacity).label
        said = note or f"由{who}审定，同意提交{topic.get_meeting_kind_display()}。"
        step.says(said)
    issue_document(
        "topic_approval",
        topic,
        approval_content(topic, said),
        actor=actor,
        issuer_word=issuer(topic.body).word,
        access=access_of([topic]),
    )
    return topic


def send_back_topic(topic: Topic, *, actor: Actor, note: str) -> Topic:
    """Send a topic back into the store; after its revision the units are consulted anew."""
    with TOPIC.taking("send_back", topic, actor=actor, note=note) as step:
        step.says(note)
    return topic
