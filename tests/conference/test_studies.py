"""调研: the office plans, the convener consents, nobody reports without having been there."""

from datetime import timedelta

import pytest

from lianqi.conference import actions
from lianqi.conference.models import FieldStudy
from lianqi.kernel.errors import NotPermitted, RuleBroken, StaleState, StepUnfit
from tests.conference.stage import MORNING, Stage, owed

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(MORNING)]
OFFICE, CONVENER = "body:JC:office", "body:JC:convener"


@pytest.mark.parametrize("role", ["convener", "liaison", "tf_office", "discipline"])
def test_only_the_office_plans(role):
    stage = Stage()

    with pytest.raises(NotPermitted):
        stage.plan_study(role)

    assert FieldStudy.objects.count() == 0


@pytest.mark.parametrize("role", ["office", "director", "liaison", "head"])
def test_only_the_convener_consents(role):
    stage = Stage.with_study()

    for step in ("consent", "refuse"):
        with pytest.raises(NotPermitted):
            stage.take(step, role)

    assert owed(stage.study) == [("consent", CONVENER)]


def test_a_refusal_says_why():
    stage = Stage.with_study()

    with pytest.raises(RuleBroken) as refusal:
        stage.take("refuse", note=" ")

    assert refusal.value.field == "note"


def test_nothing_is_visited_before_the_consent():
    stage = Stage.with_study()

    with pytest.raises(StepUnfit):
        stage.take("plan_visit")


def test_each_visit_is_owed_on_its_own_day_beside_the_report():
    stage = Stage.with_study("underway")
    stage.take("plan_visit")
    stage.take("plan_visit", place="经济发展局")

    assert owed(stage.study) == [
        ("record_visit", OFFICE),
        ("record_visit", OFFICE),
        ("report", OFFICE),
    ]


def test_a_report_rests_on_visits_that_have_been_written_down():
    stage = Stage.with_study("underway")

    with pytest.raises(StepUnfit) as nowhere:
        stage.take("report")
    stage.take("plan_visit")
    with pytest.raises(StepUnfit) as not_yet:
        stage.take("report")
    stage.take("record_visit")
    stage.take("report")

    assert "附件1第六条（二）" in nowhere.value.message
    assert not_yet.value.message == "还有实地调研没有记录，记录或撤下后再报告。"
    assert stage.study.state == "reported"


def test_a_visit_is_written_down_once_and_not_ahead_of_its_day():
    stage = Stage.with_study("underway")
    stage.take("plan_visit")
    visit = stage.study.visits.get()

    with pytest.raises(RuleBroken) as ahead:
        stage.take("record_visit", done_on=MORNING.date() + timedelta(days=1))
    stage.take("record_visit")
    stage.take("plan_visit", place="经济发展局")
    with pytest.raises(StaleState):
        stage.take("record_visit", visit=visit)

    assert ahead.value.field == "done_on"


def test_a_planned_visit_is_taken_back():
    stage = Stage.with_study("underway")
    stage.take("plan_visit")

    actions.drop_visit(stage.study, actor=stage.who["office"], visit=stage.study.visits.get())

    assert owed(stage.study) == [("report", OFFICE)]


def test_a_report_is_not_promised_for_a_day_that_is_over():
    stage = Stage()

    with pytest.raises(RuleBroken) as refusal:
        stage.plan_study(report_on=MORNING.date() - timedelta(days=1))

    assert refusal.value.field == "report_on"


def test_a_consent_is_given_once():
    stage = Stage.with_study()
    old = FieldStudy.objects.get()
    stage.take("consent")

    with pytest.raises(StaleState):
        actions.refuse_study(old, actor=stage.who["convener"], note="缓一缓。")
