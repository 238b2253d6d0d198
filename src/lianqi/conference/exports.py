"""Workbooks of exactly the lists on the pages."""

from collections.abc import Iterable
from typing import IO

from lianqi.conference.models import Meeting, Topic
from lianqi.kernel.clock import local
from lianqi.kernel.sheets import sheet

_TOPIC_HEAD = [
    ("编号", 16), ("议题", 40), ("议事机构", 22), ("会议形式", 12), ("来源", 14), ("提出单位", 18),
    ("状态", 14), ("会议", 16), ("审议结果", 16), ("提出时间", 18),
]  # fmt: skip
_MEETING_HEAD = [
    ("编号", 16), ("会议名称", 40), ("议事机构", 22), ("会议形式", 12), ("状态", 16), ("开会时间", 18),
    ("地点", 20), ("召集", 14), ("纪要编号", 30),
]  # fmt: skip


def topic_workbook(rows: Iterable[Topic]) -> IO[bytes]:
    """Return an open temporary xlsx of the topics."""
    cells = (
        [
            topic.number,
            topic.title,
            str(topic.get_body_display()),
            str(topic.get_meeting_kind_display()),
            str(topic.get_source_display()),
            topic.proposing_unit.name if topic.proposing_unit else "",
            str(topic.get_state_display()),
            topic.meeting.number if topic.meeting else "",
            str(topic.get_result_display()),
            f"{local(topic.proposed_at):%Y-%m-%d %H:%M}",
        ]
        for topic in rows
    )
    return sheet("议题清单", _TOPIC_HEAD, cells, frozen=2)


def meeting_workbook(rows: Iterable[Meeting]) -> IO[bytes]:
    """Return an open temporary xlsx of the meetings."""
    cells = (
        [
            meeting.number,
            meeting.title,
            str(meeting.get_body_display()),
            str(meeting.get_kind_display()),
            str(meeting.get_state_display()),
            f"{local(meeting.starts_at):%Y-%m-%d %H:%M}",
            meeting.place,
            str(meeting.get_convened_as_display()),
            meeting.minutes_number,
        ]
        for meeting in rows
    )
    return sheet("会议清单", _MEETING_HEAD, cells, frozen=2)
