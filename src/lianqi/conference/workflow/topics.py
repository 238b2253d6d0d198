"""议题: from a proposal through consultation and approval to a decision that is told back."""

from typing import Any

from lianqi.conference.enums import Purpose, Stance, TopicResult
from lianqi.conference.enums import TopicState as S
from lianqi.conference.models import MeetingRule
from lianqi.conference.workflow.holders import (
    approver,
    meeting_day,
    office,
    office_name,
    open_opinions,
    proposer_name,
    silent_units,
)
from lianqi.kernel.clock import local, now
from lianqi.kernel.errors import Refusal
from lianqi.kernel.models import Duty
from lianqi.kernel.models.duty import DutyState
from lianqi.kernel.workflow import Owes, State, Step, Workflow

# --- conditions and needs


def why_is_given(topic: Any, given: Any) -> str | None:
    """Who declines or sends back says why."""
    return None if given.get("note", "").strip() else Refusal("请写明理由。", "note")


def form_is_known(topic: Any, given: Any) -> str | None:
    """The body has rules for the form of meeting that the topic is meant for."""
    kind = given["meeting_kind"]
    if MeetingRule.objects.in_force(topic.body, kind) is None:
        return Refusal("这个议事机构没有这种会议的规则，请另选会议形式。", "meeting_kind")
    return None


def a_unit_leads(topic: Any) -> str | None:
    """Before anybody is asked it is clear whom the topic concerns."""
    if topic.concerned.filter(lead=True).exists():
        return None
    return "还没有确定牵头单位，请先在“调整议题”中填写。"


def only_conveyed(topic: Any) -> str | None:
    """What is only passed on needs no opinions; what is deliberated does (附件1 第四条（三）)."""
    if topic.purpose == Purpose.CONVEY:
        return None
    return "审议材料要提前征求各成员单位意见（附件1第四条（三）），只有“传达通报”类议题可以不征求。"


def units_answered_or_late(topic: Any) -> str | None:
    """All consulted units have answered, or their time is over; silence is no consent."""
    waiting = Duty.objects.about(topic).filter(key="give_opinion", state=DutyState.OPEN)
    running = [duty for duty in waiting if duty.red_at is None or now() < duty.red_at]
    if not running:
        return None
    names = "、".join(sorted(duty.holder_label for duty in running))
    due = max((duty.due_at for duty in running if duty.due_at), default=None)
    until = f"（{local(due):%m月%d日 %H:%M}截止）" if due else ""
    return f"还有单位没有反馈{until}：{names}。期满后才能汇总。"


def opinions_settled(topic: Any) -> str | None:
    """Each proposed change and each objection has been answered with reasons."""
    left = open_opinions(topic)
    return f"还有{len(left)}条修改或反对意见没有说明是否采纳。" if left else None


def an_opinion_is_open(topic: Any) -> str | None:
    """There is a change or an objection to answer."""
    return None if open_opinions(topic) else "没有待处理的意见。"


def no_open_objection(topic: Any) -> str | None:
    """An objection that is neither met nor put on record keeps the topic from being approved."""
    given = topic.opinions.filter(round=topic.round, stance=Stance.OBJECT).select_related("unit")
    left = "、".join(opinion.unit.name for opinion in given if opinion.is_open_objection)
    if not left:
        return None
    return (
        f"{left}不同意，意见没有采纳也没有记录在案，不能审定"
        "（附件1第四条（三）征求各成员单位意见）。请办公室继续协调，或将保留意见记录在案。"
    )


def an_objection_is_open(topic: Any) -> str | None:
    """There is an objection to be put on record."""
    given = topic.opinions.filter(round=topic.round, stance=Stance.OBJECT)
    if any(opinion.is_open_objection and opinion.answer for opinion in given):
        return None
    return "没有已说明不采纳、尚未记录在案的反对意见。"


def minutes_are_issued(topic: Any) -> str | None:
    """What was decided is told once it stands in issued minutes."""
    meeting = topic.meeting
    if meeting is not None and meeting.issued_at is not None:
        return None
    return "会议纪要还没有印发，印发后再反馈。"


# --- where to


def after_decision(topic: Any, given: Any) -> str:
    """A deferred topic waits for another meeting; every other result ends the deliberation."""
    return S.APPROVED if given["result"] == TopicResult.DEFERRED else S.DECIDED


SETTLE = Owes(
    "settle_opinion", "处理反馈意见", office, "topic.settle_opinion", parts=open_opinions,
    waiting=proposer_name,
)  # fmt: skip

