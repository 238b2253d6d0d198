"""From a proposal to minutes: every state is reached, and somebody owes something in each."""

import pytest

from lianqi.conference.enums import MeetingState, StudyState, TopicState
from lianqi.conference.models import Meeting, Topic
from lianqi.conference.workflow import MEETING, STUDY, TOPIC
from lianqi.kernel.journal import verify_journal
from tests.conference.stage import MORNING, Stage, ended, owed

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(MORNING)]
BY_MEETINGS = {TopicState.SCHEDULED: "notified", TopicState.FED_BACK: "issued"}


@pytest.mark.parametrize("state", [s for s in TopicState if s not in (*BY_MEETINGS, "decided")])
def test_every_state_of_a_topic_is_reached_by_its_usual_way(state):
    stage = Stage.with_topic(state)

    assert (Topic.objects.get().state, verify_journal().broken) == (state, "")
    assert bool(owed(stage.topic)) is not TOPIC.states[state].final


@pytest.mark.parametrize("state", list(MeetingState))
def test_every_state_of_a_meeting_is_reached_by_its_usual_way(state):
    stage = Stage.with_meeting(state)

    assert (Meeting.objects.get().state, verify_journal().broken) == (state, "")
    assert bool(owed(stage.meeting)) is not MEETING.states[state].final


@pytest.mark.parametrize("state", list(StudyState))
def test_every_state_of_a_study_is_reached_by_its_usual_way(state):
    stage = Stage.with_study(state)

    assert (stage.study.state, verify_journal().broken) == (state, "")
    assert bool(owed(stage.study)) is not STUDY.states[state].final


@pytest.mark.parametrize(("state", "meeting"), BY_MEETINGS.items())
def test_a_topic_goes_with_its_meeting(state, meeting):
    Stage.with_meeting(meeting)

    assert Topic.objects.get().state == state


def test_a_thematic_meeting_goes_from_proposal_to_archive_and_every_desk_has_had_its_part():
    stage = Stage.with_meeting("archived")

    assert ended(stage.topic) == [
        ("screen", "done"),
        ("circulate", "done"),
        ("give_opinion", "done"),
        ("give_opinion", "done"),
        ("close_consultation", "done"),
        ("approve", "done"),
        ("schedule", "done"),
        ("decide", "done"),
        ("feed_back", "done"),
    ]
    assert [key for key, state in ended(stage.meeting) if state == "done"] == [
        "issue_notice",
        "reply",
        "reply",
        "open",
        "conclude",
        "draft_minutes",
        "sign_minutes",
        "issue_minutes",
        "docket",
        "archive",
    ]
    assert stage.meeting.minutes_number == "高新区民联办纪〔2026〕1号"
