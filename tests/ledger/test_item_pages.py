"""The pages of the ledger: who opens which, drafting by hand, steps with their refusals."""

from datetime import date

import pytest
from django.urls import reverse

from lianqi.ledger.models import Item
from tests.factories import entrepreneur, file_appeal
from tests.kernel.visitors import signed_in
from tests.ledger.stage import Stage, at

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture
def stage():
    with at(TODAY):
        yield Stage()


def draft(stage, **changed):
    return {
        "title": "清理拖欠账款",
        "lead_unit": stage.lead.code,
        "units": [stage.other.code],
        "deadline_text": "2026年12月底前",
        "period": "monthly",
        "source": "instruction",
        "basis": "管委会主任批示",
        "year": "2026",
        "idempotency_key": "k1",
        **changed,
    }


def test_a_draft_reads_its_deadline_and_a_second_click_makes_no_second(stage):
    office = signed_in(stage.office)

    first, second = (
        office.post("/ledger/new/", draft(stage)),
        office.post("/ledger/new/", draft(stage)),
    )

    item = Item.objects.get()
    assert (first.status_code, second["Location"]) == (302, item.get_absolute_url())
    assert (item.due_on, item.shares.count(), item.state) == (date(2026, 12, 31), 2, "drafted")


def test_a_deadline_that_means_no_day_is_refused_beside_its_field(stage):
    answer = signed_in(stage.office).post("/ledger/new/", draft(stage, deadline_text="尽快"))

    assert (answer.status_code, Item.objects.count()) == (422, 0)
    assert answer.context["form"].errors["deadline_text"][0].startswith("没有读出日期")
    assert answer.context["form"]["title"].value() == "清理拖欠账款"


def test_a_draft_may_be_born_from_a_record_that_one_may_see(stage):
    appeal = file_appeal()
    about = f"appeals.appeal:{appeal.pk}"
    office = signed_in(stage.office)

    page = office.get(f"/ledger/new/?about={about}")
    office.post("/ledger/new/", draft(stage, about=about, source="appeal"))
    foreign = signed_in(stage.office).get("/ledger/new/?about=appeals.appeal:999999")

    item = Item.objects.get()
    assert (page.status_code, page.context["origin"], foreign.status_code) == (200, appeal, 404)
    assert (item.origin_type, item.origin_id, item.source) == (
        "appeals.appeal",
        appeal.pk,
        "appeal",
    )


@pytest.mark.parametrize("who", ["office", "convener", "liaison", "sharer"])
def test_those_concerned_open_the_record(stage, who):
    item = stage.assigned()

    assert signed_in(getattr(stage, who)).get(item.get_absolute_url()).status_code == 200


def test_others_find_no_such_record_and_a_unit_sees_no_draft(stage):
    item, drafted = stage.assigned(), stage.drafted()
    strangers = [signed_in(stage.stranger), signed_in(entrepreneur())]

    assert [who.get(item.get_absolute_url()).status_code for who in strangers] == [404, 404]
    assert signed_in(stage.liaison).get(drafted.get_absolute_url()).status_code == 404


def test_a_step_is_taken_from_its_page_and_an_outdated_page_is_told(stage):
    item = stage.assigned()
    liaison = signed_in(stage.liaison)
    address = reverse("ledger:item_step", args=[item.number, "sign"])

    taken = liaison.post(
        address, {"owner": stage.liaison.pk, "seen": "assigned", "idempotency_key": "a"}
    )
    outdated = liaison.post(
        address, {"owner": stage.liaison.pk, "seen": "assigned", "idempotency_key": "b"}
    )

    item.refresh_from_db()
    assert (taken.status_code, outdated.status_code, item.state, item.owner) == (
        302, 409, "underway", stage.liaison,
    )  # fmt: skip


def test_a_step_of_somebody_else_is_forbidden(stage):
    item = stage.assigned()

    answer = signed_in(stage.sharer).post(
        reverse("ledger:item_step", args=[item.number, "sign"]), {}
    )

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "page", ["", "board/", "calendar/", "export/", "?view=overdue&light=red&q=名录"]
)
def test_overview_pages_open_for_officials_and_for_nobody_else(stage, page):
    stage.underway()

    answers = [
        signed_in(who).get(f"/ledger/{page}").status_code for who in (stage.office, stage.liaison)
    ]

    assert answers == [200, 200]
    assert signed_in(entrepreneur()).get(f"/ledger/{page}").status_code == 403


def test_a_unit_sees_its_own_score_and_no_other(stage):
    stage.underway()
    liaison, stranger = signed_in(stage.liaison), signed_in(stage.stranger)
    address = reverse("ledger:scorecard", args=[stage.lead.code])

    assert (liaison.get(address).status_code, stranger.get(address).status_code) == (200, 404)
