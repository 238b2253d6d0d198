"""The pages of the conference room."""

from lianqi.conference.views.bodies import (
    delegation_new,
    member_end,
    member_new,
    rule_set,
    rules_page,
)
from lianqi.conference.views.codes import meeting_code, sign_in_by_code
from lianqi.conference.views.meetings import (
    meeting_detail,
    meeting_export,
    meeting_list,
    meeting_new,
    meeting_step,
)
from lianqi.conference.views.overview import overview
from lianqi.conference.views.studies import study_detail, study_list, study_new, study_step
from lianqi.conference.views.topics import (
    paper_read,
    topic_detail,
    topic_export,
    topic_from_appeal,
    topic_list,
    topic_new,
    topic_step,
)

__all__ = [
    "delegation_new",
    "meeting_code",
    "meeting_detail",
    "meeting_export",
    "meeting_list",
    "meeting_new",
    "meeting_step",
    "member_end",
    "member_new",
    "overview",
    "paper_read",
    "rule_set",
    "rules_page",
    "sign_in_by_code",
    "study_detail",
    "study_list",
    "study_new",
    "study_step",
    "topic_detail",
    "topic_export",
    "topic_from_appeal",
    "topic_list",
    "topic_new",
    "topic_step",
]
