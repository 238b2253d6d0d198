"""POST /appeals/{number}/steps/{key}: the whole flow, and the order of refusals."""

from datetime import timedelta

import pytest

from lianqi.appeals import actions
from lianqi.appeals.enums import AppealState
from lianqi.appeals.forms import STEP_FORMS
from lianqi.appeals.models import Appeal
from lianqi.appeals.workflow import APPEAL
from lianqi.kernel.clock import today
from lianqi.kernel.errors import NotPermitted, StepUnfit
from lianqi.kernel.models import JournalEntry
from lianqi.organisation.enums import BodyCode, Post
from tests.api.programs import problem, program_of, refusal
from tests.factories import UnitFactory, entrepreneur, file_appeal, office_clerk, person

pytestmark = pytest.mark.django_db


def steps(appeal):
    return f"/appeals/{appeal.number}/steps"


def lines(appeal):
    return JournalEntry.objects.about(appeal).count()


@pytest.fixture
def people():
    """One program for each role around an appeal, and their users."""
    unit, helping = UnitFactory(code="power"), UnitFactory(code="town")
    users = {
        "firm": entrepreneur(),
        "office": office_clerk(),
        "liaison": person(Post.LIAISON, unit=unit),
        "leader": person(Post.LEADER, unit=unit),
        "aide": person(Post.LIAISON, unit=helping),
        "head": person(Post.HEAD, body=BodyCode.TF3),
    }
    return {name: (user, program_of(user)) for name, user in users.items()}


@pytest.fixture
def appeal(people):
    """An appeal as the firm has just filed it."""
    return file_appeal(people["firm"][0])


def test_an_appeal_goes_all_the_way_through_the_api(people, appeal):
    in_a_month = (today() + timedelta(days=30)).isoformat()
    told = [
        ("office", "accept", {"note": "受理"}, "accepted"),
        ("office", "dispatch", {"lead_unit": "power", "co_units": ["town"]}, "dispatched"),
        ("liaison", "return_order", {"basis": "三定方案第二条"}, "disputed"),
        ("office", "rule_return", {"uphold": False, "note": "属你局职责"}, "dispatched"),
        ("liaison", "sign", {}, "handling"),
        ("liaison", "record_contact", {"note": "已电话联系"}, "handling"),
        ("aide", "submit_opinion", {"content": "可提供场地"}, "handling"),
        ("liaison", "report_stage", {"content": "已约现场查看"}, "handling"),
        ("liaison", "request_extension", {"days": 3, "reason": "需停电计划"}, "handling"),
        ("office", "decide_extension", {"approve": True}, "handling"),
        ("firm", "supplement", {"content": "补充用电负荷表"}, "handling"),
        (
            "liaison",
            "request_closing",
            {"outcome": "planned", "reply": "列入扩容计划。", "promised_on": in_a_month},
            "signing",
        ),
        ("leader", "sign_closing", {}, "review"),
        ("office", "reject_closing", {"reason": "请写明完成日期"}, "handling"),
        ("liaison", "request_closing", {"outcome": "solved", "reply": "已扩容。"}, "signing"),
        ("leader", "sign_closing", {"note": None}, "review"),
        ("office", "approve_closing", {}, "answered"),
        ("firm", "rate", {"level": 1, "comment": "又停了"}, "dissatisfied"),
        ("office", "redo", {"note": "重办"}, "handling"),
        ("liaison", "request_closing", {"outcome": "solved", "reply": "双回路。"}, "signing"),
        ("leader", "sign_closing", {}, "review"),
        ("office", "approve_closing", {}, "answered"),
        ("firm", "rate", {"level": 2}, "escalated"),
        ("head", "instruct", {"note": "一周内解决"}, "handling"),
        ("liaison", "request_closing", {"outcome": "solved", "reply": "已彻底解决。"}, "signing"),
        ("leader", "sign_closing", {}, "review"),
        ("office", "approve_closing", {}, "answered"),
        ("office", "callback", {"note": "企业认可", "level": 5}, "rated"),
        ("office", "close", {"note": ""}, "closed"),
    ]

    walked = []
    for who, key, fields, _ in told:
        response = people[who][1].post(f"{steps(appeal)}/{key}", fields)
        walked.append((who, key, fields, response.json().get("state", response.json())))

    assert walked == told
    assert Appeal.objects.get().state == AppealState.CLOSED


def test_every_step_with_a_form_is_an_address_and_no_other(people, appeal):
    program = people["office"][1]

    unknown = {
        key for key in APPEAL.steps if program.post(f"{steps(appeal)}/{key}").status_code == 404
    }

    assert unknown == {"submit"}
    assert unknown | set(STEP_FORMS) == set(APPEAL.steps)


@pytest.mark.parametrize("key", ["fly", "submit", "%00", "Accept", "accept%2f"])
def test_an_unknown_step_is_a_404_of_its_own(people, appeal, key):
    response = people["office"][1].post(f"{steps(appeal)}/{key}")

    assert response.status_code == 404


def test_an_unknown_step_says_so(people, appeal):
    response = people["office"][1].post(f"{steps(appeal)}/fly")

    assert refusal(response) == problem(404, "unknown_step")


def test_an_invisible_appeal_comes_before_an_unknown_step(appeal):
    program = program_of(entrepreneur())

    responses = [program.post(f"{steps(appeal)}/{key}") for key in ("accept", "fly")]

    assert [refusal(r) for r in responses] == [problem(404, "not_found")] * 2


def test_permission_comes_before_state_and_fields(people, appeal):
    response = people["firm"][1].post(f"{steps(appeal)}/dispatch", {"lead_unit": 5, "x": 1})

    assert refusal(response) == problem(403, "not_permitted")
    assert lines(appeal) == 1


