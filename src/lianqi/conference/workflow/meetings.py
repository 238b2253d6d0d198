"""会议: from its planning to minutes that are issued and resolutions that are given to units."""

from typing import Any

from lianqi.conference.enums import Capacity, TopicResult, TopicState, WhoMay
from lianqi.conference.enums import MeetingState as S
from lianqi.conference.models import MeetingRule
from lianqi.conference.workflow.holders import (
    chair,
    day_of,
    end_of_meeting,
    ledger_keeper,
    notice_day,
    office,
    office_name,
    office_with_checklist,
    open_resolutions,
    silent_invited,
)
from lianqi.kernel.clock import today
from lianqi.kernel.errors import Refusal
from lianqi.kernel.workflow import Owes, State, Step, Workflow

MUST_RESOLVE = (TopicResult.PASSED, TopicResult.REVISED)


def reason_is_given(meeting: Any, given: Any) -> str | None:
    """What is left out of the ledger is left out for a reason (附件1 第七条（二）)."""
    return None if given.get("reason", "").strip() else Refusal("请写明不立项的理由。", "reason")


def why_is_given(meeting: Any, given: Any) -> str | None:
    """Who cancels or sends back says why."""
    return None if given.get("note", "").strip() else Refusal("请写明理由。", "note")


def convened_by_the_rule(meeting: Any) -> str | None:
    """The director convenes a plenary only with a delegation on record (附件1 第四条（一）)."""
    rule = MeetingRule.objects.in_force(meeting.body, meeting.kind)
    if rule is None:
        return "这个议事机构没有这种会议的规则，请先在会议规则中补上。"
    delegated = rule.convened_by == WhoMay.CONVENER_OR_DELEGATE
    if delegated and meeting.convened_as == Capacity.DIRECTOR and meeting.delegation is None:
        return (
            "全体会议“由召集人或委托办公室主任召集”（附件1第四条（一））："
            "办公室主任召集的，要先登记召集人的委托。"
        )
    return None


def agenda_is_approved(meeting: Any) -> str | None:
    """No notice goes out before the topics are approved (附件1 第四条（三）)."""
    items = list(meeting.agenda.select_related("topic"))
    if not items:
        return "会议还没有议程，请先排入议题。"
    left = [item.topic for item in items if item.topic.state != TopicState.APPROVED]
    if not left:
        return None
    told = "；".join(f"{topic.number}“{topic.get_state_display()}”" for topic in left)
    rule = "全体会议议题报召集人审定，专题会议议题报召集人或办公室主任审定"
    return f"议题审定后才能发通知（附件1第四条（三）：{rule}）。还没有审定的：{told}。"


def all_results_known(meeting: Any) -> str | None:
    """Every topic has a result, and what was passed says who does what by when."""
    for item in meeting.agenda.select_related("topic").prefetch_related("resolutions"):
        if not item.result:
            return f"第{item.order}项议题还没有记录审议结果：{item.topic.title}。"
        if item.result in MUST_RESOLVE and not item.resolutions.all():
            return (
                f"第{item.order}项议题已通过，还没有议定事项（牵头单位、责任单位、时限）："
                f"{item.topic.title}。只作传达的，请把结果改为“仅作传达”并说明理由。"
            )
    return None


def reason_for_information(meeting: Any, given: Any) -> str | None:
    """A topic that leaves nothing to do says why."""
    reasons = (TopicResult.INFO_ONLY, TopicResult.NOT_PASSED, TopicResult.DEFERRED)
    if given["result"] in reasons and not given.get("note", "").strip():
        return Refusal("仅作传达、暂缓或不通过的，请写明理由。", "note")
    return None


def text_is_given(meeting: Any, given: Any) -> str | None:
    """Minutes say something."""
    return None if given.get("minutes", "").strip() else Refusal("请写明纪要内容。", "minutes")


def is_the_day(meeting: Any) -> str | None:
    """A meeting is opened on its day, or afterwards where nobody had the time."""
    if today() < meeting.day:
        return f"会议定在{meeting.day:%m月%d日}，当天才能开始；改期请用“调整会议”。"
    return None


def all_settled(meeting: Any) -> str | None:
    """Every resolution stands in the ledger or was left out with a reason (附件1 第七条（二）)."""
    left = list(open_resolutions(meeting))
    return f"还有{len(left)}项议定事项没有立项，也没有说明不立项的理由。" if left else None


def something_is_open(meeting: Any) -> str | None:
    """There is a resolution to be docketed or left out."""
    return None if list(open_resolutions(meeting)) else "议定事项都已立项或说明了理由。"


def something_to_prepare(meeting: Any) -> str | None:
    """There is something on the list that is not ready."""
    return None if office_with_checklist(meeting) else "准备事项都已完成。"


def has_agenda(meeting: Any) -> str | None:
    """There is a topic on the agenda."""
    return None if meeting.agenda.exists() else "会议还没有议程。"


def has_resolutions(meeting: Any) -> str | None:
    """There is a resolution to strike out."""
    found = meeting.agenda.filter(resolutions__isnull=False).exists()
    return None if found else "还没有议定事项。"


REPLY = Owes("reply", "会议回执", silent_invited, "meeting.reply", waiting=office_name)
PREPARE = Owes("tick", "会务准备", office_with_checklist, on=day_of)

