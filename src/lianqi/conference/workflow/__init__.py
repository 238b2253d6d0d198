"""The workflows of the room: a topic, a meeting, a field study."""

from lianqi.conference.workflow.meetings import MEETING
from lianqi.conference.workflow.studies import STUDY
from lianqi.conference.workflow.topics import TOPIC

__all__ = ["MEETING", "STUDY", "TOPIC"]
