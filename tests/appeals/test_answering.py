"""From the unit back to the firm: closing applied for, signed, checked, answered."""

from datetime import date, timedelta

import pytest

from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.models import Duty
from tests.appeals.stage import (
    ANSWER,
    MORNING,
    PROMISED,
    Stage,
    duty,
    last_line,
    open_duties,
    told_desks,
    written,
)

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(MORNING, tick=False)]


def outcomes(appeal, *keys):
    """Return what became of the ended duties of these steps."""
    ended = Duty.objects.about(appeal).filter(key__in=keys).exclude(state__in=["open", "paused"])
    return list(ended.order_by("key", "pk").values_list("key", "state"))


# --- request, sign


def test_an_answer_put_up_waits_for_the_units_leader_with_the_clock_running():
    stage = Stage.at("handling")

    stage.take("request_closing")

    appeal = stage.reload()
    assert (appeal.state, appeal.outcome, appeal.reply, appeal.answered_at) == (
        "signing",
        "solved",
        ANSWER["reply"],
        None,
    )
    assert last_line(appeal) == (
        "appeal.request_closing",
        stage.who["liaison"],
        f"拟办结（已解决）：{ANSWER['reply']}",
    )
    assert open_duties(appeal) == [
        ("request_closing", "open"),
        ("sign_closing", "open"),
        ("submit_opinion", "open"),
    ]
    assert told_desks()[-1] == (f"unit:{stage.lead.pk}:leader", f"待签批：{appeal}")


@pytest.mark.parametrize(("days", "became"), [(0, "moot"), (2, "lapsed")])
def test_a_contact_never_made_lapses_once_its_time_is_up(days, became, time_machine):
    stage = Stage.at("handling")
    time_machine.shift(timedelta(days))

    stage.take("request_closing")

    assert outcomes(stage.appeal, "record_contact") == [("record_contact", became)]


@pytest.mark.parametrize(("days", "became"), [(1, "moot"), (7, "lapsed")])
def test_a_helper_is_passed_over_without_blame_before_its_time_is_up(days, became, time_machine):
    stage = Stage.at("signing")
    time_machine.shift(timedelta(days))

    stage.take("sign_closing", note="同意上报。")

    assert stage.reload().state == "review"
    assert last_line(stage.appeal) == ("appeal.sign_closing", stage.who["leader"], "同意上报。")
    assert outcomes(stage.appeal, "submit_opinion", "sign_closing") == [
        ("sign_closing", "done"),
        ("submit_opinion", became),
    ]
    assert open_duties(stage.appeal) == [("approve_closing", "open"), ("request_closing", "paused")]


# --- check


def test_an_approved_answer_goes_to_the_firm_and_asks_for_its_rating():
    stage = Stage.at("review")

    stage.take("approve_closing", note="内部意见")

    appeal = stage.reload()
    assert (appeal.state, appeal.answered_at) == ("answered", MORNING)
    assert last_line(appeal) == ("appeal.approve_closing", stage.who["office"], ANSWER["reply"])
    assert open_duties(appeal) == [("callback", "open"), ("rate", "open")]
    assert outcomes(appeal, "request_closing", "approve_closing") == [
        ("approve_closing", "done"),
        ("request_closing", "done"),
    ]
    [said] = appeal.communications.all()
    assert (said.kind, said.unit, said.audience) == ("reply", stage.lead, "enterprise")


def test_the_unit_is_judged_by_the_moment_its_leader_signed(time_machine):
    stage = Stage.at("signing")
    time_machine.move_to(MORNING.replace(day=16))
    stage.take("sign_closing")
    time_machine.move_to(MORNING.replace(day=20))

    stage.take("approve_closing")

    answer = Duty.objects.about(stage.appeal).get(key="request_closing")
    assert (answer.closed_at, answer.kept) == (MORNING.replace(day=16), True)


def test_a_leader_sends_a_draft_back_and_the_clock_has_not_stopped():
    stage = Stage.at("signing")
    before = stage.appeal.due_at

    stage.take("return_draft")

    appeal = stage.reload()
    assert (appeal.state, appeal.due_at) == ("handling", before)
    assert last_line(appeal) == ("appeal.return_draft", stage.who["leader"], "没有写明结果。")


def test_a_rejected_answer_comes_back_with_the_reason():
    stage = Stage.at("review")

    stage.take("reject_closing")

    appeal = stage.reload()
    assert (appeal.state, appeal.answered_at) == ("handling", None)
    assert last_line(appeal) == ("appeal.reject_closing", stage.who["office"], "没有写明结果。")
    assert open_duties(appeal) == [
        ("record_contact", "open"),
        ("request_closing", "open"),
        ("submit_opinion", "open"),
    ]
    assert outcomes(appeal, "approve_closing") == [("approve_closing", "done")]


# --- outcomes


@pytest.mark.parametrize("outcome", ["solved", "partly_solved", "explained", "passed_up"])
def test_most_outcomes_need_no_promised_day(outcome):
    stage = Stage.at("handling")

    stage.go("request_closing", "sign_closing", "approve_closing")
    stage.appeal.refresh_from_db()

    assert [key for key, _ in open_duties(stage.appeal)] == ["callback", "rate"]
    assert stage.appeal.promised_on is None


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (None, "结果是“列入计划”时必须写承诺日期，到期系统会提醒复核。"),
        (date(2026, 3, 9), "承诺日期要晚于今天，请核对。"),
        (
            date(2027, 6, 30),
            "2027年的工作日历还没有录入，到期无法提醒；请系统管理员先录入，或另定承诺日期。",
        ),
    ],
)
@pytest.mark.parametrize(
    ("state", "key"), [("handling", "request_closing"), ("accepted", "answer_directly")]
)
def test_a_planned_outcome_names_a_day_we_can_be_reminded_of(state, key, day, words):
    stage = Stage.at(state)
    before = written()

    with pytest.raises(RuleBroken) as refusal:
        stage.take(key, outcome="planned", promised_on=day)

    assert (refusal.value.message, refusal.value.status, written()) == (words, 422, before)


@pytest.mark.parametrize("kept", [True, False])
def test_a_promise_is_owed_until_it_has_been_checked_even_after_closing(kept):
    stage = Stage.at("handling")
    stage.go("record_contact", "request_planned", "sign_closing", "approve_closing")
    stage.go("rate", "close")
    owed = duty(stage.appeal, "recheck_promise")

    stage.take("recheck_promise", kept=kept)

    assert (owed.holder, stage.reload().promised_on) == ("body:TF3:office", PROMISED)
    assert (stage.reload().state, stage.appeal.promise_kept) == ("closed", kept)
    assert last_line(stage.appeal) == (
        "appeal.recheck_promise",
        stage.who["office"],
        f"承诺{'已' if kept else '未'}兑现。路灯已装。",
    )
    assert open_duties(stage.appeal) == ([] if kept else [("move_promise", "open")])
    assert outcomes(stage.appeal, "recheck_promise") == [("recheck_promise", "done")]


def test_a_promise_of_a_poor_answer_goes_with_it():
    stage = Stage.at("handling")
    stage.go("request_planned", "sign_closing", "approve_closing", "rate_badly", "redo")

    assert (stage.reload().promised_on, outcomes(stage.appeal, "recheck_promise")) == (
        None,
        [("recheck_promise", "moot")],
    )