# One step a line or two, so that a clerk can read it: the formatter would make ten of each.
# fmt: off
MEETING = Workflow(
    "meeting",
    "会议",
    states=[
        State(S.PLANNED, "筹备中", owes=[
            Owes("issue_notice", "发会议通知", office, on=notice_day), PREPARE,
        ]),
        State(S.NOTIFIED, "已通知", owes=[
            REPLY, PREPARE, Owes("open", "组织会议签到", office, on=day_of),
        ]),
        State(S.IN_SESSION, "开会中", owes=[
            Owes("conclude", "记录审议结果", office, on=day_of),
        ]),
        State(S.HELD, "已开会待纪要", owes=[
            Owes("draft_minutes", "起草纪要", office, "meeting.draft_minutes"),
        ]),
        State(S.DRAFTED, "纪要待签发", owes=[
            Owes("sign_minutes", "签发纪要", chair, "meeting.sign_minutes", waiting=office_name),
        ]),
        State(S.SIGNED, "纪要待印发", owes=[
            Owes("issue_minutes", "印发纪要", office, "meeting.issue_minutes", starts=end_of_meeting),
        ]),
        State(S.ISSUED, "纪要已印发待分解", owes=[
            Owes("docket", "议定事项立项", ledger_keeper, "meeting.docket", parts=open_resolutions),
            Owes("archive", "会议归档", office, "meeting.archive"),
        ]),
        State(S.ARCHIVED, "已办结归档", final=True),
        State(S.CANCELLED, "已取消", final=True),
    ],
    steps=[
        Step("plan", "筹备会议", [], S.PLANNED, "conference.plan_meeting", basis="A1-2-2"),
        # preparing
        Step("set_agenda", "排入议题", [S.PLANNED], None, "conference.run_meeting", tone="primary",
             basis="A1-4-3-1 A1-4-2-3"),
        Step("drop_topic", "撤下议题", [S.PLANNED], None, "conference.run_meeting", when=[has_agenda]),
        Step("invite", "增邀单位", [S.PLANNED], None, "conference.run_meeting", basis="A1-4-2-3 A1-4-1-5"),
        Step("adjust", "调整会议", [S.PLANNED, S.NOTIFIED], None, "conference.run_meeting", basis="A1-4-3-6"),
        Step("tick", "会务准备", [S.PLANNED, S.NOTIFIED], None, "conference.run_meeting",
             when=[something_to_prepare], basis="A1-4-3-6"),
        Step("add_check", "增加准备事项", [S.PLANNED, S.NOTIFIED], None, "conference.run_meeting", basis="A1-4-3-6"),
        Step("issue_notice", "发会议通知", [S.PLANNED], S.NOTIFIED, "conference.run_meeting",
             when=[convened_by_the_rule, agenda_is_approved], tone="primary", basis="A1-4-3-5 A1-4-3-2 A1-4-3-3"),
        Step("cancel", "取消会议", [S.PLANNED, S.NOTIFIED], S.CANCELLED, "conference.run_meeting",
             needs=[why_is_given], tone="danger"),
        # the units answer, and come
        Step("reply", "会议回执", [S.NOTIFIED, S.IN_SESSION], None, "conference.reply_notice", tone="primary",
             basis="A1-4-3-5"),
        Step("sign_in", "扫码签到", [S.NOTIFIED, S.IN_SESSION], None, "conference.reply_notice", basis="A1-4-1-4"),
        Step("register", "登记签到", [S.NOTIFIED, S.IN_SESSION], None, "conference.run_meeting", basis="A1-4-1-4"),
        # the meeting
        Step("open", "开始会议", [S.NOTIFIED], S.IN_SESSION, "conference.run_meeting", when=[is_the_day],
             lapses=["reply", "tick"], tone="primary", basis="A1-2-2"),
        Step("record_result", "记录审议结果", [S.IN_SESSION], None, "conference.run_meeting",
             needs=[reason_for_information], tone="primary", basis="A1-2-3"),
        Step("resolve", "记录议定事项", [S.IN_SESSION], None, "conference.run_meeting", tone="primary",
             basis="A1-7-2-2"),
        Step("strike", "删去议定事项", [S.IN_SESSION], None, "conference.run_meeting", when=[has_resolutions]),
        Step("conclude", "散会", [S.IN_SESSION], S.HELD, "conference.run_meeting", when=[all_results_known],
             tone="primary", basis="A1-2-3"),
        # the minutes
        Step("draft_minutes", "起草纪要", [S.HELD], S.DRAFTED, "conference.run_meeting", needs=[text_is_given],
             tone="primary", basis="A1-2-3"),
        Step("revise_minutes", "修改纪要", [S.DRAFTED], None, "conference.run_meeting", needs=[text_is_given]),
        Step("delegate_signing", "委托签发", [S.HELD, S.DRAFTED], None, "conference.delegate_signing",
             basis="A1-4-1-3"),
        Step("sign_minutes", "签发纪要", [S.DRAFTED], S.SIGNED, "conference.sign_minutes", tone="primary",
             basis="A1-2-3"),
        Step("return_minutes", "退回修改", [S.DRAFTED], S.HELD, "conference.sign_minutes", needs=[why_is_given],
             settles=["sign_minutes"], tone="danger"),
        Step("issue_minutes", "印发纪要", [S.SIGNED], S.ISSUED, "conference.run_meeting", tone="primary",
             basis="A1-2-3 A1-7-1-4"),
        # what comes of it
        Step("docket", "立项督办", [S.ISSUED], None, "conference.docket", when=[something_is_open],
             tone="primary", basis="A1-7-2-1 A1-7-2-2"),
        Step("excuse", "不立项", [S.ISSUED], None, "conference.docket", when=[something_is_open],
             needs=[reason_is_given], settles=["docket"], basis="A1-7-2-1"),
        Step("archive", "办结归档", [S.ISSUED], S.ARCHIVED, "conference.run_meeting", when=[all_settled],
             tone="primary", basis="A1-7-2-1"),
    ],
)
# fmt: on
