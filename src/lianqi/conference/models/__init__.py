"""The tables of the conference room, one module a noun."""

from lianqi.conference.models.body import Delegation, MeetingRule, MemberUnit
from lianqi.conference.models.meeting import (
    AgendaItem,
    ChecklistItem,
    Invitation,
    Meeting,
    Resolution,
)
from lianqi.conference.models.papers import Acknowledgement, PaperReading, TopicPaper
from lianqi.conference.models.study import FieldStudy, Finding, Visit
from lianqi.conference.models.topic import Opinion, Topic, TopicAppeal, TopicUnit

__all__ = [
    "Acknowledgement",
    "AgendaItem",
    "ChecklistItem",
    "Delegation",
    "FieldStudy",
    "Finding",
    "Invitation",
    "Meeting",
    "MeetingRule",
    "MemberUnit",
    "Opinion",
    "PaperReading",
    "Resolution",
    "Topic",
    "TopicAppeal",
    "TopicPaper",
    "TopicUnit",
    "Visit",
]
