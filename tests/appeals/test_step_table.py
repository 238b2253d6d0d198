"""The table as a whole: every step at the wrong time, and representative steps twice at once."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from lianqi.appeals import actions
from lianqi.appeals.enums import AppealState
from lianqi.appeals.forms import STEP_FORMS
from lianqi.appeals.models import Appeal
from lianqi.appeals.workflow import APPEAL
from lianqi.kernel.errors import RuleBroken, StepUnfit
from lianqi.kernel.journal import verify_journal
from lianqi.kernel.models import JournalEntry
from lianqi.organisation.models import User
from tests.appeals.stage import ANSWER, MORNING, STEPS, WAYS, Stage, written

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(MORNING)]
STEP_KEYS = [key for key in APPEAL.steps if key != "submit"]


@pytest.mark.parametrize("state", [state.value for state in AppealState])
def test_every_state_is_reached_by_its_usual_way(state):
    stage = Stage.at(state)

    assert (stage.reload().state, verify_journal().broken) == (state, "")


def test_every_step_has_a_form_and_a_place_in_these_tests():
    assert (set(STEP_FORMS), set(STEPS) - {"rate_badly", "request_planned", "supplement_file"}) == (
        set(STEP_KEYS),
        set(STEP_KEYS),
    )


@pytest.mark.parametrize("key", STEP_KEYS)
def test_a_step_is_refused_in_every_state_it_does_not_start_from(key):
    stage = Stage.at(AppealState.HANDLING)
    assert stage.twin.state == AppealState.SUBMITTED  # filed before we look at what is written
    wrong = set(WAYS) - set(APPEAL.steps[key].sources)
    before, refused = written(), {}

    for state in wrong:
        Appeal.objects.filter(pk=stage.appeal.pk).update(state=state)
        stage.appeal.refresh_from_db()
        with pytest.raises(RuleBroken) as refusal:
            stage.take(key)
        refused[state] = refusal.value.code

    Appeal.objects.filter(pk=stage.appeal.pk).update(state=AppealState.HANDLING)
    assert (refused, written()) == (dict.fromkeys(wrong, "step_unfit"), before)


def test_a_copy_read_before_somebody_elses_step_is_refused_as_stale():
    stage = Stage.at(AppealState.SUBMITTED)
    old = stage.reload()
    stage.take("accept")
    before = written()

    with pytest.raises(StepUnfit) as refusal:
        actions.decline_appeal(
            old, actor=stage.who["office"], reason_code="petition", route="请到信访窗口。"
        )

    assert (refusal.value.code, refusal.value.status) == ("stale_state", 409)
    assert written() == before


# --- two at once


def race(stage, *calls):
    """Let each (role, act, given) try at the same moment; return how each fared, sorted."""
    barrier, fared = Barrier(len(calls)), []

    def run(role, act, given):
        try:
            appeal = Appeal.objects.get(pk=stage.appeal.pk)
            actor = User.objects.get(pk=stage.who[role].pk)
            barrier.wait(timeout=30)
            act(appeal, actor=actor, **given)
            fared.append("won")
        except StepUnfit as refused:
            fared.append("step unfit" if refused.status == 409 else "?")
        except Exception as problem:  # noqa: BLE001 the test wants to see whatever leaks
            fared.append(repr(problem))
        finally:
            connection.close()

    threads = [Thread(target=run, args=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(fared)


RACES = {
    "accept twice": (
        "submitted",
        ["accept"],
        [("office", "accept", {}), ("insider", "accept", {})],
    ),
    "accept and withdraw": (
        "submitted",
        ["accept", "withdraw"],
        [("office", "accept", {}), ("firm", "withdraw", {})],
    ),
    "dispatch and answer": (
        "accepted",
        ["dispatch", "answer_directly"],
        [("office", "dispatch", {}), ("insider", "answer_directly", {})],
    ),
    "return and sign": (
        "dispatched",
        ["return_order", "sign"],
        [("liaison", "return_order", {}), ("liaison", "sign", {})],
    ),
    "rate twice": (
        "answered",
        ["rate"],
        [("firm", "rate", {"level": 5}), ("firm", "rate", {"level": 1})],
    ),
    "redo and close": (
        "dissatisfied",
        ["redo", "close"],
        [("office", "redo", {}), ("insider", "close", {})],
    ),
    "opinion twice": (
        "handling",
        ["submit_opinion"],
        [("co_liaison", "submit_opinion", {}), ("co_leader", "submit_opinion", {})],
    ),
    "extension asked twice": (
        "handling",
        ["request_extension"],
        [("liaison", "request_extension", {}), ("leader", "request_extension", {})],
    ),
}


@pytest.mark.usefixtures("transactional_db")
@pytest.mark.parametrize("name", RACES)
def test_of_two_at_once_exactly_one_wins(name):
    state, keys, calls = RACES[name]
    stage = Stage.at(state)

    fared = race(
        stage,
        *((role, STEPS[key][1], {**STEPS[key][2](stage), **given}) for role, key, given in calls),
    )

    lines = JournalEntry.objects.about(stage.appeal).filter(
        verb__in=[f"appeal.{key}" for key in keys]
    )
    assert (fared, lines.count()) == (["step unfit", "won"], 1)
    assert verify_journal().broken == ""


@pytest.mark.usefixtures("transactional_db")
def test_of_two_decisions_on_an_extension_one_counts():
    stage = Stage.at("handling")
    stage.take("request_extension")
    due = stage.appeal.due_at

    fared = race(
        stage,
        ("office", actions.decide_extension, {"approve": True}),
        ("insider", actions.decide_extension, {"approve": True}),
    )

    verdicts = JournalEntry.objects.about(stage.appeal).filter(verb="appeal.decide_extension")
    assert (fared, verdicts.count()) == (["step unfit", "won"], 1)
    assert (stage.reload().due_at - due).days == 3  # from a Monday


@pytest.mark.usefixtures("transactional_db")
def test_a_rating_and_a_call_back_at_once_leave_one_rating():
    stage = Stage.at("answered")

    fared = race(
        stage,
        ("firm", actions.rate_appeal, {"level": 5}),
        ("office", actions.call_back, {"level": 4, "note": "企业满意。"}),
    )

    assert fared in (["step unfit", "won"], ["won", "won"])
    assert stage.appeal.ratings.count() == 1


@pytest.mark.usefixtures("transactional_db")
def test_two_appeals_merged_into_each_other_at_once_do_not_both_vanish():
    stage = Stage.at("submitted")
    here, there = stage.appeal.pk, stage.twin.pk

    def merge(pk, into_pk):
        return lambda appeal, *, actor: actions.merge_appeal(
            Appeal.objects.get(pk=pk), actor=actor, into=Appeal.objects.get(pk=into_pk)
        )

    calls = [("office", merge(here, there), {}), ("insider", merge(there, here), {})]
    fared = race(stage, *calls)

    states = sorted(Appeal.objects.values_list("state", flat=True))
    assert states == ["merged", "submitted"]
    assert fared[-1] == "won"


def test_an_answer_without_words_is_refused_with_advice():
    stage = Stage.at("handling")
    before = written()

    with pytest.raises(RuleBroken) as refusal:
        stage.take("request_closing", **{**ANSWER, "reply": "  "})

    assert (refusal.value.status, refusal.value.message) == (422, "请写明答复内容。")
    assert written() == before
