"""From the office to the units: dispatch, direct answer, signing, returning, ruling."""

from datetime import timedelta

import pytest

from lianqi.appeals import actions
from lianqi.kernel.errors import RuleBroken, StepUnfit
from lianqi.kernel.models import Duty, JournalEntry
from lianqi.organisation.models import Appointment, Unit
from tests.appeals.stage import (
    MORNING,
    WAYS,
    Stage,
    ended_duties,
    last_line,
    open_duties,
    told_desks,
    written,
)
from tests.factories import UnitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(MORNING, tick=False)]


def holders(appeal):
    """Return who owes what now: step and desk."""
    live = Duty.objects.about(appeal).filter(state__in=["open", "paused"])
    return sorted(live.values_list("key", "holder"))


# --- dispatch


def test_dispatching_starts_the_answers_clock_and_tells_the_desks():
    stage = Stage.at("accepted")

    stage.take("dispatch", note="请会同办理。")

    appeal, lead, helping = stage.reload(), stage.lead, stage.helping
    assert (appeal.state, appeal.lead_unit, appeal.dispatched_at, appeal.clock_started_at) == (
        "dispatched",
        lead,
        MORNING,
        MORNING,
    )
    assert appeal.co_unit_ids == {helping.pk}
    line = JournalEntry.objects.about(appeal).get(verb="appeal.dispatch")
    assert (line.actor, line.text, line.data) == (
        stage.who["office"],
        f"主办：{lead.name}；协办：{helping.name}",
        {
            "lead_unit": lead.code,
            "co_units": [helping.code],
            "note": "请会同办理。",
            "from": "accepted",
            "to": "dispatched",
            "told": [f"{lead.name}联络员", f"{helping.name}联络员", appeal.enterprise.name],
        },
    )
    assert holders(appeal) == [
        ("request_closing", f"unit:{lead.pk}:liaison"),
        ("sign", f"unit:{lead.pk}:liaison"),
        ("submit_opinion", f"unit:{helping.pk}:liaison"),
    ]
    assert ended_duties(appeal) == [("accept", "done"), ("dispatch", "done")]


def test_a_unit_does_not_help_itself():
    stage = Stage.at("accepted")
    before = written()

    with pytest.raises(RuleBroken) as refusal:
        stage.take("dispatch", co_units=[stage.helping, stage.lead])

    assert refusal.value.message == "主办单位不能同时是协办单位，请从协办单位中去掉它。"
    assert written() == before


def test_a_helper_named_twice_helps_once():
    stage = Stage.at("accepted")

    stage.take("dispatch", co_units=[stage.helping, stage.helping])

    assert stage.appeal.cohandlers.count() == 1
    assert last_line(stage.appeal)[2] == f"主办：{stage.lead.name}；协办：{stage.helping.name}"


def test_the_office_hears_of_a_unit_without_a_liaison():
    stage = Stage.at("accepted")
    empty = UnitFactory(name="未报备局")

    stage.take("dispatch", lead_unit=empty, co_units=[stage.helping])

    assert [told for told in told_desks() if "空缺" in told[1]] == [
        ("body:TF3:office", f"未报备局联络员空缺：{stage.appeal}")
    ]


def test_the_office_hears_that_nobody_can_sign_the_answer():
    stage = Stage.at("handling")
    Appointment.objects.filter(user=stage.who["leader"]).update(
        valid_to=MORNING.date() - timedelta(1)
    )

    stage.take("request_closing")

    assert told_desks()[-1] == (
        "body:TF3:office",
        f"{stage.lead.name}分管领导空缺：{stage.appeal}",
    )


# --- direct answer


def test_the_office_answers_directly_what_it_knows():
    stage = Stage.at("accepted")

    stage.take("answer_directly")

    appeal = stage.reload()
    assert (appeal.state, appeal.outcome, appeal.answered_at, appeal.lead_unit) == (
        "answered",
        "solved",
        MORNING,
        None,
    )
    assert last_line(appeal) == ("appeal.answer_directly", stage.who["office"], appeal.reply)
    assert open_duties(appeal) == [("callback", "open"), ("rate", "open")]
    assert ended_duties(appeal)[-1] == ("dispatch", "done")
    [said] = appeal.communications.all()
    assert (said.kind, said.unit, said.content) == ("reply", None, appeal.reply)


@pytest.mark.parametrize("again", [["rate_badly", "redo"], ["rate", "close", "reopen"]])
def test_a_direct_answer_taken_up_again_goes_to_dispatching_under_the_running_clock(
    again, time_machine
):
    stage = Stage.at("accepted")
    stage.go("answer_directly", *again)
    started = stage.appeal.clock_started_at
    first = (stage.appeal.state, open_duties(stage.appeal))
    time_machine.shift(timedelta(hours=1))

    stage.take("dispatch")

    assert first == ("accepted", [("dispatch", "open")])
    assert (stage.reload().clock_started_at, stage.appeal.round) == (started, 2)
    assert open_duties(stage.appeal) == [
        ("request_closing", "open"),
        ("sign", "open"),
        ("submit_opinion", "open"),
    ]


def test_an_appeal_whose_unit_was_abolished_is_dispatched_anew_with_the_same_helper():
    stage = Stage.at("closed")
    Unit.objects.filter(pk=stage.lead.pk).update(active=False)
    stage.appeal = stage.reload()

    stage.go("reopen")
    stage.take("dispatch", lead_unit=stage.other)

    assert (stage.reload().state, stage.appeal.co_unit_ids) == ("dispatched", {stage.helping.pk})
    assert list(stage.appeal.cohandlers.order_by("pk").values_list("active", flat=True)) == [
        False,
        True,
    ]


