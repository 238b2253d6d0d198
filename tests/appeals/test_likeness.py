"""Like cases with their answers, and likely duplicates: each reader sees only what is theirs."""

import pytest

from lianqi.appeals import actions
from lianqi.appeals.queries import likeness
from lianqi.appeals.queries.likeness import (
    Case,
    answered_like,
    cases_for_firm,
    likely_duplicates,
)
from lianqi.kernel.models import OutboxMessage
from tests.appeals.stage import MORNING, WAYS, Stage
from tests.factories import file_appeal

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(MORNING, tick=False)]
HTMX = {"HX-Request": "true", "HX-Target": "like"}
POWER = {"title": "厂区夜间停电影响生产", "content": "夜间停电三次，生产线停工。"}
SCHOOL = {"title": "幼儿园招生名额不足", "content": "员工子女入园困难，请增加学位。"}


@pytest.fixture
def answered():
    """Return a stage whose appeal about a power cut has been answered, beside one about a school."""
    stage = Stage.at("answered", **POWER)
    school = file_appeal(stage.who["rival"], **SCHOOL)
    actions.accept_appeal(school, actor=stage.who["office"])
    actions.answer_directly(
        school, actor=stage.who["office"], outcome="explained", reply="今年将增加学位。"
    )
    return stage


def titles(cases):
    return [case.appeal.title for case in cases]


def test_the_office_sees_answered_cases_like_what_is_being_written(answered):
    cases = answered_like(answered.who["office"], "夜间又停电了", "生产线停工")

    assert titles(cases) == [POWER["title"]]
    assert cases[0].appeal.reply == "变压器已更换，供电恢复正常。"


def test_a_rating_stands_beside_its_answer(answered):
    answered.take("rate", level=5)

    [case] = answered_like(answered.who["office"], **POWER)

    assert str(case.rating) == "非常满意"


def test_what_is_not_answered_is_no_case_and_neither_is_a_draft():
    stage = Stage.at("review", **POWER)
    office = stage.who["office"]
    drafted = answered_like(office, **POWER)
    stage.go("approve_closing", "rate_badly", "redo", "request_closing")

    assert (drafted, answered_like(office, **POWER)) == ([], [])


@pytest.mark.parametrize(
    ("role", "count"), [("liaison", 1), ("co_liaison", 1), ("stranger", 0), ("sysadmin", 0)]
)
def test_a_unit_sees_its_own_cases_only(answered, role, count):
    assert len(answered_like(answered.who[role], **POWER)) == count


def test_a_firm_sees_its_own_answered_cases_and_published_ones(answered, monkeypatch):
    published = Case(title="某企业夜间停电", answer="已更换变压器。")
    monkeypatch.setattr(likeness, "_public_sources", [lambda title, content, most: [published]])

    own = cases_for_firm(answered.who["firm"], **POWER)
    others = cases_for_firm(answered.who["rival"], **POWER)

    assert [case.title for case in own] == [POWER["title"], published.title]
    assert others == [published]


def test_an_open_appeal_about_the_same_matter_is_a_likely_duplicate(answered):
    rival = answered.who["rival"]
    one = file_appeal(rival, **POWER)
    other = file_appeal(
        answered.who["firm"], title="厂区夜间停电严重影响生产", content=POWER["content"]
    )
    file_appeal(rival, title="道路积水影响生产", content="雨天厂区道路积水，货车进不来。")

    assert [found.appeal for found in likely_duplicates(answered.who["office"], one)] == [other]


# --- pages


def test_typing_answers_with_the_cases_alone(answered, client):
    client.force_login(answered.who["firm"])

    part = client.post("/portal/like/", {**POWER}, headers=HTMX)
    whole = client.get("/portal/like/", {"title": POWER["title"]})

    assert "变压器已更换" in part.content.decode()
    assert (part.content.lstrip()[:9] == b"<!doctype", whole.content.lstrip()[:9]) == (
        False,
        b"<!doctype",
    )


def test_a_firm_is_shown_nothing_of_another(answered, client):
    client.force_login(answered.who["rival"])

    page = client.post("/portal/like/", {**POWER}, headers=HTMX).content.decode()

    assert "变压器" not in page


@pytest.mark.parametrize(
    ("role", "status"), [("office", 200), ("liaison", 200), ("helper", 200), ("sysadmin", 403)]
)
def test_officials_who_have_the_list_have_like_cases(answered, client, role, status):
    client.force_login(answered.who[role])

    assert client.post("/appeals/like/", {**POWER}).status_code == status


def test_the_page_of_like_cases_offers_to_merge_a_duplicate(answered, client):
    one = file_appeal(answered.who["rival"], **POWER)
    other = file_appeal(answered.who["firm"], **POWER)
    client.force_login(answered.who["office"])

    page = client.get(f"/appeals/{one.number}/like/").content.decode()
    form = client.get(f"/appeals/{one.number}/steps/merge/?into={other.number}").content.decode()

    assert f"/appeals/{one.number}/steps/merge/?into={other.number}" in page
    assert f'value="{other.number}"' in form


def test_who_may_not_merge_is_not_offered_to(answered, client):
    one = file_appeal(answered.who["rival"], **POWER)
    file_appeal(answered.who["firm"], **POWER)
    client.force_login(answered.who["discipline"])

    page = client.get(f"/appeals/{one.number}/like/").content.decode()

    assert ("可能是同一件事" in page, "steps/merge" in page) == (True, False)


def test_like_cases_of_an_appeal_that_is_not_theirs_do_not_exist(answered, client):
    client.force_login(answered.who["stranger"])

    assert client.get(f"/appeals/{answered.appeal.number}/like/").status_code == 404


@pytest.mark.parametrize("title", ["", "短", "\x01" * 50, "'\"%_\\" * 3000])
def test_hostile_text_is_like_nothing_and_no_error(answered, client, title):
    client.force_login(answered.who["office"])

    assert client.post("/appeals/like/", {"title": title}).status_code == 200


# --- merging tells everybody


def test_every_firm_of_a_chain_is_told_of_the_merge_and_gets_the_answer(settings):
    settings.LIANQI_SMS = True
    stage = Stage(**POWER)
    first, second = file_appeal(**POWER), stage.twin
    office = stage.who["office"]
    actions.merge_appeal(first, actor=office, into=second)
    actions.merge_appeal(second, actor=office, into=stage.appeal)

    stage.go(*WAYS["answered"])

    told = {one.pk: told_of(one) for one in (first, second)}
    assert told == {
        one.pk: ["已收到您的诉求", "您的诉求与同类诉求合并办理", "您的诉求已有答复"]
        for one in (first, second)
    }
    assert {one.pk: texts_to(one) for one in (first, second)} == {first.pk: 2, second.pk: 2}


def told_of(appeal):
    rows = sent_by("desk").filter(recipient=f"enterprise:{appeal.enterprise_id}")
    return [title.partition("：")[0] for title in rows.values_list("title", flat=True)]


def texts_to(appeal):
    return sent_by("sms").filter(recipient=f"appeal:{appeal.pk}:contact_phone").count()


def sent_by(channel):
    return OutboxMessage.objects.filter(channel=channel).order_by("pk")


def test_what_many_complain_of_is_still_found(answered):
    for _ in range(20):
        last = file_appeal(answered.who["rival"], **POWER)

    found = likely_duplicates(answered.who["office"], last)

    assert (len(found), {one.appeal.title for one in found}) == (5, {POWER["title"]})
