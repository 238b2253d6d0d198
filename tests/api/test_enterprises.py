"""POST and GET /enterprises: the office enters firms, officials find them, a firm finds itself."""

import pytest

from lianqi.enterprises.enums import Origin
from lianqi.enterprises.models import Enterprise, FormerCode
from lianqi.kernel.clock import today
from lianqi.organisation.enums import BodyCode, Post
from tests.api.programs import problem, program_of, refusal
from tests.factories import (
    EnterpriseFactory,
    UnitFactory,
    entrepreneur,
    office_clerk,
    person,
)

pytestmark = pytest.mark.django_db

# An invented code whose check character is right.
CODE = "91410700MA4000003U"
FIRM = {
    "uscc": CODE,
    "name": "新乡某某精密机械有限公司",
    "industry_code": "C34",
    "employees": 120,
    "revenue_wan": 8_600.5,
    "assets_wan": 4_000,
    "address": "高新区科隆大道1号",
    "contact_name": "王某",
    "contact_phone": "13800138000",
}


def firm(**changes):
    return {name: value for name, value in (FIRM | changes).items() if value is not None}


def test_the_office_enters_a_firm_and_its_size_is_reckoned():
    response = program_of(office_clerk()).post("/enterprises", FIRM)

    entered = Enterprise.objects.get()
    assert (response.status_code, response["Location"]) == (201, f"/api/v1/enterprises/{CODE}")
    assert response.json() == {
        "id": entered.pk,
        "uscc": CODE,
        "name": FIRM["name"],
        "state": "verified",
        "state_label": "已入库",
        "kind": "company",
        "kind_label": "企业",
        "size": "small",
        "size_label": "小型",
        "industry_code": "C34",
        "address": FIRM["address"],
    }
    assert (entered.origin, str(entered.revenue_wan)) == (Origin.API, "8600.50")
    assert str(entered.contacts.get().phone) == "138****8000"


def test_code_and_name_are_enough():
    response = program_of(person(Post.OFFICE_STAFF, body=BodyCode.JC)).post(
        "/enterprises", {"uscc": CODE, "name": FIRM["name"]}
    )

    assert (response.status_code, response.json()["size"]) == (201, "")


def test_a_private_economy_person_has_no_code():
    response = program_of(office_clerk()).post("/enterprises", {"name": "张某", "kind": "person"})

    assert (response.status_code, response.json()["uscc"]) == (201, None)
    assert response["Location"] == f"/api/v1/enterprises/{response.json()['id']}"


@pytest.mark.parametrize("typed", [CODE, CODE.lower(), f"{CODE[:8]} {CODE[8:]}"])
def test_a_known_code_is_a_conflict_that_names_the_record(typed):
    program = program_of(office_clerk())
    program.post("/enterprises", FIRM)

    response = program.post("/enterprises", firm(uscc=typed))

    assert refusal(response) == problem(409, "already_registered", "uscc")
    assert response.json()["existing"] == f"/api/v1/enterprises/{CODE}"
    assert Enterprise.objects.count() == 1


def test_a_former_code_is_a_conflict_that_names_the_firm_of_today():
    successor = EnterpriseFactory()
    FormerCode.objects.create(enterprise=successor, uscc=CODE, until=today(), reason="个转企")

    response = program_of(office_clerk()).post("/enterprises", FIRM)

    assert refusal(response) == problem(409, "already_registered", "uscc")
    assert response.json()["existing"] == f"/api/v1/enterprises/{successor.uscc}"


