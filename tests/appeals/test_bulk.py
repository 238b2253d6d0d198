"""One step on many appeals: each by itself, told one by one, harmless when sent twice."""

import pytest
from django.urls import reverse

from lianqi.appeals.models import Appeal
from lianqi.kernel.models import JournalEntry
from tests.appeals.stage import MORNING
from tests.factories import UnitFactory, entrepreneur, file_appeal, office_clerk, person

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(MORNING)]
URL = "/appeals/bulk/"


@pytest.fixture
def office(client):
    """Sign a clerk of the office in."""
    clerk = office_clerk()
    client.force_login(clerk)
    return clerk


def filed(count):
    firm = entrepreneur()
    return [file_appeal(firm, title=f"第{n}件事情") for n in range(count)]


def numbers(appeals):
    return [appeal.number for appeal in appeals]


def send(client, key, ticked, **given):
    return client.post(URL, {"key": key, "numbers": ticked, "confirmed": "yes", **given})


def states(appeals):
    return list(
        Appeal.objects.filter(pk__in=[a.pk for a in appeals])
        .order_by("pk")
        .values_list("state", flat=True)
    )


def test_the_bar_asks_first_and_then_takes_the_step_on_each(client, office):
    appeals = filed(3)

    asked = client.post(URL, {"key": "accept", "numbers": numbers(appeals)})
    assert (asked.status_code, states(appeals)) == (200, ["submitted"] * 3)

    told = send(client, "accept", numbers(appeals), note="按常规受理")
    assert states(appeals) == ["accepted"] * 3
    assert told.context["said"] == "3 件已受理。"
    assert told.context["next_key"] == "dispatch"


def test_one_that_cannot_be_taken_stops_no_other_and_says_why(client, office):
    appeals = filed(3)
    send(client, "accept", numbers(appeals[:1]))

    told = send(client, "accept", [*numbers(appeals), "SQ2026-99999"])

    assert [(r.done, r.status) for r in told.context["results"]] == [
        (False, 409),
        (True, 200),
        (True, 200),
        (False, 404),
    ]
    assert told.context["said"] == "2 件已受理，2 件没有，原因见下表。"
    assert "现在是“待派单”，不能“受理”" in told.content.decode()


def test_a_double_click_takes_each_step_once_and_answers_alike(client, office):
    appeals = filed(2)

    first = send(client, "accept", numbers(appeals), idempotency_key="k1")
    second = send(client, "accept", numbers(appeals), idempotency_key="k1")

    for answer in (first, second):
        assert [result.done for result in answer.context["results"]] == [True, True]
    assert JournalEntry.objects.filter(verb="appeal.accept").count() == 2


def test_many_are_dispatched_to_the_same_units_with_the_same_remark(client, office):
    appeals, lead, helper = filed(2), UnitFactory(), UnitFactory()
    send(client, "accept", numbers(appeals))

    send(
        client,
        "dispatch",
        numbers(appeals),
        lead_unit=lead.code,
        co_units=[helper.code],
        note="请先联系企业",
    )

    assert states(appeals) == ["dispatched"] * 2
    assert {(a.lead_unit_id, *a.co_unit_ids) for a in Appeal.objects.all()} == {
        (lead.pk, helper.pk)
    }


def test_a_wrong_field_is_asked_back_before_anything_happens(client, office):
    appeals, lead = filed(2), UnitFactory()
    send(client, "accept", numbers(appeals))

    refused = send(client, "dispatch", numbers(appeals), lead_unit="nobody")
    assert (refused.status_code, states(appeals)) == (422, ["accepted"] * 2)

    own_helper = send(
        client, "dispatch", numbers(appeals), lead_unit=lead.code, co_units=[lead.code]
    )
    assert [result.done for result in own_helper.context["results"]] == [False, False]


def test_many_are_urged(client, office):
    appeals = filed(2)

    send(client, "urge", numbers(appeals), note="请抓紧")

    assert JournalEntry.objects.filter(verb="appeal.urge").count() == 2


@pytest.mark.parametrize(("count", "status"), [(0, 422), (101, 422)])
def test_nothing_ticked_or_too_much_is_refused_in_words(client, office, count, status):
    ticked = [f"SQ2026-{n:05d}" for n in range(count)]

    assert send(client, "accept", ticked).status_code == status


@pytest.mark.parametrize("key", ["close", "rate", "", "nonsense"])
def test_only_the_three_steps_are_taken_in_bulk(client, office, key):
    assert send(client, key, numbers(filed(1))).status_code == 403


def test_whoever_may_not_take_the_step_gets_no_bar_and_no_answer(client):
    appeals = filed(1)
    client.force_login(person("liaison", unit=UnitFactory()))

    page = client.get(reverse("appeals:appeal_list")).content.decode()
    refused = send(client, "accept", numbers(appeals))

    assert ('id="bulk"' in page, refused.status_code, states(appeals)) == (
        False,
        403,
        ["submitted"],
    )


def test_the_list_offers_a_box_for_each_row_to_the_office(client, office):
    filed(2)

    page = client.get(reverse("appeals:appeal_list")).content.decode()

    assert (page.count('form="bulk"'), page.count('name="key"')) == (2, 3)
