"""POST /appeals: firms for themselves, the office and helpers for firms."""

import json

import pytest

from lianqi.appeals.models import Appeal
from lianqi.enterprises.enums import EnterpriseState
from lianqi.enterprises.models import Contact, Membership
from lianqi.kernel.clock import today
from lianqi.kernel.models import JournalEntry
from lianqi.organisation.enums import Post
from tests.api.programs import problem, program_of, refusal
from tests.factories import EnterpriseFactory, UnitFactory, entrepreneur, office_clerk, person

pytestmark = pytest.mark.django_db

TOLD = {
    "kind": "help",
    "title": "厂区夜间停电影响生产",
    "content": "最近两周夜间停电三次，请协调供电保障。🔌",
    "contact_name": "王某",
    "contact_phone": "13800138000",
}
KNOWN_LATER = ("enterprise", "contact_name", "contact_phone")


def told(**changes):
    return {name: value for name, value in (TOLD | changes).items() if value is not None}


def test_a_firm_files_its_own_appeal():
    firm = entrepreneur()

    response = program_of(firm).post("/appeals", TOLD)

    appeal = Appeal.objects.get()
    body = response.json()
    assert (response.status_code, response["Location"]) == (201, f"/api/v1/appeals/{appeal.number}")
    assert (appeal.filed_by, appeal.channel, appeal.content) == (firm, "web", TOLD["content"])
    assert (body["number"], body["state"], body["state_label"]) == (
        appeal.number,
        "submitted",
        "待受理",
    )
    assert body["contact"] == {"name": "王某", "phone": "138****8000"}
    assert [line["step"] for line in body["timeline"]] == ["submit"]


def test_the_same_key_returns_the_same_appeal_and_says_so():
    program = program_of(entrepreneur())

    first = program.post("/appeals", TOLD, key="a-1")
    again = program.post("/appeals", TOLD, key="a-1")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert ("Idempotent-Replay" in first, again["Idempotent-Replay"]) == (False, "true")
    assert Appeal.objects.count() == 1


def test_a_key_with_other_content_is_refused():
    program = program_of(entrepreneur())
    program.post("/appeals", TOLD, key="a-1")

    response = program.post("/appeals", told(title="另一件完全不同的事情"), key="a-1")

    assert refusal(response) == problem(422, "key_reused", "Idempotency-Key")
    assert Appeal.objects.count() == 1


def test_a_key_belongs_to_its_user():
    program_of(entrepreneur()).post("/appeals", TOLD, key="a-1")

    response = program_of(entrepreneur()).post("/appeals", TOLD, key="a-1")

    assert (response.status_code, Appeal.objects.count()) == (201, 2)


def test_a_refused_call_does_not_use_up_its_key():
    program = program_of(entrepreneur())
    program.post("/appeals", told(title="短"), key="a-1")

    response = program.post("/appeals", TOLD, key="a-1")

    assert response.status_code == 201


@pytest.mark.parametrize("key", ["x" * 121, "键", "a\tb"])
def test_a_key_that_cannot_be_kept_is_refused(key):
    response = program_of(entrepreneur()).post("/appeals", TOLD, key=key)

    assert refusal(response) == problem(422, "invalid_fields", "Idempotency-Key")


def test_an_account_of_several_firms_says_which():
    firm, other = entrepreneur(), EnterpriseFactory()
    Membership.objects.create(user=firm, enterprise=other, since=today())
    program = program_of(firm)

    unsaid = program.post("/appeals", TOLD)
    by_code = program.post("/appeals", told(enterprise=other.uscc))
    by_id = program.post("/appeals", told(enterprise=other.pk))

    assert refusal(unsaid) == problem(422, "invalid_fields", "enterprise")
    assert [r.json()["enterprise"]["id"] for r in (by_code, by_id)] == [other.pk, other.pk]


def test_a_firm_cannot_file_for_another():
    other = EnterpriseFactory()

    response = program_of(entrepreneur()).post("/appeals", told(enterprise=other.uscc))

    assert refusal(response) == problem(422, "invalid_fields", "enterprise")
    assert Appeal.objects.count() == 0


def test_the_office_takes_an_appeal_down_by_phone():
    firm = EnterpriseFactory()

    response = program_of(office_clerk()).post(
        "/appeals", told(enterprise=firm.uscc, upstream_id="12345-7", urgent=True)
    )

    appeal = Appeal.objects.get()
    assert response.status_code == 201
    assert (appeal.enterprise, appeal.channel, appeal.upstream_id, appeal.urgent) == (
        firm,
        "phone",
        "12345-7",
        True,
    )


def test_a_helper_takes_an_appeal_down_on_a_visit():
    helper = person(Post.HELPER, unit=UnitFactory())

    response = program_of(helper).post("/appeals", told(enterprise=EnterpriseFactory().uscc))

    assert (response.status_code, response.json()["channel"]) == (201, "visit")


def test_the_office_names_the_firm():
    response = program_of(office_clerk()).post("/appeals", TOLD)

    assert refusal(response) == problem(422, "invalid_fields", "enterprise")


@pytest.mark.parametrize("channel", ["web", "carrier-pigeon"])
def test_the_office_uses_a_channel_of_its_own(channel):
    firm = EnterpriseFactory()

    response = program_of(office_clerk()).post(
        "/appeals", told(enterprise=firm.uscc, channel=channel)
    )

    assert refusal(response) == problem(422, "invalid_fields", "channel")


