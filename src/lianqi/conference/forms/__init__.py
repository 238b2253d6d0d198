"""Forms of the conference room: one a step, for three workflows; and those that begin a record."""

from lianqi.conference.forms.bodies import (
    AdmitMemberForm,
    DelegateConveningForm,
    EndMembershipForm,
    MeetingRuleForm,
)
from lianqi.conference.forms.listing import MeetingFilter, StudyFilter, TopicFilter
from lianqi.conference.forms.meetings import MEETING_FORMS, PlanMeetingForm
from lianqi.conference.forms.step_form import StepForm
from lianqi.conference.forms.studies import STUDY_FORMS, PlanStudyForm
from lianqi.conference.forms.topics import TOPIC_FORMS, ProposeTopicForm

__all__ = [
    "MEETING_FORMS",
    "STUDY_FORMS",
    "TOPIC_FORMS",
    "AdmitMemberForm",
    "DelegateConveningForm",
    "EndMembershipForm",
    "MeetingFilter",
    "MeetingRuleForm",
    "PlanMeetingForm",
    "PlanStudyForm",
    "ProposeTopicForm",
    "StepForm",
    "StudyFilter",
    "TopicFilter",
]
