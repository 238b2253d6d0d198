"""立项督办: resolutions and findings become items of the ledger, once."""

import pytest

from lianqi.conference.models import Resolution
from lianqi.kernel.errors import NotPermitted, RuleBroken, StepUnfit
from lianqi.ledger.models import Item
from tests.conference.stage import MORNING, Stage, ended, owed

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(MORNING)]
OFFICE = "body:JC:office"


def test_a_resolution_becomes_an_item_with_its_units_and_its_day():
    stage = Stage.with_meeting("issued")

    stage.take("docket")

    item, made = Item.objects.get(), Resolution.objects.get()
    assert (item.source, item.lead_unit, str(item.due_on)) == (
        "resolution",
        stage.lead,
        "2026-06-30",
    )
    assert (item.origin_type, item.origin_id) == ("conference.resolution", made.pk)
    assert {share.unit for share in item.shares.all()} == {stage.lead, stage.helping}
    assert (made.ledger_number, made.ledger_url) == (item.number, item.get_absolute_url())
    assert owed(stage.meeting) == [("archive", OFFICE)]
    assert ("docket", "done") in ended(stage.meeting)


def test_a_deadline_over_several_years_becomes_an_item_a_year():
    stage = Stage.with_meeting("in_session")
    stage.take("record_result")
    stage.take("resolve", deadline_text="2026年10月底前完成，2027年于当年4月底前")
    for step in ("conclude", "draft_minutes", "sign_minutes", "issue_minutes", "docket"):
        stage.take(step)

    numbers = list(Item.objects.order_by("year").values_list("number", flat=True))
    assert [number[:6] for number in numbers] == ["DB2026", "DB2027"]
    assert Resolution.objects.get().ledger_number == "、".join(numbers)


def test_what_has_no_end_becomes_an_open_ended_item():
    stage = Stage.with_meeting("in_session")
    stage.take("record_result")
    stage.take("resolve", deadline_text="持续推进")
    for step in ("conclude", "draft_minutes", "sign_minutes", "issue_minutes", "docket"):
        stage.take(step)

    assert Item.objects.get().due_on is None


def test_a_resolution_is_docketed_once():
    stage = Stage.with_meeting("issued")
    stage.take("docket")

    with pytest.raises(StepUnfit):
        stage.take("docket")

    assert Item.objects.count() == 1


@pytest.mark.parametrize("role", ["convener", "liaison", "tf_office", "discipline"])
def test_only_the_conference_s_office_keeps_the_ledger(role):
    stage = Stage.with_meeting("issued")

    for step in ("docket", "excuse"):
        with pytest.raises(NotPermitted):
            stage.take(step, role)

    assert Item.objects.count() == 0


def test_what_is_left_out_says_why():
    stage = Stage.with_meeting("issued")

    with pytest.raises(RuleBroken) as refusal:
        stage.take("excuse", reason=" ")

    assert refusal.value.field == "reason"


def test_a_finding_becomes_an_item_and_the_study_is_closed_when_all_are():
    stage = Stage.with_study("reported")

    with pytest.raises(StepUnfit) as early:
        stage.take("close")
    stage.take("docket_finding")
    stage.take("close")

    item = Item.objects.get()
    assert early.value.message == "还有1项调研发现没有立项，也没有说明不立项的理由。"
    assert (item.source, item.lead_unit, stage.study.state) == ("finding", stage.lead, "closed")
