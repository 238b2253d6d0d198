"""The draft of a meeting's minutes, made from its agenda, results and attendance."""

from lianqi.conference.enums import Reply, Role
from lianqi.conference.models import AgendaItem, Invitation, Meeting, Topic
from lianqi.conference.workflow.meetings import MUST_RESOLVE
from lianqi.kernel.clock import local

_FIGURES = "零一二三四五六七八九十"


def numeral(number: int) -> str:
    """Return 1 to 99 as a heading counts: 一, 十二, 二十一."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _FIGURES[ones]
    head = "十" if tens == 1 else f"{_FIGURES[tens]}十"
    return head + (_FIGURES[ones] if ones else "")


def minutes_draft(meeting: Meeting) -> str:
    """Return the minutes as agenda, results and resolutions make them; the office goes on from there."""
    items = list(
        meeting.agenda.select_related("topic").prefetch_related(  # type: ignore[attr-defined]
            "resolutions__lead_unit", "resolutions__units"
        )
    )
    when = local(meeting.starts_at)
    chair = meeting.chair_name or meeting.get_convened_as_display()
    opening = (
        f"{when.year}年{when.month}月{when.day}日，{chair}在{meeting.place}主持召开"
        f"{meeting.get_body_display()}{meeting.get_kind_display()}，研究"
        f"{'、'.join(f'“{item.topic.title}”' for item in items)}{len(items)}项议题。现将会议议定事项纪要如下："
    )
    parts = [opening, *(_item(number, item) for number, item in enumerate(items, 1))]
    invited = list(meeting.invitations.select_related("unit"))  # type: ignore[attr-defined]
    return "\n\n".join([*parts, _attendance(invited)])


def _item(number: int, item: AgendaItem) -> str:
    lines = [f"{numeral(number)}、关于{item.topic.title}"]
    note = f"。{item.note.rstrip('。')}。" if item.note else "。"
    lines.append(f"会议审议结果：{item.get_result_display()}{note}")
    for place, one in enumerate(item.resolutions.all(), 1):  # type: ignore[attr-defined]
        others = "、".join(unit.name for unit in one.units.all())
        helped = f"；责任单位：{others}" if others else ""
        text = one.text.rstrip("。")
        lines.append(
            f"（{numeral(place)}）{text}。（牵头单位：{one.lead_unit}{helped}；"
            f"完成时限：{one.deadline_text}）"
        )
    return "\n".join(lines)


def _attendance(invited: list[Invitation]) -> str:
    here = [one for one in invited if one.signed_in_at is not None]
    lines = [
        _line("出席", [one for one in here if one.role == Role.MEMBER]),
        _line("请假", [one for one in invited if one.reply == Reply.LEAVE]),
        _line("列席", [one for one in here if one.role == Role.OBSERVER]),
    ]
    return "\n".join(line for line in lines if line)


def _line(label: str, units: list[Invitation]) -> str:
    if not units:
        return ""
    named = (f"{one.unit}{one.attendee and f'（{one.attendee}）'}" for one in units)
    return f"{label}：{'、'.join(named)}"


def decision_text(topic: Topic) -> str:
    """Return what the last meeting decided on a topic, in words that may be told."""
    item = (
        AgendaItem.objects.filter(topic=topic, meeting=topic.meeting)
        .prefetch_related("resolutions__lead_unit")
        .first()
    )
    if item is None:
        return ""
    said = f"经{topic.meeting.get_kind_display()}研究：{item.get_result_display()}。"  # type: ignore[union-attr]
    if item.result not in MUST_RESOLVE:
        return said
    steps = "；".join(
        f"{one.text}（{one.lead_unit}牵头，{one.deadline_text}）" for one in item.resolutions.all()
    )
    return f"{said}议定：{steps}"