def test_a_repeated_call_with_one_key_enters_one_firm():
    program = program_of(office_clerk())

    first = program.post("/enterprises", FIRM, key="e-1")
    again = program.post("/enterprises", FIRM, key="e-1")

    assert (first.status_code, again.status_code, again["Idempotent-Replay"]) == (201, 201, "true")
    assert first.json() == again.json()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("uscc", "91410700MA4000000X"),
        ("uscc", "short"),
        ("uscc", None),
        ("uscc", "\x00"),
        ("uscc", 914107000000000000),
        ("name", None),
        ("name", "甲"),
        ("name", "名\x00称"),
        ("kind", "bank"),
        ("industry_code", "ZZ99"),
        ("employees", -1),
        ("employees", 10**30),
        ("employees", 1.5),
        ("employees", True),
        ("revenue_wan", -0.01),
        ("revenue_wan", 0.001),
        ("revenue_wan", 10**15),
        ("revenue_wan", "many"),
        ("assets_wan", 1e300),
        ("contact_phone", "12345"),
        ("address", "长" * 101),
        ("private", False),
        ("state", "verified"),
    ],
)
def test_a_wrong_value_is_refused_by_its_field(field, value):
    response = program_of(office_clerk()).post("/enterprises", firm(**{field: value}))

    status, content_type, _, fields = refusal(response)
    assert (status, content_type, fields) == (422, "application/problem+json", [field])
    assert Enterprise.objects.count() == 0


def test_only_the_offices_enter_firms():
    for user in (entrepreneur(), person(Post.LIAISON, unit=UnitFactory())):
        response = program_of(user).post("/enterprises", {"name": 1})

        assert refusal(response) == problem(403, "not_permitted")


def test_a_firm_is_found_by_code_former_code_and_id():
    found = EnterpriseFactory()
    FormerCode.objects.create(enterprise=found, uscc=CODE, until=today(), reason="个转企")
    program = program_of(office_clerk())

    ids = [
        program.get(f"/enterprises/{word}").json()["id"]
        for word in (found.uscc, CODE, CODE.lower(), found.pk)
    ]

    assert ids == [found.pk] * 4


@pytest.mark.parametrize("word", ["nobody", "%00", "0", "9" * 15, "9" * 400, "²"])
def test_an_unknown_firm_is_a_404(word):
    response = program_of(office_clerk()).get(f"/enterprises/{word}")

    assert refusal(response) == problem(404, "not_found")


def test_a_firm_sees_itself_only():
    own, other = EnterpriseFactory(), EnterpriseFactory()
    program = program_of(entrepreneur(own))

    assert program.get(f"/enterprises/{own.uscc}").json()["name"] == own.name
    assert refusal(program.get(f"/enterprises/{other.uscc}")) == problem(404, "not_found")
    assert [item["id"] for item in program.get("/enterprises").json()["items"]] == [own.pk]


def test_officials_search_by_name_and_code_page_by_page():
    mills = [EnterpriseFactory(name=f"新乡第{n}纺织厂") for n in range(3)]
    EnterpriseFactory(name="新乡食品厂")
    program = program_of(person(Post.LIAISON, unit=UnitFactory()))

    first = program.get("/enterprises", q="纺织", limit=2).json()
    second = program.get("/enterprises", q="纺织", limit=2, cursor=first["next_cursor"]).json()
    by_code = program.get("/enterprises", q=mills[0].uscc).json()

    pages = [[item["id"] for item in page["items"]] for page in (first, second, by_code)]
    assert pages == [[mills[2].pk, mills[1].pk], [mills[0].pk], [mills[0].pk]]
    assert second["next_cursor"] is None


@pytest.mark.parametrize("count", [1, 5])
def test_firms_cost_the_same_queries_for_1_and_5_rows(count, django_assert_num_queries):
    EnterpriseFactory.create_batch(count)
    program = program_of(office_clerk())

    with django_assert_num_queries(3):
        response = program.get("/enterprises")

    assert len(response.json()["items"]) == count


def test_a_firm_is_found_by_its_code_however_it_was_typed():
    firm = EnterpriseFactory(uscc=CODE)
    office = program_of(office_clerk())
    typed = "９１４１０７００ma4000003u"

    one, listed = office.get(f"/enterprises/{typed}"), office.get("/enterprises", q=typed[:12])

    assert (one.status_code, one.json()["id"]) == (200, firm.pk)
    assert [item["id"] for item in listed.json()["items"]] == [firm.pk]
