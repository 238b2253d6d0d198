"""GET /duties: what the caller's desks owe, or what a unit owes."""

from datetime import timedelta

import pytest

from lianqi.appeals import actions
from lianqi.kernel.clock import now
from lianqi.kernel.models import Duty
from lianqi.organisation.enums import Post
from tests.api.programs import problem, program_of, refusal
from tests.factories import UnitFactory, entrepreneur, file_appeal, office_clerk, person

pytestmark = pytest.mark.django_db


def keys(response):
    return [item["key"] for item in response.json()["items"]]


def sent_to(unit, office, **facts):
    appeal = file_appeal(**facts)
    actions.accept_appeal(appeal, actor=office)
    return actions.dispatch_appeal(appeal, actor=office, lead_unit=unit)


def test_a_duty_says_matter_holder_deadline_and_who_waits():
    appeal = file_appeal()

    [item] = program_of(office_clerk()).get("/duties").json()["items"]

    assert item == {
        "key": "accept",
        "label": "受理",
        "matter": f"{appeal.number} {appeal.title}",
        "subject": {
            "type": "appeals.appeal",
            "number": appeal.number,
            "url": appeal.get_absolute_url(),
        },
        "holder": "民营企业诉求响应专班办公室",
        "unit": "",
        "waiting": appeal.enterprise.name,
        "state": "open",
        "advisory": False,
        "due_at": "2026-06-11T17:30:00+08:00",
        "light": item["light"],
        "overdue": False,
        "remaining": "剩 1 个工作日",
    }


def test_each_caller_gets_the_duties_of_their_own_desks():
    unit, office, firm = UnitFactory(), office_clerk(), entrepreneur()
    sent_to(unit, office)
    file_appeal(firm)

    found = {
        "office": keys(program_of(office).get("/duties")),
        "liaison": sorted(keys(program_of(person(Post.LIAISON, unit=unit)).get("/duties"))),
        "leader": keys(program_of(person(Post.LEADER, unit=unit)).get("/duties")),
        "firm": keys(program_of(firm).get("/duties")),
    }

    assert found == {
        "office": ["accept"],
        "liaison": ["request_closing", "sign"],
        "leader": [],
        "firm": [],
    }


def test_an_overseer_may_look_at_a_unit_and_nobody_else():
    unit, office = UnitFactory(), office_clerk()
    sent_to(unit, office)
    liaison = person(Post.LIAISON, unit=unit)

    seen = program_of(office).get("/duties", unit=unit.code)
    refused = program_of(liaison).get("/duties", unit=unit.code)

    assert sorted(keys(seen)) == ["request_closing", "sign"]
    assert refusal(refused) == problem(403, "not_permitted", "unit")


def test_the_first_due_comes_first_and_pages_follow_to_those_without_a_date():
    office = office_clerk()
    appeals = [file_appeal() for _ in range(5)]
    for days, appeal in zip((3, 1, None, 2, None), appeals, strict=True):
        due = now() + timedelta(days=days) if days else None
        Duty.objects.about(appeal).update(due_at=due)
    program = program_of(office)

    numbers, cursor = [], None
    for _ in range(3):
        page = program.get("/duties", limit=2, **({"cursor": cursor} if cursor else {})).json()
        numbers += [item["subject"]["number"] for item in page["items"]]
        cursor = page["next_cursor"]

    assert numbers == [appeals[place].number for place in (1, 3, 0, 2, 4)]
    assert cursor is None


@pytest.mark.parametrize(
    "cursor", ["x", "W10", "WyIyMDI2IiwxXQ", "WyIyMDI2LTAxLTAxIiwtMV0", "WyIiLDFd", "bnVsbA"]
)
def test_a_cursor_that_was_not_made_here_is_refused(cursor):
    response = program_of(office_clerk()).get("/duties", cursor=cursor)

    assert refusal(response) == problem(422, "invalid_fields", "cursor")


@pytest.mark.parametrize("count", [1, 5])
def test_duties_cost_the_same_queries_for_1_and_5_rows(count, django_assert_num_queries):
    office = office_clerk()
    for _ in range(count):
        file_appeal()
    program = program_of(office)

    with django_assert_num_queries(6):
        response = program.get("/duties")

    assert len(response.json()["items"]) == count
