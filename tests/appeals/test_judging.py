"""After the answer: rating, call back, redo, escalation, closing, reopening."""

from datetime import timedelta

import pytest

from lianqi.appeals import actions
from lianqi.kernel.access import LinkHolder
from lianqi.kernel.errors import NotPermitted, RuleBroken, StepUnfit
from lianqi.kernel.models import Duty
from tests.appeals.stage import (
    MORNING,
    Stage,
    clock_of,
    duty,
    ended_duties,
    last_line,
    open_duties,
    told_desks,
    written,
)

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(MORNING, tick=False)]


def became(appeal, key):
    """Return what has become of the ended duties of a step."""
    return [state for name, state in ended_duties(appeal) if name == key]


# --- rate


@pytest.mark.parametrize("level", [3, 4, 5])
def test_a_good_rating_leaves_only_the_filing(level):
    stage = Stage.at("answered")

    stage.take("rate", level=level, comment="谢谢", reasons=["办得快"])

    appeal = stage.reload()
    assert appeal.state == "rated"
    [rating] = appeal.ratings.all()
    assert (rating.level, rating.round, rating.comment, rating.reasons, rating.source) == (
        level,
        1,
        "谢谢",
        ["办得快"],
        "portal",
    )
    assert last_line(appeal) == (
        "appeal.rate",
        stage.who["firm"],
        f"{rating.get_level_display()}。谢谢",
    )
    assert open_duties(appeal) == [("close", "open")]
    assert (became(appeal, "rate"), became(appeal, "callback")) == (["done"], ["moot"])


@pytest.mark.parametrize("level", [1, 2])
def test_a_bad_rating_is_checked_by_the_office(level):
    stage = Stage.at("answered")

    stage.take("rate", level=level)

    assert (stage.reload().state, open_duties(stage.appeal)) == ("dissatisfied", [("redo", "open")])
    assert told_desks()[-1] == ("body:TF3:office", f"待核实差评：{stage.appeal}")


def test_a_rating_by_link_is_signed_as_such():
    stage = Stage.at("answered")
    holder = LinkHolder("appeals.rate", stage.appeal.pk, "某公司")

    actions.rate_appeal(stage.appeal, actor=holder, level=5, source="link")

    line = stage.appeal.ratings.get()
    assert (line.source, last_line(stage.appeal)[1]) == ("link", None)
    closed = Duty.objects.about(stage.appeal).get(key="rate")
    assert (closed.state, closed.closed_by) == ("done", None)


def test_a_link_for_one_appeal_rates_no_other():
    stage = Stage.at("answered")
    holder = LinkHolder("appeals.rate", stage.twin.pk, "某公司")

    with pytest.raises(NotPermitted):
        actions.rate_appeal(stage.appeal, actor=holder, level=5)


def test_an_answer_is_rated_once():
    stage = Stage.at("rated")
    before = written()

    with pytest.raises(StepUnfit):
        stage.take("rate_badly")

    assert written() == before


# --- call back


def test_what_an_unrated_firm_says_on_the_phone_is_its_rating():
    stage = Stage.at("answered")

    stage.take("callback", level=2, note="说没解决。")

    appeal = stage.reload()
    assert (appeal.state, appeal.ratings.get().source, appeal.ratings.get().level) == (
        "dissatisfied",
        "callback",
        2,
    )
    assert last_line(appeal) == ("appeal.callback", stage.who["office"], "不满意。说没解决。")
    assert (became(appeal, "callback"), became(appeal, "rate")) == (["done"], ["moot"])


def test_a_call_without_an_opinion_leaves_the_filing_after_the_firms_days():
    stage = Stage.at("answered")

    stage.take("callback", level=None, note="负责人外出。")

    appeal = stage.reload()
    assert (appeal.state, appeal.ratings.count(), appeal.callbacks.count()) == ("answered", 0, 1)
    assert (open_duties(appeal), became(appeal, "callback")) == (
        [("close", "open"), ("rate", "open")],
        ["done"],
    )
    # The firm may rate until the 16th; three working days from there.
    assert clock_of(duty(appeal, "close")) == ("03-18 08:30", "03-19 17:30", "03-20 00:00")


@pytest.mark.parametrize("state", ["rated", "dissatisfied"])
def test_a_call_after_the_rating_is_kept_and_changes_nothing(state):
    stage = Stage.at(state)
    before = open_duties(stage.appeal)

    stage.take("callback", level=5)

    assert (stage.reload().state, open_duties(stage.appeal)) == (state, before)
    assert (stage.appeal.ratings.count(), stage.appeal.callbacks.count()) == (1, 1)


def test_nobody_from_a_handling_unit_calls_back():
    stage = Stage.at("answered")
    before = written()

    with pytest.raises(NotPermitted):
        stage.take("callback", "insider")

    assert written() == before


