"""Who sees which topics, and who may take which step on them; filter and predicates side by side."""

import rules
from django.db.models import Exists, OuterRef, Q, QuerySet

from lianqi.conference.access.bodies import (
    acting_units,
    bodies_steered,
    capacity_to_approve,
    in_its_office,
    in_some_office,
    oversees,
    speaks_for_a_unit,
    steers_some_body,
)
from lianqi.conference.enums import AccessLevel, MeetingState
from lianqi.conference.models import Acknowledgement, Invitation, Opinion, Topic, TopicUnit
from lianqi.kernel.access import permit, visible_through
from lianqi.organisation.access import is_convener
from lianqi.organisation.models import User


def visible_topics(user: User) -> QuerySet[Topic]:
    """Return the topics this person may see: overseers all, a task force its own, a unit those it
    proposed, is or was consulted on, or is asked to a meeting about."""
    if not (user.is_authenticated and user.is_active):
        return Topic.objects.none()
    if oversees(user):
        return Topic.objects.all()
    mine = Q(body__in=bodies_steered(user))
    units = acting_units(user)
    if units:
        mine |= _of_units(units)
    return Topic.objects.filter(mine)


def _of_units(units: set[int]) -> Q:
    concerned = TopicUnit.objects.filter(topic=OuterRef("pk"), unit_id__in=units)
    asked = Opinion.objects.filter(topic=OuterRef("pk"), unit_id__in=units)
    notified = Invitation.objects.filter(
        meeting__agenda__topic=OuterRef("pk"),
        unit_id__in=units,
        meeting__notified_at__isnull=False,
    ).exclude(meeting__state=MeetingState.CANCELLED)
    return (
        Q(proposing_unit_id__in=units)
        | Q(Exists(asked))
        | (Q(Exists(notified)) & (Q(access=AccessLevel.MEMBERS) | Q(Exists(concerned))))
    )


visible_through("conference.topic", visible_topics)


@rules.predicate(name="可见该议题")
def sees_topic(user: User, topic: Topic | None) -> bool:
    """Whether the topic lies inside the row filter."""
    return topic is not None and visible_topics(user).filter(pk=topic.pk).exists()


@rules.predicate(name="提出单位")
def proposed_it(user: User, topic: Topic | None) -> bool:
    """Whether the person proposed it, or answers for the unit that did."""
    if topic is None:
        return False
    return topic.proposed_by_id == user.pk or topic.proposing_unit_id in acting_units(user)


@rules.predicate(name="被征求意见的单位（尚未反馈）")
def is_consulted(user: User, topic: Topic | None) -> bool:
    """Whether a unit for which the person answers still owes its opinion."""
    if topic is None:
        return False
    waiting = topic.opinions.filter(round=topic.round, given_at=None)  # type: ignore[attr-defined]
    return waiting.filter(unit_id__in=acting_units(user)).exists()


@rules.predicate(name="按会议规则有权审定的人")
def may_approve_it(user: User, topic: Topic | None) -> bool:
    """Whether the rule of its form of meeting lets the person approve the topic."""
    return topic is not None and bool(capacity_to_approve(user, topic.body, topic.meeting_kind))


def has_read_terms(user: User, topic: Topic) -> bool:
    """Whether this reader has confirmed to keep what he reads, or keeps the papers himself."""
    if in_its_office(user, topic) or proposed_it(user, topic):
        return True
    return Acknowledgement.objects.filter(topic=topic, user=user).exists()


@rules.predicate(name="本机构办公室、提出人，或已确认保密要求的人")
def may_read_on(user: User, topic: Topic | None) -> bool:
    """Whether what is restricted of the topic is open to this reader."""
    return topic is not None and has_read_terms(user, topic)


@rules.predicate(name="限阅件")
def is_restricted(user: User, topic: Topic | None) -> bool:
    """Whether the topic, or one of its papers, asks for confidentiality."""
    if topic is None:
        return False
    return topic.is_restricted or topic.papers.filter(access=AccessLevel.RESTRICTED).exists()  # type: ignore[attr-defined]


proposes = speaks_for_a_unit | is_convener | in_some_office | steers_some_body
permit("conference.view_topic", "查看议题", sees_topic)
permit("conference.propose_topic", "提出议题", proposes)
permit("conference.withdraw_topic", "撤回议题", proposed_it)
permit("conference.screen_topic", "初审、征求意见、处理意见、排期", in_its_office)
permit("conference.add_paper", "上传审议材料", in_its_office | proposed_it)
permit("conference.give_opinion", "反馈意见", is_consulted)
permit("conference.approve_topic", "审定议题", may_approve_it)
permit("conference.acknowledge", "确认保密要求", sees_topic & is_restricted & ~may_read_on)
permit("conference.read_restricted", "查看限阅议题和材料", sees_topic & may_read_on)
permit("conference.see_readings", "查看材料下载记录", in_its_office | oversees)
