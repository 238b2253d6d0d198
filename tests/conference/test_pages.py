"""The pages of the room: each opens for those it is for, a step is taken on its form."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianqi.conference.models import FieldStudy, Meeting, Topic
from tests.conference.stage import MORNING, Stage

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(MORNING)]


@pytest.mark.parametrize("path", ["", "topics/", "meetings/", "studies/", "rules/"])
def test_the_office_opens_every_page_of_the_room(client, path):
    stage = Stage.with_meeting("issued")
    stage.plan_study()
    client.force_login(stage.who["office"])

    assert client.get(f"/conference/{path}").status_code == 200


@pytest.mark.parametrize("role", ["firm", "helper", "sysadmin", "secadmin", "auditor"])
def test_whoever_has_no_part_in_meetings_does_not_open_the_room(client, role):
    stage = Stage.with_meeting("issued")
    client.force_login(stage.who[role])

    told = [client.get(f"/conference/{path}").status_code for path in ("", "topics/", "meetings/")]

    assert told == [403, 403, 403]


def test_a_topic_is_proposed_and_taken_into_the_store_on_its_pages(client):
    stage = Stage()
    client.force_login(stage.who["liaison"])
    told = {
        "title": "企业夜间停电问题",
        "content": "夜间停电影响多家企业生产，需要会议定牵头单位。",
        "proposing_unit": stage.lead.code,
        "body": "JC",
        "meeting_kind": "thematic",
        "purpose": "study",
        "programme": "one_contact",
    }
    bare = client.post("/conference/topics/new/", {**told, "content": "停电"})
    made = client.post("/conference/topics/new/", told)
    topic = Topic.objects.get()
    client.force_login(stage.who["office"])
    page = client.get(f"{topic.get_absolute_url()}?step=screen")
    screened = client.post(
        f"{topic.get_absolute_url()}steps/screen/",
        {"meeting_kind": "thematic", "access": "members", "lead_unit": stage.lead.code},
    )

    assert (bare.status_code, made.status_code, made.url) == (422, 302, topic.get_absolute_url())
    assert (page.status_code, page.context["step"].key) == (200, "screen")
    assert (screened.status_code, Topic.objects.get().state) == (302, "stored")


def test_a_form_opened_in_an_older_state_answers_409_and_keeps_what_was_typed(client):
    stage = Stage.with_topic("consulted")
    client.force_login(stage.who["convener"])
    path = f"{stage.topic.get_absolute_url()}steps/approve/"

    late = client.post(path, {"note": "同意提交", "seen": "stored"})
    stage.take("approve")
    twice = client.post(path, {"note": "同意提交"})

    assert (late.status_code, twice.status_code) == (409, 409)
    assert "同意提交" in late.content.decode()


def test_a_double_click_writes_one_resolution(client):
    stage = Stage.with_meeting("in_session")
    client.force_login(stage.who["office"])
    path = f"{stage.meeting.get_absolute_url()}steps/resolve/"
    told = {
        "item": stage.item.pk,
        "text": "完成园区北线改造",
        "lead_unit": stage.lead.code,
        "deadline_text": "2026年6月底前",
        "idempotency_key": "one-click",
    }

    answers = [client.post(path, told).status_code for _ in range(2)]

    assert (answers, stage.item.resolutions.count()) == ([302, 302], 1)


@pytest.mark.parametrize("role", ["office", "convener", "liaison"])
def test_every_step_offered_on_a_record_shows_its_form(client, role):
    stages = [(Stage.with_topic(state), "topic") for state in ("stored", "consulting", "consulted")]
    met = ("planned", "notified", "in_session", "drafted", "issued")
    stages += [(Stage.with_meeting(state), "meeting") for state in met]
    stages += [(Stage.with_study(state), "study") for state in ("underway", "reported")]
    told = {}
    for stage, name in stages:
        client.force_login(stage.who[role])
        page = client.get(getattr(stage, name).get_absolute_url())
        for step in page.context["record"].flow.steps if page.status_code == 200 else ():
            told[step.url] = client.get(step.url).status_code

    assert len(told) >= {"office": 30, "convener": 5, "liaison": 2}[role]
    assert set(told.values()) == {200}


@pytest.mark.parametrize("path", ["topics/", "meetings/", "studies/"])
def test_a_list_needs_as_many_queries_for_five_rows_as_for_one(client, path):
    stage = Stage.with_meeting("notified")
    stage.plan_study()
    client.force_login(stage.who["office"])
    client.get(f"/conference/{path}")

    def queries():
        with CaptureQueriesContext(connection) as seen:
            client.get(f"/conference/{path}")
        return len(seen)

    one = queries()
    for _ in range(4):
        stage.propose()
        stage.plan()
        stage.plan_study()

    assert queries() == one
    assert (Topic.objects.count(), Meeting.objects.count(), FieldStudy.objects.count()) == (5, 5, 5)


def test_the_lists_are_exported_as_they_are_shown(client):
    stage = Stage.with_meeting("notified")
    client.force_login(stage.who["co_liaison"])

    topics = client.get("/conference/topics/export/?state=all")
    meetings = client.get("/conference/meetings/export/")

    assert [b"".join(book)[:2] for book in (topics, meetings)] == [b"PK", b"PK"]