def test_state_comes_before_fields(people, appeal):
    response = people["office"][1].post(f"{steps(appeal)}/dispatch", {"lead_unit": 5, "x": 1})

    assert refusal(response) == problem(409, "step_unfit")


def test_a_condition_of_the_step_is_a_conflict_too(people, appeal):
    program = people["firm"][1]
    first = program.post(f"{steps(appeal)}/nudge")

    second = program.post(f"{steps(appeal)}/nudge")

    assert (first.status_code, refusal(second)) == (200, problem(409, "step_unfit"))


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({}, ["lead_unit"]),
        ({"lead_unit": "nowhere"}, ["lead_unit"]),
        ({"lead_unit": "a\x00"}, ["lead_unit"]),
        ({"lead_unit": ["power"]}, ["lead_unit"]),
        ({"lead_unit": "power", "co_units": "town"}, ["co_units"]),
        ({"lead_unit": "power", "co_units": ["town", "x y"]}, ["co_units.1"]),
        ({"lead_unit": "power", "co_units": ["nowhere"]}, ["co_units"]),
        ({"lead_unit": "power", "state": "closed"}, ["state"]),
        ({"lead_unit": "power", "level": 5}, ["level"]),
        ({"lead_unit": "power", "note": "控制\x1b符"}, ["note"]),
        ({"lead_unit": "power", "note": "半个\udfff"}, ["note"]),
        ({"lead_unit": "power", "files": []}, ["files"]),
    ],
)
def test_a_wrong_field_is_refused_by_its_name(people, appeal, fields, named):
    actions.accept_appeal(appeal, actor=people["office"][0])

    response = people["office"][1].post(f"{steps(appeal)}/dispatch", fields)

    assert refusal(response) == problem(422, "invalid_fields", *named)
    assert lines(appeal) == 2


@pytest.mark.parametrize("days", [0, -1, 1.5, "3", True, 10**400, None])
def test_days_are_a_whole_number(people, appeal, days):
    office, liaison = people["office"][0], people["liaison"][0]
    actions.accept_appeal(appeal, actor=office)
    actions.dispatch_appeal(appeal, actor=office, lead_unit=liaison.posts_now[0].unit)
    actions.sign_order(appeal, actor=liaison)

    response = people["liaison"][1].post(
        f"{steps(appeal)}/request_extension", {"days": days, "reason": "需停电计划"}
    )

    assert refusal(response) == problem(422, "invalid_fields", "days")


@pytest.mark.parametrize("day", ["2026年12月1日", "2026-13-01", "2026-02-30", "tomorrow", 20261201])
def test_a_promised_day_is_an_iso_date(people, appeal, day):
    actions.accept_appeal(appeal, actor=people["office"][0])

    response = people["office"][1].post(
        f"{steps(appeal)}/answer_directly",
        {"outcome": "planned", "reply": "已列入计划。", "promised_on": day},
    )

    assert refusal(response) == problem(422, "invalid_fields", "promised_on")


def test_a_need_of_the_step_that_is_not_met_is_a_422(people, appeal):
    actions.accept_appeal(appeal, actor=people["office"][0])

    response = people["office"][1].post(
        f"{steps(appeal)}/answer_directly", {"outcome": "planned", "reply": "列入计划。"}
    )

    assert refusal(response) == problem(422, "rule_broken", "promised_on")


def test_a_step_posted_twice_with_one_key_is_taken_once(people, appeal):
    program = people["office"][1]

    first = program.post(f"{steps(appeal)}/accept", {"note": "受理"}, key="k")
    again = program.post(f"{steps(appeal)}/accept", {"note": "受理"}, key="k")

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert ("Idempotent-Replay" in first, again["Idempotent-Replay"]) == (False, "true")
    assert lines(appeal) == 2


def test_a_step_posted_twice_without_a_key_is_a_conflict(people, appeal):
    program = people["office"][1]
    program.post(f"{steps(appeal)}/accept")

    assert refusal(program.post(f"{steps(appeal)}/accept")) == problem(409, "step_unfit")


@pytest.mark.parametrize(("key", "fields"), [("accept", {"note": "别的"}), ("decline", {})])
def test_a_key_with_another_step_or_other_fields_is_refused(people, appeal, key, fields):
    program = people["office"][1]
    program.post(f"{steps(appeal)}/accept", {"note": "受理"}, key="k")

    response = program.post(f"{steps(appeal)}/{key}", fields, key="k")

    assert refusal(response) == problem(422, "key_reused", "Idempotency-Key")


def test_merging_names_the_other_appeal_by_number(people, appeal):
    other = file_appeal()
    program = people["office"][1]

    unknown = program.post(f"{steps(appeal)}/merge", {"into": "SQ2000-1"})
    merged = program.post(f"{steps(appeal)}/merge", {"into": other.number})

    assert refusal(unknown) == problem(422, "invalid_fields", "into")
    assert (merged.status_code, merged.json()["merged_into"]) == (200, other.number)


def test_an_empty_body_is_enough_for_a_step_without_fields(people, appeal):
    program = people["office"][1]

    response = program.post_raw(f"{steps(appeal)}/accept", b"", "application/octet-stream")

    assert (response.status_code, response.json()["state"]) == (200, "accepted")


def test_check_open_asks_for_permission_first_then_for_the_state(people, appeal):
    with pytest.raises(NotPermitted):
        APPEAL.check_open("dispatch", appeal, people["firm"][0])
    with pytest.raises(StepUnfit):
        APPEAL.check_open("dispatch", appeal, people["office"][0])

    assert APPEAL.check_open("accept", appeal, people["office"][0]) is None
