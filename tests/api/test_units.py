"""GET /units: codes for everybody, people for officials."""

import pytest

from lianqi.organisation.enums import Post
from tests.api.programs import problem, program_of, refusal
from tests.factories import UnitFactory, entrepreneur, office_clerk, person

pytestmark = pytest.mark.django_db


def test_everybody_with_a_token_gets_the_units_in_use():
    unit = UnitFactory()
    UnitFactory(active=False)

    response = program_of(entrepreneur()).get("/units")

    assert response.json() == [{"code": unit.code, "name": unit.name}]


def test_an_official_sees_leader_and_liaison_with_a_masked_phone():
    unit = UnitFactory()
    leader = person(Post.LEADER, unit=unit)
    liaison = person(Post.LIAISON, unit=unit, phone="13800138000")
    liaison.appointments.update(title="办公室主任")

    response = program_of(office_clerk()).get(f"/units/{unit.code}")

    assert response.json() == {
        "code": unit.code,
        "name": unit.name,
        "leader": {"name": leader.full_name, "title": ""},
        "liaison": {"name": liaison.full_name, "title": "办公室主任", "phone": "138****8000"},
    }


def test_posts_that_nobody_holds_are_null():
    unit = UnitFactory()

    shown = program_of(office_clerk()).get(f"/units/{unit.code}").json()

    assert (shown["leader"], shown["liaison"]) == (None, None)


def test_a_firm_sees_no_people_of_a_unit():
    unit = UnitFactory()

    response = program_of(entrepreneur()).get(f"/units/{unit.code}")

    assert refusal(response) == problem(404, "not_found")


@pytest.mark.parametrize("code", ["nowhere", "%00", "🏭"])
def test_an_unknown_unit_is_a_404(code):
    response = program_of(office_clerk()).get(f"/units/{code}")

    assert refusal(response) == problem(404, "not_found")


@pytest.mark.parametrize("count", [1, 5])
def test_units_cost_the_same_queries_for_1_and_5_rows(count, django_assert_num_queries):
    UnitFactory.create_batch(count)
    program = program_of(office_clerk())

    with django_assert_num_queries(2):
        response = program.get("/units")

    assert len(response.json()) == count
