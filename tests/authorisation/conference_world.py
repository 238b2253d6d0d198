"""The conference's part of the world: topics in several hands, meetings, field studies, each with its canary."""

from datetime import timedelta
from typing import Any

from lianqi.conference import actions
from lianqi.conference.links import sign_in_address
from lianqi.conference.models import MeetingRule
from lianqi.kernel.clock import now, today
from lianqi.kernel.crypto import sm3
from lianqi.kernel.uploads import CleanFile


def hold_conference(world: Any) -> None:
    """Let the units propose and be asked, and the office prepare meetings and studies."""
    who, units = world.who, world.units
    office = who["conference_clerk"]
    world.member = actions.admit_member(
        "JC", units.other, actor=office, since=today(), source="成员依据金丝雀"
    )
    world.meeting_rule = MeetingRule.objects.in_force("JC", "plenary")
    world.topic = _approved(world)
    world.topic_other = actions.propose_topic(
        actor=who["liaison_other"],
        title="无关议题标题",
        content="无关议题正文金丝雀，等办公室初审。",
        proposing_unit=units.other,
    )
    world.topic_restricted = _restricted(world)
    world.meeting = _meeting(world, "已通知的专题会议")
    actions.put_on_agenda(world.meeting, actor=office, topic=world.topic)
    actions.issue_notice(world.meeting, actor=office)
    world.meeting_planned = _meeting(world, "筹备会议金丝雀")
    world.study = _study(world, "调研方案金丝雀甲", units.lead)
    actions.consent_to_study(world.study, actor=who["convener"])
    world.study_proposed = _study(world, "调研方案金丝雀乙", units.other)
    world.sign_in_token = sign_in_address(world.meeting).split("/")[-2]


def _screen(world: Any, topic: Any, access: str, lead: Any, *others: Any) -> None:
    actions.screen_topic(
        topic,
        actor=world.who["conference_clerk"],
        meeting_kind="thematic",
        access=access,
        lead_unit=lead,
        units=others,
    )


def _approved(world: Any) -> Any:
    who, units = world.who, world.units
    topic = actions.propose_topic(
        actor=who["liaison_lead"],
        title="主办议题标题",
        content="主办议题正文金丝雀，夜间停电要会议研究。",
        proposing_unit=units.lead,
    )
    text = "材料金丝雀".encode()
    file = CleanFile("材料.txt", text, "text/plain", len(text), sm3(text))
    actions.add_paper(topic, actor=who["liaison_lead"], access="members", files=[file])
    world.paper = topic.papers.get()
    _screen(world, topic, "members", units.lead, units.co)
    actions.circulate_topic(topic, actor=who["conference_clerk"])
    actions.give_opinion(topic, actor=who["liaison_lead"], stance="agree")
    actions.give_opinion(topic, actor=who["liaison_co"], stance="change", text="修改意见金丝雀co")
    actions.settle_opinion(
        topic,
        actor=who["conference_clerk"],
        opinion=topic.opinions.get(stance="change"),
        adopted=True,
        answer="已采纳",
    )
    actions.close_consultation(topic, actor=who["conference_clerk"])
    return actions.approve_topic(topic, actor=who["conference_director"])


def _restricted(world: Any) -> Any:
    topic = actions.propose_topic(
        actor=world.who["conference_clerk"],
        title="限阅议题标题",
        content="限阅正文金丝雀，确认保密要求后才能阅读。",
    )
    _screen(world, topic, "restricted", world.units.co)
    return actions.circulate_topic(topic, actor=world.who["conference_clerk"])


def _meeting(world: Any, title: str) -> Any:
    return actions.plan_meeting(
        actor=world.who["conference_clerk"],
        body="JC",
        kind="thematic",
        title=title,
        starts_at=now() + timedelta(days=7),
        place="三楼会议室",
        convened_as="director",
    )


def _study(world: Any, plan: str, unit: Any) -> Any:
    return actions.plan_study(
        actor=world.who["conference_clerk"],
        title="落实情况调研",
        scope="议定事项落实情况。",
        plan=plan,
        units=[unit],
        report_on=today() + timedelta(days=10),
    )