def test_a_unit_that_takes_nothing_down_is_refused_before_its_fields_are_read():
    liaison = person(Post.LIAISON, unit=UnitFactory())

    response = program_of(liaison).post("/appeals", {"title": 5})

    assert refusal(response) == problem(403, "not_permitted")


def test_the_firms_main_contact_is_taken_where_none_is_given():
    firm = EnterpriseFactory()
    Contact.objects.create(enterprise=firm, name="李某", phone="13800138001", main=True)

    response = program_of(office_clerk()).post(
        "/appeals", told(enterprise=firm.uscc, contact_name=None, contact_phone=None)
    )

    appeal = Appeal.objects.get()
    assert response.json()["contact"] == {"name": "李某", "phone": "138****8001"}
    assert appeal.contact_phone == firm.contacts.get().phone


def test_a_firms_user_is_the_contact_where_the_firm_has_none():
    firm = entrepreneur(full_name="赵某", phone="13800138002")

    response = program_of(firm).post("/appeals", told(contact_name=None, contact_phone=None))

    assert response.json()["contact"] == {"name": "赵某", "phone": "138****8002"}


def test_a_contact_that_nobody_knows_is_asked_for():
    firm = EnterpriseFactory()

    response = program_of(office_clerk(phone="13800138003")).post(
        "/appeals", told(enterprise=firm.uscc, contact_name=None, contact_phone=None)
    )

    assert refusal(response) == problem(422, "invalid_fields", "contact_name", "contact_phone")


@pytest.mark.parametrize("field", ["state", "number", "filed_by", "lead_unit", "files", "reply"])
def test_a_field_that_is_none_of_the_callers_business_is_refused_by_name(field):
    response = program_of(entrepreneur()).post("/appeals", told(**{field: "closed"}))

    assert refusal(response) == problem(422, "invalid_fields", field)
    assert Appeal.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "wish"),
        ("kind", None),
        ("title", "短"),
        ("title", "长" * 101),
        ("title", 12345),
        ("title", "标题里有\x00空字符"),
        ("content", "正文里有\x08退格符号"),
        ("content", "一句半\ud800代理"),
        ("content", "字" * 20_001),
        ("contact_phone", "12345"),
        ("urgent", "yes"),
        ("upstream_id", "a\x00b"),
        ("enterprise", {"id": 1}),
        ("enterprise", "没有\x00"),
        ("enterprise", 10**30),
        ("enterprise", "²"),
    ],
)
def test_a_wrong_value_is_refused_by_its_field(field, value):
    response = program_of(entrepreneur()).post("/appeals", told(**{field: value}))

    assert refusal(response) == problem(422, "invalid_fields", field)
    assert Appeal.objects.count() == 0


def test_a_text_with_a_secrecy_mark_is_refused():
    response = program_of(entrepreneur()).post(
        "/appeals", told(content="机密★三年\n关于某项工程的说明")
    )

    assert refusal(response) == problem(422, "rule_broken", "content")


def test_a_firm_that_is_not_verified_is_refused():
    firm = entrepreneur(EnterpriseFactory(state=EnterpriseState.PENDING))

    response = program_of(firm).post("/appeals", TOLD)

    assert refusal(response) == problem(422, "rule_broken", "enterprise")


def test_an_emoji_and_a_rare_character_come_back_as_they_were_sent():
    title = "𠮷祥机械厂🏭请求协调用电"

    response = program_of(entrepreneur()).post("/appeals", told(title=title))

    assert json.loads(response.content)["title"] == title
    assert title in response.content.decode()
    assert JournalEntry.objects.get(verb="appeal.submit").text == title


def test_a_text_that_nobody_sees_is_no_text_and_is_dropped_from_one_that_is_seen():
    firm = program_of(entrepreneur())

    empty = firm.post("/appeals", told(title="\u200b\u202e\u2060\ufeff\u200b"))
    sound = firm.post("/appeals", told(title="厂区\u200b夜间\u202e停电"))

    assert (empty.status_code, [wrong["field"] for wrong in empty.json()["errors"]]) == (
        422,
        ["title"],
    )
    assert (sound.status_code, sound.json()["title"]) == (201, "厂区夜间停电")


def test_a_firm_is_named_by_its_code_in_full_width_letters_too():
    firm = EnterpriseFactory(uscc="91410700MA4000003U")

    response = program_of(office_clerk()).post(
        "/appeals", told(enterprise="９１４１０７００ｍａ４０００００３Ｕ", channel="phone")
    )

    assert (response.status_code, response.json()["enterprise"]["id"]) == (201, firm.pk)


def test_a_city_number_that_is_there_is_a_conflict_that_names_the_appeal():
    firm, office = EnterpriseFactory(), program_of(office_clerk())
    sent = told(enterprise=firm.uscc, channel="city", upstream_id="12345-7")
    first = office.post("/appeals", sent).json()["number"]

    again = office.post("/appeals", sent)

    assert again.status_code == 409
    assert again.json()["errors"] == [
        {
            "field": "upstream_id",
            "message": f"市平台编号12345-7已经登记过，编号{first}，请到该件办理。",
        }
    ]
