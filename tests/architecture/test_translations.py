"""The English interface is complete: every text is collected, translated, and shown."""

import re
from pathlib import Path

import polib
import pytest
from django.urls import reverse
from django.utils import translation

from lianqi.kernel.workflow import workflows
from tests.factories import entrepreneur, file_appeal, office_clerk
from tools.extract_messages import wanted

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "src" / "lianqi" / "locale" / "en" / "LC_MESSAGES" / "django.po"
ENTRIES = polib.pofile(str(CATALOGUE))
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]")
HAN = re.compile(r"[\u4e00-\u9fff]+")
SWITCH = "简体中文"


def english(entry):
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


@pytest.fixture(autouse=True)
def own_language():
    """Keep the language of a page from reaching the next test: the test client leaves it on."""
    with translation.override("zh-hans"):
        yield


def read_in_english(client, path):
    """Return the runs of Chinese left on a page that is read in English."""
    page = client.get(path, headers={"accept-language": "en"}).content.decode()
    return HAN.findall(page)


def test_the_catalogue_holds_exactly_the_texts_of_the_sources():
    held = {entry.msgid: entry.msgid_plural for entry in ENTRIES}

    assert held == wanted()


def test_every_text_has_a_translation():
    assert [entry.msgid for entry in ENTRIES if not all(map(str.strip, english(entry)))] == []


def test_no_translation_is_marked_as_doubtful():
    assert [entry.msgid for entry in ENTRIES if entry.fuzzy or entry.obsolete] == []


def test_a_translation_keeps_the_placeholders_of_its_text():
    unlike = [
        (entry.msgid, text)
        for entry in ENTRIES
        for text in english(entry)
        if sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(entry.msgid))
    ]

    assert unlike == []


def test_no_chinese_is_left_in_a_translation():
    # The name of the other language, and the calendar's words that the import reads.
    meant = {SWITCH, *(entry.msgid for entry in ENTRIES if entry.msgid.startswith("每行一天"))}

    left = [entry.msgid for entry in ENTRIES if any(HAN.search(text) for text in english(entry))]

    assert set(left) == meant


@pytest.mark.parametrize("key", sorted(workflows()))
def test_every_label_of_a_workflow_reads_in_english(key):
    workflow = workflows()[key]
    labels = [
        *(step.label for step in workflow.steps.values()),
        *(state.label for state in workflow.states.values()),
        *(owed.label for state in workflow.states.values() for owed in state.owes),
    ]

    with translation.override("en"):
        assert [label for label in labels if HAN.search(translation.gettext(str(label)))] == []


@pytest.mark.django_db
def test_the_sign_in_page_reads_in_english(client):
    assert read_in_english(client, reverse("account_login")) == [SWITCH]


@pytest.mark.django_db
def test_the_desk_reads_in_english_except_for_names(client):
    clerk = office_clerk(full_name="Clerk")
    client.force_login(clerk)

    # The body's name is data; the post's is not.
    assert read_in_english(client, reverse("kernel:desk")) == ["民营企业诉求响应专班", SWITCH]


@pytest.mark.django_db
def test_steps_states_and_duties_of_a_record_read_in_english(client):
    appeal = file_appeal()
    client.force_login(office_clerk(full_name="Clerk"))

    answer = client.get(appeal.get_absolute_url(), headers={"accept-language": "en"})

    page = answer.content.decode()
    steps = re.findall(r'data-step="\w+">([^<]+)<', page)
    assert steps == ["Accept", "Ask for more material", "Merge", "Seal identity", "Urge", "Decline"]
    heading = re.search(r'<div class="heading-line">.*?</div>', page)[0]
    assert HAN.findall(heading) == [appeal.title]
    assert "Accept · " in page


@pytest.mark.django_db
def test_the_portal_reads_in_english_except_for_names(client):
    client.force_login(entrepreneur(full_name="Owner"))

    assert read_in_english(client, reverse("portal:home")) == [SWITCH]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["account_login", "kernel:desk", "portal:home"])
def test_the_switch_of_each_frame_leads_back_to_the_page_in_the_other_language(client, path):
    reader = entrepreneur() if path == "portal:home" else office_clerk()
    if path != "account_login":
        client.force_login(reader)
    page = reverse(path)
    html = client.get(page).content.decode()
    form = re.search(r'<form method="post" action="/i18n/setlang/">.*?</form>', html)[0]
    there = re.search(r'name="next" value="([^"]*)"', form)[1]
    language = re.search(r'name="language" value="([^"]*)"', form)[1]

    answer = client.post("/i18n/setlang/", {"next": there, "language": language})

    assert (answer.status_code, answer.url, language) == (302, page, "en")
    assert client.get(page).headers["Content-Language"] == "en"


def test_the_compiled_catalogue_is_that_of_the_text():
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))  # `make assets` compiles

    assert {entry.msgid: english(entry) for entry in compiled} == {
        entry.msgid: english(entry) for entry in ENTRIES
    }
