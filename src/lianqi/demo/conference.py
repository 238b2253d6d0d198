"""联席会议 in the demonstration: a meeting carried through, one being prepared, topics in every hand."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from lianqi.appeals.models import Appeal
from lianqi.conference import actions
from lianqi.conference.models import AgendaItem, Meeting, Opinion, Resolution, Topic
from lianqi.conference.queries.minutes import decision_text, minutes_draft
from lianqi.demo.district import ISSUED_ON, UNITS
from lianqi.kernel.clock import local, now, told_at
from lianqi.kernel.workdays import calendar
from lianqi.organisation.enums import BodyCode, Post
from lianqi.organisation.models import Appointment, Unit, User

MEMBERS_FROM = "演示用成员名单，附件没有列出成员单位"
DISCUSSED = "冷库用电增容报装进度"


class Days:
    """Tells the clock by working days before or after the present one."""

    def __init__(self) -> None:
        """Know where the present is."""
        self.present = now()

    def on(self, days: int) -> date:
        """Return the day so many working days from today."""
        return calendar().add_working_days(local(self.present).date(), days)

    @contextmanager
    def ago(self, days: int, hours: float = 1) -> Iterator[datetime]:
        """Let the clock stand so many working days back, some hours after the office has opened."""
        moment = calendar().start_of_day(self.on(-days)) + timedelta(hours=hours)
        with told_at(min(moment, self.present - timedelta(minutes=1))):
            yield now()


def _user(username: str) -> User:
    return User.objects.get(username=username)


def _speaker(code: str) -> User:
    held = Appointment.objects.in_force().own()
    return held.get(unit__code=code, body=None, post=Post.LIAISON).user


def _units(*codes: str) -> list[Unit]:
    return list(Unit.objects.filter(code__in=codes))


def hold_meetings() -> None:
    """Enter the members, one thematic meeting from topic to ledger, and what is in hand today."""
    days = Days()
    _admit_members()
    _past_meeting(days)
    _next_meeting(days)
    _topics_in_hand(days)
    _field_study(days)


def _admit_members() -> None:
    office = _user("conference_office")
    for body in (BodyCode.JC, BodyCode.TF3):
        for code, *_rest in UNITS:
            [unit] = _units(code)
            actions.admit_member(body, unit, actor=office, since=ISSUED_ON, source=MEMBERS_FROM)


def _topic(days: Days, ago: int, proposer: str, title: str, content: str, **facts: Any) -> Topic:
    with days.ago(ago):
        facts |= {"proposing_unit": _units(proposer)[0]} if proposer else {}
        actor = _speaker(proposer) if proposer else _user("conference_office")
        return actions.propose_topic(actor=actor, title=title, content=content, **facts)


def _screen(days: Days, ago: int, topic: Topic, lead: str, *others: str) -> None:
    with days.ago(ago, 3):
        actions.screen_topic(
            topic,
            actor=_user("conference_office"),
            meeting_kind=topic.meeting_kind,
            access="members",
            lead_unit=_units(lead)[0],
            units=_units(*others),
        )


def _circulate(days: Days, ago: int, topic: Topic) -> None:
    with days.ago(ago, 5):
        actions.circulate_topic(topic, actor=_user("conference_office"))


def _answer(days: Days, ago: int, topic: Topic, code: str, stance: str, text: str = "") -> None:
    with days.ago(ago, 2):
        actions.give_opinion(topic, actor=_speaker(code), stance=stance, text=text)


def _consult(days: Days, ago: int, topic: Topic, codes: Sequence[str]) -> None:
    """Ask the units and let all of them agree, a day later."""
    _circulate(days, ago, topic)
    for code in codes:
        _answer(days, ago - 1, topic, code, "agree")
    with days.ago(ago - 1, 6):
        actions.close_consultation(topic, actor=_user("conference_office"))


# --- a meeting carried through


def _past_meeting(days: Days) -> None:
    appeal = Appeal.objects.filter(title=DISCUSSED).first()
    topic = _topic(
        days,
        14,
        "",
        "园区企业用电增容和夜间供电保障",
        "多家企业反映增容报装进度慢、夜间跳闸，涉及规划、电力接入和投资三个方面，需要会议明确牵头单位、建设时序和资金来源。",
        programme="one_contact",
        appeals=[appeal] if appeal else [],
    )
    _screen(days, 14, topic, "jjfzj", "gxtz", "gtghj")
    _circulate(days, 13, topic)
    _answer(days, 12, topic, "jjfzj", "agree")
    _answer(days, 12, topic, "gxtz", "change", "建议写明备用线路由高新投资公司出资、分两期建设。")
    _answer(days, 12, topic, "gtghj", "agree")
    office = _user("conference_office")
    with days.ago(12, 4):
        actions.settle_opinion(
            topic,
            actor=office,
            opinion=Opinion.objects.get(topic=topic, stance="change"),
            adopted=True,
            answer="采纳，写入议题。",
            content=f"{topic.content}备用线路由高新投资发展有限公司出资，分两期建设。",
        )
        actions.close_consultation(topic, actor=office)
    with days.ago(11):
        actions.approve_topic(topic, actor=_user("office_director"), note="同意上会。")
    meeting = _plan(days, 11, "企业用电保障专题会议", -8, "director", topic)
    _hold(days, 8, meeting, topic)
    _write_up(days, meeting, topic)


def _plan(days: Days, ago: int, title: str, day: int, convened_as: str, topic: Topic) -> Meeting:
    office = _user("conference_office")
    with days.ago(ago, 4):
        meeting = actions.plan_meeting(
            actor=office,
            body=topic.body,
            kind=topic.meeting_kind,
            title=title,
            starts_at=calendar().start_of_day(days.on(day)) + timedelta(hours=6, minutes=30),
            place="管委会三楼会议室",
            convened_as=convened_as,
        )
        actions.put_on_agenda(
            meeting, actor=office, topic=topic, observers=_units("xzfwzx"), guests="分管区领导"
        )
    return meeting


def _hold(days: Days, ago: int, meeting: Meeting, topic: Topic) -> None:
    office = _user("conference_office")
    with days.ago(ago + 3, 5):
        actions.issue_notice(meeting, actor=office)
    with days.ago(ago + 2, 2):
        for code in ("jjfzj", "gxtz", "xzfwzx"):
            actions.reply_to_notice(
                meeting,
                actor=_speaker(code),
                reply="attend",
                attendee="张某某",
                attendee_title="副局长",
            )
        actions.reply_to_notice(
            meeting, actor=_speaker("gtghj"), reply="leave", leave_reason="参加市里会议"
        )
    with days.ago(ago, 6):
        actions.tick_check(meeting, actor=office, items=list(meeting.checklist.all()))
        for code in ("jjfzj", "gxtz"):
            actions.sign_in(meeting, actor=_speaker(code))
        actions.open_meeting(meeting, actor=office, chair_name="张某某")
    item = AgendaItem.objects.get(meeting=meeting, topic=topic)
    with days.ago(ago, 7.5):
        actions.record_result(
            meeting,
            actor=office,
            item=item,
            result="revised",
            note="会议原则同意建设方案，要求先解决夜间跳闸，再分期增容。",
        )
        for text, lead, others, deadline in _RESOLVED:
            actions.resolve(
                meeting,
                actor=office,
                item=item,
                text=text,
                lead_unit=_units(lead)[0],
                units=_units(*others),
                deadline_text=deadline,
            )
        actions.conclude_meeting(meeting, actor=office)


_RESOLVED: list[tuple[str, str, tuple[str, ...], str]] = [
    ("完成园区北线夜间跳闸排查和检修，向企业公布停送电安排", "jjfzj", ("gxtz",), "年底前"),
    ("启动备用线路一期建设，落实资金和用地", "gxtz", ("gtghj", "jjfzj"), "次年6月底前"),
    ("建立用电报装联络机制，持续帮助企业办理增容", "jjfzj", (), "持续推进"),
]


def _write_up(days: Days, meeting: Meeting, topic: Topic) -> None:
    office = _user("conference_office")
    with days.ago(7):
        actions.draft_minutes(meeting, actor=office, minutes=minutes_draft(meeting))
    with days.ago(6):
        actions.sign_minutes(meeting, actor=_user("office_director"))
    with days.ago(5):
        actions.issue_minutes(meeting, actor=office)
        first, second, _third = Resolution.objects.filter(item__meeting=meeting)
        for resolution in (first, second):
            actions.docket_resolution(meeting, actor=office, resolution=resolution)
    topic.refresh_from_db()
    if topic.behind.exists():
        with days.ago(4):
            told = decision_text(topic)
            actions.feed_back(topic, actor=office, text=told, to_firms=True)


# --- what is in hand today


def _next_meeting(days: Days) -> None:
    topic = _topic(
        days,
        9,
        "rlzyb",
        "企业用工和人才公寓供给",
        "企业技术人员申请人才公寓排队时间长，需要会议研究第二批房源的筹集方式和分配办法。",
        programme="two_healths",
    )
    _screen(days, 8, topic, "rlzyb", "shswj", "gtghj")
    _consult(days, 7, topic, ["rlzyb", "shswj", "gtghj"])
    with days.ago(4):
        actions.approve_topic(topic, actor=_user("convener"))
    meeting = _plan(days, 3, "企业用工和人才公寓专题会议", 4, "convener", topic)
    with days.ago(2):
        actions.issue_notice(meeting, actor=_user("conference_office"))
    with days.ago(1):
        actions.reply_to_notice(
            meeting,
            actor=_speaker("shswj"),
            reply="attend",
            attendee="李某某",
            attendee_title="局长",
        )


def _topics_in_hand(days: Days) -> None:
    disputed = _topic(
        days,
        6,
        "zhjgj",
        "涉企检查“综合查一次”实施办法",
        "同一企业多头重复检查，拟统一检查计划、一次上门，需要会议审议实施办法。",
        meeting_kind="plenary",
    )
    _screen(days, 5, disputed, "zhjgj", "scjg", "xfjy")
    _circulate(days, 2, disputed)
    _answer(days, 1, disputed, "scjg", "agree")
    _answer(days, 1, disputed, "xfjy", "object", "消防监督检查有法定程序，不宜并入同一计划。")
    waiting = _topic(
        days,
        8,
        "jjfzj",
        "总结今年“一联三帮”工作和部署下一步任务",
        "总结今年帮扶走访和诉求办理情况，部署下一阶段工作任务。",
        meeting_kind="plenary",
        purpose="summary",
        programme="one_contact",
    )
    _screen(days, 7, waiting, "jjfzj", "rlzyb", "xzfwzx")
    _consult(days, 5, waiting, ["jjfzj", "rlzyb", "xzfwzx"])
    _topic(
        days,
        1,
        "swj",
        "新办企业涉税事项一次办结",
        "新办企业跑两个窗口、交两套材料，建议会议研究登记和税务信息共享。",
    )


def _field_study(days: Days) -> None:
    office = _user("conference_office")
    with days.ago(6):
        study = actions.plan_study(
            actor=office,
            title="用电保障议定事项落实情况调研",
            scope="企业用电保障专题会议议定事项的落实情况。",
            plan="分两组到经济发展局、高新投资公司和三家企业实地查看，听取企业意见，形成报告。",
            units=_units("jjfzj", "gxtz"),
            report_on=days.on(10),
        )
    with days.ago(5):
        actions.consent_to_study(study, actor=_user("convener"), note="同意，重点看企业是否有感。")
    with days.ago(4):
        for place, ahead in (("园区北线配电房", 0), ("三家用电大户", 3)):
            actions.plan_visit(study, actor=office, place=place, planned_on=days.on(ahead - 4 + 2))
    with days.ago(1):
        actions.record_visit(
            study,
            actor=office,
            visit=study.visits.earliest("pk"),
            done_on=days.on(-2),
            participants="经济发展局、高新投资公司联络员",
            seen="检修已排期，企业希望提前一天通知停电。",
        )
