"""Who sees what: filter and predicate agree for every role; what is restricted stays with its readers."""

import io
import zipfile

import pytest

from lianqi.conference import actions
from lianqi.conference.access import visible_meetings, visible_studies, visible_topics
from lianqi.conference.models import FieldStudy, Meeting, PaperReading, Topic
from lianqi.engines.officialdoc import KINDS, write_document
from lianqi.kernel.access import may
from lianqi.kernel.documents import readable_documents
from lianqi.kernel.errors import NotPermitted, RuleBroken
from lianqi.kernel.models import Attachment, IssuedDocument, JournalEntry
from lianqi.kernel.uploads import CleanFile
from lianqi.kernel.uploads.rules import CONTENT_TYPES
from tests.conference.stage import MORNING, Stage
from tests.engines.paper_samples import CONTENTS

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(MORNING)]
STEER = {"office", "director", "convener", "discipline"}
LEAD = {"liaison", "leader", "principal"}
PAPER = "停电情况说明.docx"


def paper(name=PAPER):
    content = write_document(
        KINDS["meeting_notice"].document(CONTENTS["meeting_notice"], number="新开〔2026〕1号")
    )
    return CleanFile(name, content, CONTENT_TYPES["docx"], len(content), "0" * 64)


def seen_by(stage, rows):
    return {role for role, user in stage.who.items() if rows(user).exists()}


@pytest.mark.parametrize("state", ["proposed", "stored", "consulting", "approved"])
def test_filter_and_predicate_of_topics_agree_for_every_role(state):
    stage = Stage.with_topic(state)
    theirs = Stage().propose(body="TF3", meeting_kind="plenary")

    for user in stage.who.values():
        filtered = set(visible_topics(user))
        permitted = {one for one in Topic.objects.all() if may(user, "conference.view_topic", one)}
        assert filtered == permitted
    assert theirs in visible_topics(stage.who["head"])
    assert stage.topic not in visible_topics(stage.who["head"])


@pytest.mark.parametrize("state", ["planned", "notified", "issued", "cancelled"])
def test_filter_and_predicate_of_meetings_agree_for_every_role(state):
    stage = Stage.with_meeting(state)

    for user in stage.who.values():
        filtered = set(visible_meetings(user))
        assert filtered == {
            one for one in Meeting.objects.all() if may(user, "conference.view_meeting", one)
        }


@pytest.mark.parametrize("state", ["proposed", "underway", "reported"])
def test_filter_and_predicate_of_studies_agree_for_every_role(state):
    stage = Stage.with_study(state)

    for user in stage.who.values():
        filtered = set(visible_studies(user))
        assert filtered == {
            one for one in FieldStudy.objects.all() if may(user, "conference.view_study", one)
        }


@pytest.mark.parametrize(
    ("state", "units"),
    [("stored", LEAD), ("consulting", LEAD | {"co_liaison"}), ("declined", LEAD)],
)
def test_a_topic_is_seen_by_whoever_proposed_it_or_is_asked(state, units):
    stage = Stage.with_topic(state)

    assert seen_by(stage, visible_topics) == STEER | units


@pytest.mark.parametrize(
    ("state", "units"), [("planned", set()), ("notified", LEAD | {"co_liaison"})]
)
def test_a_meeting_is_seen_by_units_once_they_have_its_notice(state, units):
    stage = Stage.with_meeting(state)

    assert seen_by(stage, visible_meetings) == STEER | units


@pytest.mark.parametrize(("state", "units"), [("proposed", set()), ("underway", LEAD)])
def test_a_study_is_seen_by_its_units_once_it_is_agreed_to(state, units):
    stage = Stage.with_study(state)

    assert seen_by(stage, visible_studies) == STEER | units


def test_whoever_listens_to_a_plenary_sees_its_open_topics_and_not_the_restricted_ones_of_others():
    stage, told = Stage.with_topic("stored", "plenary"), {}
    actions.admit_member(
        "JC", stage.other, actor=stage.who["office"], since=MORNING.date(), source="成员名单"
    )
    for access in ("members", "restricted"):
        stage.topic = stage.propose(meeting_kind="plenary")
        stage.take("screen", access=access)
        for step in ("circulate", "agree", "co_agree", "close_consultation", "approve"):
            stage.take(step)
        stage.meeting = stage.plan(kind="plenary")
        stage.take("set_agenda")
        stage.take("issue_notice")
        told[access] = stage.topic

    seen = set(visible_topics(stage.who["stranger"]))

    assert seen == {told["members"]}