# --- redo, escalation


def test_a_bad_answer_is_redone_at_the_leaders_level_with_a_fresh_clock(time_machine):
    stage = Stage.at("handling")
    stage.go("submit_opinion", "request_closing", "sign_closing", "approve_closing", "rate_badly")
    time_machine.shift(timedelta(days=1))

    stage.take("redo")

    appeal, leader = stage.reload(), f"unit:{stage.lead.pk}:leader"
    assert (appeal.state, appeal.round, appeal.clock_started_at, appeal.answered_at) == (
        "handling",
        2,
        MORNING + timedelta(days=1),
        None,
    )
    assert last_line(appeal) == ("appeal.redo", stage.who["office"], "核实属实。")
    live = Duty.objects.about(appeal).filter(state="open").order_by("key")
    assert list(live.values_list("key", "holder")) == [
        ("record_contact", leader),
        ("request_closing", leader),
        ("submit_opinion", f"unit:{stage.helping.pk}:liaison"),
    ]
    assert became(appeal, "redo") == ["done"]


def test_a_second_bad_rating_goes_up_to_the_task_force():
    stage = Stage.at("escalated")

    assert open_duties(stage.appeal) == [("instruct", "open")]
    assert duty(stage.appeal, "instruct").holder == "body:TF3:head"
    assert sorted(stage.appeal.ratings.values_list("round", "level")) == [(1, 1), (2, 1)]


def test_the_head_orders_another_round():
    stage = Stage.at("escalated")

    stage.take("instruct")

    assert (stage.reload().state, stage.appeal.round) == ("handling", 3)
    assert last_line(stage.appeal) == ("appeal.instruct", stage.who["head"], "限期解决。")
    assert became(stage.appeal, "instruct") == ["done"]


@pytest.mark.parametrize(("key", "state"), [("redo", "escalated"), ("instruct", "dissatisfied")])
def test_the_office_redoes_once_and_only_the_head_after_that(key, state):
    stage = Stage.at(state)
    before = written()

    with pytest.raises(StepUnfit):
        stage.take(key)

    assert written() == before


# --- close, reopen


def test_a_rated_appeal_is_filed_away():
    stage = Stage.at("rated")

    stage.take("close", note="")

    appeal = stage.reload()
    assert (appeal.state, appeal.closed_at) == ("closed", MORNING)
    assert last_line(appeal) == ("appeal.close", stage.who["office"], "")
    assert (open_duties(appeal), became(appeal, "close")) == ([], ["done"])


@pytest.mark.parametrize(("state", "owed"), [("dissatisfied", "redo"), ("escalated", "instruct")])
def test_closing_against_the_firm_needs_the_reason(state, owed):
    stage = Stage.at(state)

    with pytest.raises(RuleBroken) as refusal:
        stage.take("close", note=" ")
    stage.take("close", note="诉求超出政策范围，已当面说明。")

    assert refusal.value.message == "企业不满意而办结的，请写明核实情况和理由。"
    assert (stage.reload().state, became(stage.appeal, owed)[-1]) == ("closed", "done")


def test_an_unrated_appeal_waits_for_the_firms_days_or_a_call(time_machine):
    stage = Stage.at("answered")
    before = written()

    with pytest.raises(StepUnfit) as refusal:
        stage.take("close")

    assert refusal.value.message == "企业还可评价到03月16日；要先归档请先回访。"
    assert written() == before
    time_machine.move_to(MORNING.replace(day=17))
    stage.take("close")
    assert stage.reload().state == "closed"
    # Silence is no rating, and the call that was never made stays on the record.
    assert (stage.appeal.ratings.count(), became(stage.appeal, "callback")) == (0, ["lapsed"])
    assert became(stage.appeal, "rate") == ["moot"]


def test_after_a_call_the_office_may_file_an_unrated_appeal_away():
    stage = Stage.at("answered")
    stage.take("callback", level=None)

    stage.take("close")

    assert (stage.reload().state, became(stage.appeal, "close")) == ("closed", ["done"])


def test_a_reopened_appeal_keeps_its_history_and_starts_anew(time_machine):
    stage = Stage.at("closed")
    time_machine.shift(timedelta(days=30))

    stage.take("reopen")

    appeal = stage.reload()
    assert (appeal.state, appeal.round, appeal.closed_at) == ("handling", 2, None)
    assert last_line(appeal) == ("appeal.reopen", stage.who["office"], "问题又出现。")
    assert (appeal.clock_started_at, appeal.ratings.count()) == (MORNING + timedelta(days=30), 1)
    stage.go("request_closing", "sign_closing", "approve_closing", "rate")
    assert appeal.ratings.count() == 2
