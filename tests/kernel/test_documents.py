"""Issued documents: numbered without gaps, frozen, proved, handed out to who may read them."""

import io
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import docx
import pytest
import time_machine
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from lianqi.engines.officialdoc import check_document
from lianqi.kernel.clock import now
from lianqi.kernel.crypto import sm3
from lianqi.kernel.documents import (
    documents_about,
    draft_name,
    is_unchanged,
    issue_document,
    preview_document,
    prove,
    reach,
    read_documents_through,
    readable_documents,
    recompute,
)
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.files import stored_at
from lianqi.kernel.models import Attachment, DocumentReading, IssuedDocument, JournalEntry
from lianqi.kernel.models.document import DocumentAccess
from lianqi.organisation.actions import file_roster_change
from lianqi.organisation.enums import BodyCode, Post
from tests.engines.paper_samples import CONTENTS, WORD
from tests.factories import UnitFactory, person
from tests.kernel.threads import together

pytestmark = pytest.mark.django_db


@pytest.fixture
def liaison():
    """Whose unit the record concerns."""
    return person(Post.LIAISON, unit=UnitFactory(code="own"))


@pytest.fixture
def clerk():
    """The conference office, which sees every filing and issues the documents."""
    return person(Post.OFFICE_STAFF, body=BodyCode.JC)


@pytest.fixture
def record(liaison):
    """A filing: any record with a row filter would do."""
    return file_roster_change(
        liaison.posts_now[0].unit,
        actor=liaison,
        post=Post.LIAISON,
        successor_name="新人甲",
        successor_title="科长",
        successor_phone="13800138000",
        effective_on=now().date() + timedelta(3),
        reason="工作调动",
    )


def issue(record, clerk, kind="notice", **more):
    """Issue a document in a transaction of its own."""
    with transaction.atomic():
        return issue_document(
            kind, record, more.pop("content", CONTENTS[kind]), actor=clerk, issuer_word=WORD, **more
        )


def test_an_issued_document_has_its_number_its_file_and_a_line_on_the_record(record, clerk):
    document = issue(record, clerk)

    assert document.number == "新高民联办通〔2026〕1号"
    assert (document.subject, document.issued_by) == (record, clerk)
    kept = stored_at(document.file).read_bytes()
    assert (document.file.sm3, document.file.subject) == (sm3(kept), document)
    assert check_document(kept) == []
    line = JournalEntry.objects.about(record).order_by("-seq").first()
    assert (line.verb, line.data["sm3"]) == ("document.issue", document.file.sm3)
    assert document.number in line.text


def test_numbers_run_by_kind_word_and_year(record, clerk):
    numbers = [
        issue(record, clerk).number,
        issue(record, clerk).number,
        issue(record, clerk, "letter").number,
        issue(record, clerk, "bulletin").number,
        issue(record, clerk, year=2027).number,
        issue(record, clerk, "attendance_sheet").number,
    ]

    assert numbers == [
        "新高民联办通〔2026〕1号",
        "新高民联办通〔2026〕2号",
        "新高民联办函〔2026〕1号",
        "2026年第1期",
        "新高民联办通〔2027〕1号",
        "",
    ]


def test_an_act_that_fails_gives_its_number_back(record, clerk):
    with suppress(RuleBroken), transaction.atomic():
        issue_document("notice", record, CONTENTS["notice"], actor=clerk, issuer_word=WORD)
        raise RuleBroken("后面一步没有成功。")

    assert issue(record, clerk).number == "新高民联办通〔2026〕1号"
    assert IssuedDocument.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_that_issue_at_once_get_two_numbers_in_a_row(record, clerk):
    done = together(lambda: issue(record, clerk).number, lambda: issue(record, clerk).number)

    assert sorted(done) == ["新高民联办通〔2026〕1号", "新高民联办通〔2026〕2号"]


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_issued(record, clerk):
    with pytest.raises(RuntimeError, match="inside the transaction"):
        issue_document("notice", record, CONTENTS["notice"], actor=clerk, issuer_word=WORD)

    assert IssuedDocument.objects.count() == 0


@pytest.mark.parametrize(
    ("kind", "change", "field"),
    [
        ("request", {"recipients": ["区党工委", "区管委会"]}, "recipients"),
        ("report", {"text": "情况如下。妥否，请批示。"}, "blocks"),
        ("notice", {"text": "机密★10年"}, "text"),
        ("notice", {"text": ""}, "text"),
        ("notice", {"colour": "red"}, "colour"),
    ],
)
def test_what_the_form_forbids_is_refused_and_takes_no_number(record, clerk, kind, change, field):
    with pytest.raises(RuleBroken) as refused:
        issue(record, clerk, kind, content={**CONTENTS[kind], **change})

    assert refused.value.field == field
    assert issue(record, clerk, kind).serial == 1


def test_a_word_that_is_too_long_for_a_number_is_refused(record, clerk):
    with pytest.raises(RuleBroken) as refused, transaction.atomic():
        issue_document("notice", record, CONTENTS["notice"], actor=clerk, issuer_word="字" * 13)

    assert refused.value.field == "issuer_word"


def test_a_preview_has_no_number_and_calls_itself_a_draft(record):
    made = docx.Document(io.BytesIO(preview_document("notice", CONTENTS["notice"])))

    assert "〔2026〕　号" in "\n".join(paragraph.text for paragraph in made.paragraphs)
    assert draft_name("notice", CONTENTS["notice"]).startswith("（稿）新乡高新区民营经济工作")
    assert IssuedDocument.objects.count() == 0