# --- restricted topics and papers


def restricted():
    stage = Stage.with_topic("proposed")
    stage.take("screen", access="restricted")
    actions.add_paper(stage.topic, actor=stage.who["office"], access="restricted", files=[paper()])
    stage.take("circulate")
    return stage


def test_a_restricted_topic_is_read_after_one_s_word_to_keep_it(client):
    stage = restricted()
    client.force_login(stage.who["co_liaison"])
    path = stage.topic.get_absolute_url()

    before = client.get(path)
    steps = [step.key for step in before.context["record"].flow.steps]
    done = client.post(f"{path}steps/acknowledge/")
    after = client.get(path)

    text = stage.topic.content
    assert (text in before.content.decode(), steps) == (False, ["acknowledge"])
    assert (done.status_code, text in after.content.decode()) == (302, True)
    line = JournalEntry.objects.about(stage.topic).order_by("seq").last()
    assert (line.verb, line.actor) == ("topic.acknowledge", stage.who["co_liaison"])


def test_a_restricted_paper_is_handed_out_after_it_with_the_reader_s_name_and_a_row():
    stage = restricted()
    one, reader = stage.topic.papers.get(), stage.who["co_liaison"]

    with pytest.raises(NotPermitted):
        actions.read_paper(one, actor=reader)
    actions.acknowledge_topic(stage.topic, actor=reader)
    copy = actions.read_paper(one, actor=reader)

    with zipfile.ZipFile(io.BytesIO(copy.content)) as word:
        headers = "".join(word.read(n).decode() for n in word.namelist() if "header" in n)
    assert f"{reader} 2026年3月9日" in headers
    reading = PaperReading.objects.get()
    assert (reading.user, reading.marked, reading.paper) == (reader, True, one)


def test_a_paper_is_opened_by_nobody_past_the_room(client):
    stage = restricted()
    file = Attachment.objects.about(stage.topic.papers.get()).get()

    told = set()
    for user in stage.who.values():
        client.force_login(user)
        told.add(client.get(f"/files/{file.pk}/").status_code)

    assert told == {404}


def test_a_restricted_paper_can_be_marked_or_is_not_taken():
    stage = Stage.with_topic("stored")
    picture = CleanFile("照片.png", b"x", "image/png", 1, "0" * 64)

    with pytest.raises(RuleBroken) as refusal:
        actions.add_paper(
            stage.topic, actor=stage.who["office"], access="restricted", files=[picture]
        )

    assert (refusal.value.field, stage.topic.papers.count()) == ("files", 0)


def test_an_open_paper_is_downloaded_with_a_row_by_whoever_sees_the_topic(client):
    stage = Stage.with_topic("stored")
    actions.add_paper(stage.topic, actor=stage.who["liaison"], access="members", files=[paper()])
    path = f"{stage.topic.get_absolute_url()}papers/{stage.topic.papers.get().pk}/"

    told = {}
    for role in ("leader", "office", "stranger", "firm"):
        client.force_login(stage.who[role])
        told[role] = client.post(path).status_code

    assert told == {"leader": 200, "office": 200, "stranger": 404, "firm": 404}
    assert list(PaperReading.objects.values_list("marked", flat=True)) == [False, False]


def test_documents_are_read_by_those_they_are_for():
    stage = Stage.with_meeting("issued")

    def read(role):
        kinds = readable_documents(stage.who[role]).values_list("kind", flat=True)
        return set(kinds)

    for_units = {"consultation", "meeting_notice", "minutes"}
    assert read("liaison") == read("co_liaison") == for_units
    assert (
        read("office")
        == read("convener")
        == read("discipline")
        == for_units
        | {
            "topic_approval",
            "attendance_sheet",
        }
    )
    assert read("stranger") == read("firm") == read("head") == set()


def test_the_letter_about_a_restricted_topic_is_read_after_one_s_word_to_keep_it():
    stage = restricted()
    reader = stage.who["co_liaison"]

    before = readable_documents(reader).count()
    actions.acknowledge_topic(stage.topic, actor=reader)

    letter = IssuedDocument.objects.get()
    assert (before, list(readable_documents(reader)), letter.access) == (0, [letter], "restricted")
