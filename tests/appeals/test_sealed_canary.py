"""A sealed appeal goes its whole way with its firm's name planted everywhere; nobody else ever reads it."""

from datetime import datetime

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from lianqi.kernel.clock import SHANGHAI
from lianqi.kernel.journal import verify_journal
from lianqi.kernel.models import JournalEntry
from lianqi.kernel.outbox import deliver_waiting
from tests.api.programs import program_of
from tests.appeals.canary import (
    ACCOUNT,
    CONTACT,
    NAME,
    SHORT,
    TELLING,
    Story,
    body_of,
    files,
    sent_leaks,
    stored_leaks,
    through_every_state,
    told,
)
from tests.appeals.stage import MORNING
from tests.factories import UserFactory
from tests.kernel.visitors import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(MORNING)]


def test_an_appeal_sealed_when_filed_leaks_nothing_in_any_state(settings):
    settings.LIANQI_SMS = True
    story, reached = Story(sealed=True), []

    for rest in through_every_state(story):
        everywhere = rest in ("handling", "again")
        read = story.leaks(everywhere=everywhere)
        reached.append((rest, stored_leaks(story), sent_leaks(story), read))

    assert reached == [
        (rest, [], [], [])
        for rest in ("accepted", "handling", "asked to open", "dissatisfied", "again")
    ]
    assert verify_journal().broken == ""


def test_an_appeal_sealed_later_leaks_nothing_though_its_first_lines_hold_the_name(settings):
    settings.LIANQI_SMS = True
    story = Story(sealed=False)
    story.go("request_supplement", note="请补充合同。")
    story.go("supplement", content=f"{TELLING}的合同。", files=files())
    deliver_waiting(5000)
    mail.outbox.clear()
    story.go("seal")
    reached = [("sealed", stored_leaks(story, lines_too=False), sent_leaks(story), story.leaks())]

    for rest in through_every_state(story):
        told_anew, read = stored_leaks(story, lines_too=False), story.leaks(everywhere=False)
        reached.append((rest, told_anew, sent_leaks(story), read))
        if rest == "handling":
            break

    assert reached == [(rest, [], [], []) for rest in ("sealed", "accepted", "handling")]
    written = JournalEntry.objects.about(story.appeal).get(seq=1)
    assert (written.actor_label, verify_journal().broken) == (ACCOUNT, "")


def test_visitors_and_dead_links_learn_nothing():
    story = Story(sealed=True)

    answers = [Client().get(address, follow=True) for address in story.addresses()]

    assert [told(body_of(answer)) for answer in answers] == [[] for _ in answers]


def test_the_firm_and_the_office_see_everything():
    story = Story(sealed=True)
    office, firm = signed_in(story.stage.who["office"]), signed_in(story.stage.who["firm"])

    page = office.get(story.appeal.get_absolute_url())
    own = firm.get(story.appeal.get_absolute_url())
    item = program_of(story.stage.who["office"]).get(f"/appeals/{story.appeal.number}").json()

    record = page.context["record"]
    assert (record.identity.name, record.identity.contact_name) == (NAME, CONTACT)
    assert [kept.label for kept in record.sealed.texts] == ["标题", "内容"]
    assert [kept.text for kept in own.context["originals"]] == [
        f"{SHORT}厂区停电",
        f"{TELLING}停电三次。",
    ]
    assert (item["enterprise"]["name"], item["contact"]["name"]) == (NAME, CONTACT)
    rows = office.get("/appeals/", {"q": SHORT, "view": "all"}).context["page"].rows
    assert [row.identity.name for row in rows] == [NAME]


def test_what_the_unit_sees_instead():
    story = Story(sealed=True)
    story.go("accept", "dispatch", "sign")
    liaison = story.stage.who["liaison"]

    page = signed_in(liaison).get(story.appeal.get_absolute_url())
    item = program_of(liaison).get(f"/appeals/{story.appeal.number}").json()

    record = page.context["record"]
    assert (record.identity.name, page.context["contact"], record.files) == (
        "（企业要求保密）",
        [],
        [],
    )
    assert story.appeal.title == "〔已隐去〕厂区停电"
    assert (item["sealed"], item["enterprise"], item["contact"], item["attachments"]) == (
        True,
        None,
        None,
        [],
    )
    assert item["timeline"][0]["actor"] == "诉求主体（保密）"
    assert reverse("kernel:reveal_phone") not in page.content.decode()


@pytest.mark.time_machine(datetime(2026, 3, 9, 9, 0, tzinfo=SHANGHAI))
def test_a_search_by_somebody_who_is_nobody_finds_no_sealed_appeal_by_its_firm():
    story = Story(sealed=True)
    nobody = UserFactory()

    assert signed_in(nobody).get("/appeals/", {"q": NAME}).status_code == 403
    assert program_of(nobody).get("/appeals", q=NAME).json()["items"] == []
    assert story.appeal.sealed