@pytest.mark.parametrize("kind", CONTENTS)
def test_every_kind_is_recomputed_from_what_was_frozen_at_any_later_time(record, clerk, kind):
    document = IssuedDocument.objects.get(pk=issue(record, clerk, kind).pk)

    with time_machine.travel(now() + timedelta(400)):
        assert recompute(document) == stored_at(document.file).read_bytes()
        assert is_unchanged(document)


def test_a_file_that_was_changed_or_lost_is_found(record, clerk):
    changed, lost = issue(record, clerk), issue(record, clerk)
    stored_at(changed.file).write_bytes(stored_at(lost.file).read_bytes())
    stored_at(lost.file).unlink()

    assert [prove(changed).file_whole, prove(lost).file_whole] == [False, False]
    assert [is_unchanged(changed), is_unchanged(lost)] == [False, False]


def test_data_that_was_changed_is_found_though_the_file_is_whole(record, clerk):
    document = issue(record, clerk)
    document.data["text"] = "改过的正文。"

    proof = prove(document)

    assert (proof.file_whole, proof.same_data, proof.unchanged) == (True, False, False)


# --- who reads it


def test_a_document_is_read_by_who_sees_its_record_and_by_nobody_else(record, clerk, liaison):
    document = issue(record, clerk)
    stranger = person(Post.LIAISON, unit=UnitFactory())

    readers = [set(readable_documents(user)) for user in (clerk, liaison, stranger)]

    assert readers == [{document}, {document}, set()]
    assert list(documents_about(record)) == [document]


def test_a_restricted_document_is_read_by_its_issuer_alone_unless_its_room_says_more(
    record, clerk, liaison, monkeypatch
):
    monkeypatch.setattr(reach, "_narrowings", {})
    document = issue(record, clerk, access=DocumentAccess.RESTRICTED)
    before = [set(readable_documents(user)) for user in (clerk, liaison)]

    read_documents_through(
        "organisation.rosterchange", lambda user: Q(pk__gt=0) if user == liaison else Q(pk=0)
    )

    assert before == [{document}, set()]
    assert set(readable_documents(liaison)) == {document}


def test_the_line_about_a_restricted_document_does_not_tell_its_title(record, clerk):
    document = issue(record, clerk, access=DocumentAccess.RESTRICTED)

    line = JournalEntry.objects.about(record).order_by("-seq").first()
    assert document.title not in line.text


# --- handed out


def test_a_download_is_the_kept_file_and_is_written_down(client, record, clerk, liaison):
    document = issue(record, clerk)
    client.force_login(liaison)

    answer = client.get(document.get_absolute_url())

    assert answer.status_code == 200
    assert answer.content == stored_at(document.file).read_bytes()
    [reading] = DocumentReading.objects.all()
    assert (reading.document, reading.reader, reading.marked) == (document, liaison, False)
    assert reading.signature == liaison.signature()


def test_a_restricted_document_bears_the_readers_name_and_time(client, record, clerk):
    document = issue(record, clerk, access=DocumentAccess.RESTRICTED)
    client.force_login(clerk)

    answer = client.get(document.get_absolute_url())

    header = docx.Document(io.BytesIO(answer.content)).sections[0].header
    [mark] = header._element.xpath("//*[local-name()='textpath']/@string")
    assert mark == f"{clerk.full_name} 2026年11月23日（周一）09:30"
    assert check_document(answer.content) == []
    assert DocumentReading.objects.get().marked


@pytest.mark.parametrize("address", ["kernel:document_download", "kernel:document_check"])
def test_who_does_not_see_the_record_gets_nothing(client, record, clerk, address):
    document = issue(record, clerk)
    client.force_login(person(Post.LIAISON, unit=UnitFactory()))

    assert client.get(reverse(address, args=[document.pk])).status_code == 404
    assert DocumentReading.objects.count() == 0


def test_the_file_is_not_handed_out_past_the_document(client, record, clerk):
    document = issue(record, clerk)
    client.force_login(clerk)

    assert client.get(reverse("kernel:file_download", args=[document.file_id])).status_code == 404
    assert Attachment.objects.about(record).count() == 0


def test_a_lost_file_is_a_clear_word_and_no_download(client, record, clerk):
    document = issue(record, clerk)
    Path(stored_at(document.file)).unlink()
    client.force_login(clerk)

    answer = client.get(document.get_absolute_url())

    assert answer.status_code == 409
    assert DocumentReading.objects.count() == 0


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda document: None, "与发文时数据一致"),
        (lambda document: stored_at(document.file).write_bytes(b"x"), "与发文时的校验值不符"),
    ],
)
def test_the_check_page_says_how_a_document_stands(client, record, clerk, spoil, words):
    document = issue(record, clerk)
    spoil(document)
    client.force_login(clerk)

    page = client.get(reverse("kernel:document_check", args=[document.pk]))

    assert words in page.content.decode()


def test_downloads_are_looked_up_by_the_issuer_and_by_an_auditor(client, record, clerk, liaison):
    document = issue(record, clerk)
    client.force_login(liaison)
    client.get(document.get_absolute_url())
    auditor = person(Post.AUDITOR)

    shown = []
    for reader in (clerk, auditor, liaison):
        client.force_login(reader)
        page = client.get(reverse("kernel:reading_list"), {"document": document.pk})
        shown.append(liaison.signature() in page.content.decode().split("</header>")[-1])

    assert shown[:2] == [True, True]
    client.force_login(liaison)
    page = client.get(reverse("kernel:reading_list")).context["page"]
    assert page.rows == []
