"""Who sees which topics, meetings and studies, and who may take which step."""

from lianqi.conference.access.bodies import (
    acting_units,
    bodies_steered,
    holds_capacity,
    oversees,
    speaks_for_a_unit,
    works_in_office,
)
from lianqi.conference.access.documents import (
    readable_meeting_documents,
    readable_topic_documents,
)
from lianqi.conference.access.meetings import visible_meetings
from lianqi.conference.access.studies import visible_studies
from lianqi.conference.access.topics import has_read_terms, visible_topics

__all__ = [
    "acting_units",
    "bodies_steered",
    "has_read_terms",
    "holds_capacity",
    "oversees",
    "readable_meeting_documents",
    "readable_topic_documents",
    "speaks_for_a_unit",
    "visible_meetings",
    "visible_studies",
    "visible_topics",
    "works_in_office",
]
