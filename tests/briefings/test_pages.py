"""The pages of the register and of papers on their way, as the office and others use them."""

import io

import docx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from lianqi.briefings.actions import issue_paper, sign_paper
from lianqi.briefings.models import Draft
from lianqi.kernel.models import IssuedDocument
from tests.briefings.conftest import TEXT, TITLES

pytestmark = pytest.mark.django_db


@pytest.fixture
def issued(draft, people):
    """Return a function that brings a paper of a kind out of the house."""

    def issue(kind="notice", **more):
        paper = sign_paper(draft(kind, **more), actor=people.convener)
        return issue_paper(paper, actor=people.clerk)

    return issue


def titles(page):
    return [document.title for document in page.context["page"].rows]


def form_of(people, **more):
    return {
        "kind": "notice",
        "title": TITLES["notice"],
        "text": TEXT,
        "to_units": [people.receiver.pk],
        **more,
    }


def test_the_whole_way_in_the_browser(client, people):
    client.force_login(people.clerk)
    client.post(reverse("briefings:draft_new"), form_of(people))
    paper = Draft.objects.get()
    client.force_login(people.director)
    signing = client.get(paper.get_absolute_url()).content.decode()
    client.post(reverse("briefings:draft_step", args=[paper.pk, "sign"]), {"note": "同意。"})
    client.force_login(people.clerk)
    client.post(reverse("briefings:draft_step", args=[paper.pk, "issue"]))

    document = IssuedDocument.objects.get()
    client.force_login(people.liaison)
    register = client.get(reverse("briefings:document_list")).content.decode()
    got = client.get(document.get_absolute_url())

    assert 'data-step="sign"' in signing
    assert document.number in register
    text = "\n".join(
        paragraph.text for paragraph in docx.Document(io.BytesIO(got.content)).paragraphs
    )
    assert "经济发展局：" in text and document.number in text


def test_a_paper_in_a_wrong_form_comes_back_with_what_to_mend(client, people):
    client.force_login(people.clerk)
    wrong = form_of(
        people, kind="request", title=TITLES["request"], to_units=[], to_others="区党工委、区管委会"
    )

    answer = client.post(reverse("briefings:draft_new"), wrong)

    assert answer.status_code == 422
    assert answer.context["form"].errors["to_others"] == [
        "请示只能有一个主送机关，需同时送其他机关的用抄送。"
    ]
    assert Draft.objects.count() == 0


def test_a_form_sent_twice_makes_one_paper(client, people):
    client.force_login(people.clerk)
    page = client.get(reverse("briefings:draft_new"))
    key = page.context["form"]["idempotency_key"].value()

    for _ in range(2):
        client.post(reverse("briefings:draft_new"), form_of(people, idempotency_key=key))

    assert Draft.objects.count() == 1


def test_a_draft_is_revised_on_its_page(client, people, draft):
    paper = draft()
    client.force_login(people.clerk)
    here = reverse("briefings:draft_revise", args=[paper.pk])
    assert TEXT.splitlines()[0] in client.get(here).content.decode()

    answer = client.post(here, form_of(people, text="改过的正文。"))

    assert answer.status_code == 302
    paper.refresh_from_db()
    assert paper.text == "改过的正文。"


def test_the_preview_is_a_draft_without_a_number(client, people, draft):
    paper = draft()
    client.force_login(people.director)

    answer = client.get(reverse("briefings:draft_preview", args=[paper.pk]))

    assert answer.status_code == 200
    words = "\n".join(
        paragraph.text for paragraph in docx.Document(io.BytesIO(answer.content)).paragraphs
    )
    assert "高新区民联办通〔2026〕　号" in words
    assert IssuedDocument.objects.count() == 0


def test_withdrawing_without_a_reason_is_asked_again(client, people, draft):
    paper = draft()
    client.force_login(people.clerk)

    answer = client.post(reverse("briefings:draft_step", args=[paper.pk, "withdraw"]), {})

    assert answer.status_code == 422


@pytest.mark.parametrize("name", ["draft_list", "draft_new"])
def test_drafting_is_not_for_the_units(client, people, name):
    client.force_login(people.liaison)

    assert client.get(reverse(f"briefings:{name}")).status_code == 403


def test_another_units_paper_does_not_exist(client, people, draft):
    paper = draft()
    client.force_login(people.liaison)

    assert client.get(paper.get_absolute_url()).status_code == 404


def test_the_recipient_does_not_read_how_the_paper_came_about(client, people, issued):
    paper = issued().subject
    client.force_login(people.liaison)

    page = client.get(paper.get_absolute_url())

    assert page.status_code == 200
    assert page.context["entries"] == []
    preview = reverse("briefings:draft_preview", args=[paper.pk])
    assert client.get(preview).status_code == 403


def test_the_register_is_narrowed_by_kind_year_and_words(client, people, issued):
    notice, letter = issued(), issued("letter")
    client.force_login(people.clerk)
    here = reverse("briefings:document_list")

    asked = [{"kind": "letter"}, {"year": 2025}, {"q": "进展"}, {"q": letter.number}, {}]
    found = [titles(client.get(here, query)) for query in asked]

    assert found == [
        [letter.title],
        [],
        [notice.title],
        [letter.title],
        [letter.title, notice.title],
    ]


def test_the_export_is_the_list_that_was_asked_for(client, people, issued):
    issued()
    letter = issued("letter")
    client.force_login(people.liaison)

    answer = client.get(reverse("briefings:document_export"), {"kind": "letter"})

    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
    assert [row[:3] for row in rows.to_python()] == [
        ["文种", "文号", "标题"],
        ["函", letter.number, letter.title],
    ]


def test_another_unit_finds_nothing_in_register_and_export(client, people, issued):
    issued()
    client.force_login(people.stranger)

    assert titles(client.get(reverse("briefings:document_list"))) == []


@pytest.mark.parametrize("name", ["document_list", "draft_list"])
def test_a_list_asks_the_database_the_same_number_of_times(client, people, issued, name):
    client.force_login(people.clerk)
    issued()
    here = reverse(f"briefings:{name}")
    client.get(here)
    counts = []
    for more in (0, 4):
        for _ in range(more):
            issued()
        with CaptureQueriesContext(connection) as asked:
            client.get(here)
        counts.append(len(asked))

    assert counts[0] == counts[1]