# One step a line or two, so that a clerk can read it: the formatter would make ten of each.
# fmt: off
TOPIC = Workflow(
    "topic",
    "议题",
    states=[
        State(S.PROPOSED, "待初审", owes=[
            Owes("screen", "初审议题", office, "topic.screen", waiting=proposer_name),
        ]),
        State(S.STORED, "已入议题库", owes=[
            Owes("circulate", "征求意见", office, "topic.circulate", waiting=proposer_name),
        ]),
        State(S.CONSULTING, "征求意见中", owes=[
            Owes("give_opinion", "反馈意见", silent_units, "topic.opinion", waiting=office_name),
            SETTLE,
            Owes("close_consultation", "汇总意见报审", office, "topic.close_consultation", waiting=proposer_name),
        ]),
        State(S.CONSULTED, "待审定", owes=[
            Owes("approve", "审定议题", approver, "topic.approve", waiting=office_name),
        ]),
        State(S.APPROVED, "已审定待排期", owes=[
            Owes("schedule", "排入会议", office, "topic.schedule", waiting=proposer_name),
        ]),
        State(S.SCHEDULED, "已上会", owes=[
            Owes("decide", "审议议题", office, on=meeting_day, waiting=proposer_name),
        ]),
        State(S.DECIDED, "已议定待反馈", owes=[
            Owes("feed_back", "反馈审议结果", office, "topic.feedback", waiting=proposer_name),
        ]),
        State(S.FED_BACK, "已反馈", final=True),
        State(S.DECLINED, "未列入", final=True),
        State(S.WITHDRAWN, "已撤回", final=True),
    ],
    steps=[
        Step("propose", "提出议题", [], S.PROPOSED, "conference.propose_topic", basis="A1-4-3-1"),
        Step("screen", "列入议题库", [S.PROPOSED], S.STORED, "conference.screen_topic", needs=[form_is_known],
             tone="primary", basis="A1-4-3-1 A1-7-1-3"),
        Step("decline", "不列入", [S.PROPOSED, S.STORED], S.DECLINED, "conference.screen_topic",
             needs=[why_is_given], settles=["screen"], tone="danger", basis="A1-4-3-1"),
        Step("revise", "调整议题", [S.STORED, S.CONSULTED], None, "conference.screen_topic", needs=[form_is_known],
             basis="A1-4-3-1"),
        Step("add_paper", "上传审议材料", [S.PROPOSED, S.STORED, S.CONSULTING, S.CONSULTED, S.APPROVED], None,
             "conference.add_paper", basis="A1-4-3-4"),
        Step("link_appeal", "关联企业诉求", [S.PROPOSED, S.STORED, S.CONSULTING, S.CONSULTED, S.APPROVED], None,
             "conference.screen_topic", basis="A1-7-1-3"),
        Step("withdraw", "撤回议题", [S.PROPOSED, S.STORED], S.WITHDRAWN, "conference.withdraw_topic",
             needs=[why_is_given], tone="danger"),
        # the consultation
        Step("circulate", "征求意见", [S.STORED], S.CONSULTING, "conference.screen_topic", when=[a_unit_leads],
             tone="primary", basis="A1-4-3-4"),
        Step("skip_consultation", "直接报审（传达类）", [S.STORED], S.CONSULTED, "conference.screen_topic",
             when=[a_unit_leads, only_conveyed], needs=[why_is_given], settles=["circulate"], basis="A1-4-3-4"),
        Step("give_opinion", "反馈意见", [S.CONSULTING], None, "conference.give_opinion", tone="primary",
             basis="A1-4-3-4"),
        Step("settle_opinion", "说明是否采纳", [S.CONSULTING], None, "conference.screen_topic",
             when=[an_opinion_is_open], tone="primary", basis="A1-4-3-4"),
        Step("close_consultation", "汇总报审", [S.CONSULTING], S.CONSULTED, "conference.screen_topic",
             when=[units_answered_or_late, opinions_settled], lapses=["give_opinion"], tone="primary",
             basis="A1-4-3-4"),
        Step("record_objection", "保留意见记录在案", [S.CONSULTING, S.CONSULTED], None, "conference.screen_topic",
             when=[an_objection_is_open], basis="A1-4-3-4"),
        # the approval
        Step("approve", "审定", [S.CONSULTED], S.APPROVED, "conference.approve_topic", when=[no_open_objection],
             tone="primary", basis="A1-4-3-2 A1-4-3-3"),
        Step("send_back", "退回修改", [S.CONSULTED], S.STORED, "conference.approve_topic", needs=[why_is_given],
             settles=["approve"], tone="danger", basis="A1-4-3-2 A1-4-3-3"),
        # the meeting; taken by what happens to it
        Step("schedule", "排入会议", [S.APPROVED], S.SCHEDULED, "conference.screen_topic", basis="A1-4-3-5"),
        Step("unschedule", "会议取消", [S.SCHEDULED], S.APPROVED, "conference.screen_topic"),
        Step("decide", "审议", [S.SCHEDULED], after_decision, "conference.screen_topic", basis="A1-4-3-6"),
        Step("feed_back", "反馈结果", [S.DECIDED], S.FED_BACK, "conference.screen_topic", when=[minutes_are_issued],
             tone="primary", basis="A1-7-1-4"),
        # confidentiality
        Step("acknowledge", "确认保密要求", list(S), None, "conference.acknowledge", tone="primary",
             basis="A1-R-4"),
    ],
)
# fmt: on