# --- sign


def test_signing_lets_the_unit_owe_its_first_contact():
    stage = Stage.at("dispatched")

    stage.take("sign")

    appeal = stage.reload()
    assert (appeal.state, appeal.signed_at) == ("handling", MORNING)
    assert last_line(appeal) == ("appeal.sign", stage.who["liaison"], f"{stage.lead}已签收。")
    assert open_duties(appeal) == [
        ("record_contact", "open"),
        ("request_closing", "open"),
        ("submit_opinion", "open"),
    ]
    assert ended_duties(appeal)[-1] == ("sign", "done")


# --- return


def test_a_return_with_its_basis_waits_for_the_offices_ruling():
    stage = Stage.at("dispatched")

    stage.take("return_order")

    appeal = stage.reload()
    assert appeal.state == "disputed"
    assert last_line(appeal) == ("appeal.return_order", stage.who["liaison"], "职责清单第四项。")
    [order] = appeal.returns.all()
    assert (order.unit, order.basis, order.returned_at, order.upheld) == (
        stage.lead,
        "职责清单第四项。",
        MORNING,
        None,
    )
    assert open_duties(appeal) == [
        ("request_closing", "open"),
        ("rule_return", "open"),
        ("submit_opinion", "open"),
    ]
    assert ended_duties(appeal)[-1] == ("sign", "done")


def test_an_upheld_return_moves_the_appeal_and_is_kept_as_a_precedent():
    stage = Stage.at("disputed")

    stage.take("rule_return")

    appeal, other = stage.reload(), stage.other
    assert (appeal.state, appeal.lead_unit, appeal.clock_started_at) == (
        "dispatched",
        other,
        MORNING,
    )
    assert last_line(appeal) == (
        "appeal.rule_return",
        stage.who["office"],
        f"退单成立，改派{other}。职责清单清楚。",
    )
    [precedent] = appeal.returns.all()
    assert (precedent.upheld, precedent.ruling, precedent.new_unit, precedent.ruled_at) == (
        True,
        "职责清单清楚。",
        other,
        MORNING,
    )
    assert holders(appeal) == [
        ("request_closing", f"unit:{other.pk}:liaison"),
        ("sign", f"unit:{other.pk}:liaison"),
        ("submit_opinion", f"unit:{stage.helping.pk}:liaison"),
    ]
    assert sorted(ended_duties(appeal))[-3:] == [
        ("request_closing", "moot"),
        ("rule_return", "done"),
        ("sign", "done"),
    ]


def test_a_refused_return_leaves_the_appeal_with_its_first_receiver():
    stage = Stage.at("disputed")

    stage.take("rule_return", upheld=False, lead_unit=None)

    appeal = stage.reload()
    assert (appeal.state, appeal.lead_unit, appeal.returns.get().new_unit) == (
        "dispatched",
        stage.lead,
        None,
    )
    assert last_line(appeal)[2] == f"退单不成立，由{stage.lead}办理。职责清单清楚。"
    assert open_duties(appeal) == [
        ("request_closing", "open"),
        ("sign", "open"),
        ("submit_opinion", "open"),
    ]


@pytest.mark.parametrize("upheld", [True, False])
def test_an_appeal_is_returned_once_whoever_has_it_next(upheld):
    stage = Stage.at("disputed")
    stage.take("rule_return", upheld=upheld)
    before = written()

    with pytest.raises(StepUnfit) as refusal:
        stage.take("return_order", "stranger" if upheld else "liaison")

    assert refusal.value.message == "每件诉求只能退单一次，本件已经退过，请签收办理（首接负责）。"
    assert written() == before


@pytest.mark.parametrize(
    ("unit", "words"),
    [
        ("lead", "改派的单位与退单单位相同，请另选。"),
        (None, "退单成立时要改派单位，请选择新的主办单位。"),
    ],
)
def test_an_upheld_return_names_another_unit(unit, words):
    stage = Stage.at("disputed")
    before = written()

    with pytest.raises(RuleBroken) as refusal:
        stage.take("rule_return", lead_unit=stage.lead if unit else None)

    assert (refusal.value.message, written()) == (words, before)


def test_a_helper_that_becomes_the_lead_helps_no_longer():
    stage = Stage.at("disputed")

    stage.take("rule_return", lead_unit=stage.helping)

    assert (stage.reload().co_unit_ids, holders(stage.appeal)) == (
        set(),
        [
            ("request_closing", f"unit:{stage.helping.pk}:liaison"),
            ("sign", f"unit:{stage.helping.pk}:liaison"),
        ],
    )


def test_withdrawing_while_a_return_is_pending_leaves_no_ruling_owed():
    stage = Stage.at("disputed")

    stage.take("withdraw")

    assert (stage.reload().state, open_duties(stage.appeal)) == ("withdrawn", [])
    assert stage.appeal.returns.get().upheld is None


def test_an_appeal_comes_back_to_its_unit_after_a_reopening():
    stage = Stage.at("closed")

    stage.take("reopen")

    assert (stage.reload().state, stage.appeal.round) == ("handling", 2)
    with pytest.raises(StepUnfit):
        actions.dispatch_appeal(
            stage.appeal, actor=stage.who["office"], lead_unit=stage.other, co_units=[]
        )
    assert WAYS["closed"][-1] == "close"
