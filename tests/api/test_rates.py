"""GET /rates: counts, intervals and who gets which units."""

import pytest

from tests.api.programs import program_of
from tests.appeals.stage import Stage

pytestmark = pytest.mark.django_db
YEAR = {"from": "2026-01-01", "to": "2026-12-31"}


def test_a_rate_says_counts_interval_and_what_was_left_out():
    stage = Stage.at("rated")

    told = program_of(stage.who["office"]).get("/rates", **YEAR).json()

    [unit] = told["units"]
    assert (told["from"], told["to"], told["least"]) == ("2026-01-01", "2026-12-31", 10)
    assert (unit["unit"], unit["dispatched"], told["district"]["unit"]) == (
        stage.lead.code,
        1,
        None,
    )
    assert unit["satisfaction"] == {
        "hits": 1,
        "of": 1,
        "low": 0.2065,
        "high": 1.0,
        "adjusted_hits": 1,
        "adjusted_of": 1,
        "unknown": 0,
        "excluded": 0,
        "enough": False,
    }


def test_a_unit_gets_itself_and_the_district():
    stage, _other = Stage.at("rated"), Stage.at("dissatisfied")

    told = program_of(stage.who["liaison"]).get("/rates", **YEAR).json()

    assert [unit["unit"] for unit in told["units"]] == [stage.lead.code]
    assert told["district"]["dispatched"] == 2


@pytest.mark.parametrize("role", ["firm", "helper", "sysadmin", "auditor"])
def test_others_are_refused_before_their_question_is_read(role):
    program = program_of(Stage.at("rated").who[role])

    answers = [program.get("/rates", **asked) for asked in (YEAR, {}, {"from": "never"})]

    assert [answer.status_code for answer in answers] == [403] * 3
    assert answers[1].json()["code"] == answers[0].json()["code"] == "not_permitted"


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"from": "2026-03-01"},
        {"from": "2026-02-30", "to": "2026-03-31"},
        {"from": "2026-03-31", "to": "2026-03-01"},
        {**YEAR, "unit": "nowhere"},
        {**YEAR, "kind": "gossip"},
        {**YEAR, "rank": "1"},
    ],
)
def test_what_cannot_be_asked_is_refused_with_advice(asked):
    stage = Stage.at("rated")

    answer = program_of(stage.who["office"]).get("/rates", **asked)

    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
