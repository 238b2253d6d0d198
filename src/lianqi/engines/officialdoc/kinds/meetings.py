"""Papers of a meeting: 会议通知, 议题审批单, 征求意见函, 签到表, 会议纪要."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, ClassVar

from lianqi.engines.officialdoc.document import (
    Attendance,
    Block,
    Card,
    Grid,
    Layout,
    OfficialDocument,
    Text,
    day_in_words,
    moment_in_words,
)
from lianqi.engines.officialdoc.kinds.content import Content, listed
from lianqi.engines.officialdoc.kinds.kind import Kind
from lianqi.engines.officialdoc.kinds.papers import Issued, issued, paragraphs

_CHINESE = "一二三四五六七八九十"


@dataclass(frozen=True, kw_only=True)
class MeetingNotice(Issued):
    """会议通知: which meeting, when, where, on what, for whom, and what to do before."""

    meeting: Annotated[str, "会议名称"]
    recipients: Annotated[tuple[str, ...], "主送机关"]
    held_at: Annotated[datetime, "会议时间"]
    place: Annotated[str, "会议地点"]
    topics: Annotated[tuple[str, ...], "会议议题"]
    attendees: Annotated[str, "参会人员"]
    observers: Annotated[str, "列席人员"] = ""
    demands: Annotated[tuple[str, ...], "有关要求"] = ()
    reply_by: Annotated[datetime | None, "报送参会回执时间"] = None
    attachments: Annotated[tuple[str, ...], "附件名称"] = ()
    title: Annotated[str, "标题"] = ""


@dataclass(frozen=True, kw_only=True)
class Opinion(Content):
    """What a unit answered in a consultation."""

    unit: Annotated[str, "单位"]
    text: Annotated[str, "意见"]
    adopted: Annotated[str, "采纳情况"] = ""


@dataclass(frozen=True, kw_only=True)
class TopicApproval(Content):
    """议题审批单: a topic, who proposes it, what the units said, and the approvals."""

    topic: Annotated[str, "议题名称"]
    proposer: Annotated[str, "提出单位"]
    meeting: Annotated[str, "拟提交会议"]
    summary: Annotated[str, "议题摘要"]
    proposed_on: Annotated[date, "提出日期"]
    reporter: Annotated[str, "汇报人"] = ""
    observers: Annotated[tuple[str, ...], "列席单位"] = ()
    materials: Annotated[tuple[str, ...], "会议材料"] = ()
    opinions: Annotated[tuple[Opinion, ...], "征求意见情况"] = ()
    office_opinion: Annotated[str, "办公室审核意见"] = ""
    director_opinion: Annotated[str, "办公室主任意见"] = ""
    convener_opinion: Annotated[str, "召集人意见"] = ""


@dataclass(frozen=True, kw_only=True)
class Consultation(Issued):
    """征求意见函: a draft or a topic goes to the units, which answer by a day."""

    subject: Annotated[str, "征求意见的事项"]  # its name without 《》
    recipients: Annotated[tuple[str, ...], "主送机关"]
    reply_by: Annotated[date, "反馈截止日期"]
    text: Annotated[str, "正文"] = ""
    attachments: Annotated[tuple[str, ...], "附件名称"] = ()
    not_here: ClassVar[Mapping[str, str]] = {"signer": "函不是上行文，不标注签发人。"}


@dataclass(frozen=True, kw_only=True)
class Participant(Content):
    """A line of the attendance sheet."""

    unit: Annotated[str, "单位"]
    name: Annotated[str, "姓名"] = ""
    post: Annotated[str, "职务"] = ""
    signed: Annotated[str, "签到"] = ""  # e.g. 8:52 for who signed by code
    note: Annotated[str, "备注"] = ""


@dataclass(frozen=True, kw_only=True)
class AttendanceSheet(Content):
    """签到表: who is expected; those who have signed with their time."""

    meeting: Annotated[str, "会议名称"]
    held_at: Annotated[datetime, "会议时间"]
    place: Annotated[str, "会议地点"]
    people: Annotated[tuple[Participant, ...], "参会人员"]


@dataclass(frozen=True, kw_only=True)
class Resolved(Content):
    """What a meeting agreed on one topic."""

    topic: Annotated[str, "议题"]
    text: Annotated[str, "议定内容"]
    tasks: Annotated[tuple[str, ...], "议定事项"] = ()  # e.g. 经济发展局牵头，12月底前完成…


@dataclass(frozen=True, kw_only=True)
class Minutes(Content):
    """会议纪要: the main facts of a meeting and what it agreed; bears no seal."""

    meeting: Annotated[str, "会议名称"]
    body: Annotated[str, "会议机构"]  # stands in the mark: 新乡高新区民营经济工作联席会议
    held_at: Annotated[datetime, "会议时间"]
    place: Annotated[str, "会议地点"]
    chair: Annotated[str, "主持人"]
    dated: Annotated[date, "印发日期"]
    printer: Annotated[str, "印发机关"]
    resolved: Annotated[tuple[Resolved, ...], "议定事项"]
    present: Annotated[tuple[str, ...], "出席人员"]
    absent: Annotated[tuple[str, ...], "请假人员"] = ()
    observers: Annotated[tuple[str, ...], "列席人员"] = ()
    opening: Annotated[str, "会议概况"] = ""
    copies: Annotated[tuple[str, ...], "分送"] = ()
    mark: Annotated[str, "纪要标志"] = ""
    not_here: ClassVar[Mapping[str, str]] = {
        "recipients": "纪要不写主送机关，发放范围写在分送。",
        "organ": "纪要不署名、不加盖印章。",
        "sealed": "纪要不加盖印章。",
        "signer": "纪要不标注签发人。",
    }


def _meeting_notice(content: MeetingNotice, number: str) -> OfficialDocument:
    parts: list[tuple[str, Sequence[str]]] = [
        ("会议时间", (f"{moment_in_words(content.held_at)}。",)),
        ("会议地点", (f"{content.place}。",)),
        ("会议议题", _numbered(content.topics)),
        ("参会人员", _people(content)),
    ]
    demands = list(content.demands)
    if content.reply_by:
        demands.append(f"请于{moment_in_words(content.reply_by)}前报送参会回执。")
    if demands:
        parts.append(("有关要求", _numbered(demands)))
    opening = f"经研究，决定召开{content.meeting}。现将有关事项通知如下："
    return issued(
        content,
        "meeting_notice",
        title=content.title or f"关于召开{content.meeting}的通知",
        blocks=[Text(opening), *_chapters(parts)],
        layout=Layout.DOCUMENT,
        number=number,
        recipients=content.recipients,
        attachments=content.attachments,
    )


def _people(content: MeetingNotice) -> list[str]:
    lines = [_stopped(content.attendees)]
    return [*lines, f"列席人员：{_stopped(content.observers)}"] if content.observers else lines


def _chapters(parts: Sequence[tuple[str, Sequence[str]]]) -> list[Block]:
    blocks: list[Block] = []
    for place, (heading, lines) in enumerate(parts):
        blocks += [Text(f"{_CHINESE[place]}、{heading}"), *(Text(line) for line in lines)]
    return blocks


def _numbered(lines: Sequence[str]) -> list[str]:
    if len(lines) == 1:
        return [_stopped(lines[0])]
    return [f"{number}.{_stopped(line)}" for number, line in enumerate(lines, 1)]


def _stopped(sentence: str) -> str:
    return sentence if sentence.endswith(("。", "！", "？")) else f"{sentence}。"


def _topic_approval(content: TopicApproval, number: str) -> OfficialDocument:
    rows: list[Sequence[tuple[str, str]]] = [
        [("议题名称", content.topic)],
        [("提出单位", content.proposer), ("提出日期", day_in_words(content.proposed_on))],
        [("拟提交会议", content.meeting), ("汇报人", content.reporter)],
        [("列席单位", listed(content.observers) or "无")],
        [("议题摘要", content.summary)],
        [("会议材料", "\n".join(_numbered(content.materials)) or "无")],
        [("征求意见情况", "\n".join(map(_opinion, content.opinions)) or "无")],
    ]
    for label, said in (
        ("办公室审核意见", content.office_opinion),
        ("办公室主任意见", content.director_opinion),
        ("召集人意见", content.convener_opinion),
    ):
        rows.append([(label, said or "\n　　　　　　　　　　　年　　月　　日")])
    return OfficialDocument(
        form="topic_approval", title="议题审批单", blocks=[Card(rows)], layout=Layout.SHEET
    )


def _opinion(opinion: Opinion) -> str:
    adopted = f"（{opinion.adopted}）" if opinion.adopted else ""
    return f"{opinion.unit}：{opinion.text}{adopted}"


def _consultation(content: Consultation, number: str) -> OfficialDocument:
    name = content.subject.strip("《》")
    opening = content.text or f"现将《{name}》送你们征求意见。"
    answer = (
        f"请认真研究，于{day_in_words(content.reply_by)}前书面反馈意见，"
        "反馈意见须经单位主要负责人或分管负责人审签；修改意见请注明理由，无意见也请反馈。"
    )
    return issued(
        content,
        "consultation",
        title=f"关于征求《{name}》意见的函",
        blocks=[*paragraphs(opening), Text(answer)],
        layout=Layout.LETTER,
        number=number,
        recipients=content.recipients,
        attachments=content.attachments,
    )


def _attendance_sheet(content: AttendanceSheet, number: str) -> OfficialDocument:
    rows = [
        [str(place), one.unit, one.name, one.post, one.signed, one.note]
        for place, one in enumerate(content.people, 1)
    ]
    return OfficialDocument(
        form="attendance_sheet",
        title=f"{content.meeting}签到表",
        blocks=[
            Text(f"时间：{moment_in_words(content.held_at)}"),
            Text(f"地点：{content.place}"),
            Grid(
                ["序号", "单位", "姓名", "职务", "签到", "备注"],
                rows,
                [3, 8, 4, 5, 4, 4],
            ),
        ],
        layout=Layout.SHEET,
    )


def _minutes(content: Minutes, number: str) -> OfficialDocument:
    opening = content.opening or (
        f"{moment_in_words(content.held_at)}，{content.chair}在{content.place}主持召开"
        f"{content.meeting}。现将会议议定事项纪要如下："
    )
    blocks: list[Block] = paragraphs(opening)
    for place, one in enumerate(content.resolved):
        blocks.append(Text(f"{_CHINESE[place % 10]}、{one.topic.rstrip('。')}"))
        blocks += paragraphs(one.text)
        blocks += [Text(line) for line in _numbered(one.tasks)]
    attendance = [
        Attendance(role, listed(names))
        for role, names in (
            ("出席", content.present),
            ("请假", content.absent),
            ("列席", content.observers),
        )
        if names
    ]
    return OfficialDocument(
        form="minutes",
        title=f"{content.meeting}纪要",
        blocks=blocks,
        layout=Layout.MINUTES,
        mark=content.mark or f"{content.body}纪要",
        number=number,
        attendance=attendance,
        distribution=[f"分送：{listed(content.copies)}。"] if content.copies else [],
        printer=content.printer,
        printed_on=content.dated,
    )


MEETINGS = (
    Kind("meeting_notice", "会通", MeetingNotice, _meeting_notice),
    Kind("topic_approval", "", TopicApproval, _topic_approval),
    Kind("consultation", "征函", Consultation, _consultation),
    Kind("attendance_sheet", "", AttendanceSheet, _attendance_sheet),
    Kind("minutes", "纪", Minutes, _minutes),
)
