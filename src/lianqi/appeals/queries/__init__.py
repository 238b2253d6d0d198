"""Read side of the appeals room: lists, one record, its timeline, the board's figures."""

from lianqi.appeals.queries.duties import LiveDuty, live_duties
from lianqi.appeals.queries.keyset import Page
from lianqi.appeals.queries.listing import AppealRow, appeal_page, every_row, view_counts
from lianqi.appeals.queries.record import AppealRecord, Party, StepLink, appeal_record, open_steps
from lianqi.appeals.queries.timeline import FileRow, TimelineEntry, appeal_timeline
from lianqi.kernel.remaining import remaining_text

__all__ = [
    "AppealRecord",
    "AppealRow",
    "FileRow",
    "LiveDuty",
    "Page",
    "Party",
    "StepLink",
    "TimelineEntry",
    "appeal_page",
    "appeal_record",
    "appeal_timeline",
    "every_row",
    "live_duties",
    "open_steps",
    "remaining_text",
    "view_counts",
]
