"""POST /appeals/steps/{key}: each item fares by itself."""

import pytest

from lianqi.kernel.models import JournalEntry
from tests.api.programs import program_of
from tests.factories import UnitFactory, entrepreneur, file_appeal, office_clerk, person

pytestmark = pytest.mark.django_db


def call(user, step, body, **options):
    return program_of(user).post(f"/appeals/steps/{step}", body, **options)


def test_each_item_is_told_by_itself():
    office, firm = office_clerk(), entrepreneur()
    one, two = file_appeal(firm), file_appeal(firm)
    body = {"numbers": [one.number, two.number, "SQ2026-77777"]}

    first = call(office, "accept", {"numbers": [two.number]}).json()
    answer = call(office, "accept", body)

    assert (first["done"], first["refused"]) == (1, 0)
    assert answer.status_code == 200
    assert [(i["number"], i["done"], i["status"], i["code"]) for i in answer.json()["items"]] == [
        (one.number, True, 200, ""),
        (two.number, False, 409, "step_unfit"),
        ("SQ2026-77777", False, 404, "not_found"),
    ]


def test_the_same_key_takes_nothing_twice():
    office, appeal = office_clerk(), file_appeal()
    body = {"numbers": [appeal.number]}

    answers = [call(office, "accept", body, key="one").json() for _ in range(2)]

    assert [answer["done"] for answer in answers] == [1, 1]
    assert JournalEntry.objects.filter(verb="appeal.accept").count() == 1


@pytest.mark.parametrize(
    ("key", "body", "status"),
    [
        ("close", {"numbers": ["SQ2026-00001"]}, 404),
        ("accept", {"numbers": []}, 422),
        ("accept", {"numbers": ["x"] * 101}, 422),
        ("accept", {"numbers": ["SQ2026-00001"], "reply": "没有这个字段"}, 422),
        ("dispatch", {"numbers": ["SQ2026-00001"]}, 422),
        ("accept", {"numbers": "SQ2026-00001"}, 422),
    ],
)
def test_a_body_that_does_not_fit_is_refused_as_a_whole(key, body, status):
    assert call(office_clerk(), key, body).status_code == status


def test_a_liaison_takes_no_bulk_step_of_the_office():
    appeal = file_appeal()
    liaison = person("liaison", unit=UnitFactory())

    assert call(liaison, "accept", {"numbers": [appeal.number]}).status_code == 403
