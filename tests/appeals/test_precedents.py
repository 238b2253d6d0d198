"""Precedents and past units are shown where the office chooses a unit; nothing dispatches itself."""

from datetime import timedelta

import pytest
from django.urls import reverse

from lianqi.appeals.actions import accept_appeal
from lianqi.appeals.models import Appeal
from lianqi.appeals.queries.precedents import dispute_hours, precedent_rows, suggestions
from lianqi.kernel.workdays import calendar
from tests.appeals.stage import MORNING, Stage
from tests.factories import entrepreneur, file_appeal

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(MORNING)]
FIRE = {"title": "消防验收整改意见理解不一致", "content": "疏散距离的要求企业与设计单位理解不同。"}


def ruled(upheld=True, **facts):
    stage = Stage.at("disputed", **{**FIRE, **facts})
    stage.take("rule_return", upheld=upheld, note="消防验收归消防救援大队。")
    return stage


def accepted(stage, **facts):
    appeal = file_appeal(entrepreneur(), **facts)
    return accept_appeal(appeal, actor=stage.who["office"])


def test_a_ruling_is_quoted_for_a_similar_appeal_and_not_for_a_strange_one():
    stage = ruled()
    alike = accepted(stage, title="消防验收整改要求不明确", content="验收整改意见不清楚。")
    strange = accepted(stage, title="建议增加公交末班", content="晚班工人下班后没有公交。")

    [precedent] = suggestions(stage.who["office"], alike).precedents

    order = precedent.order
    assert (order.appeal, order.new_unit, precedent.month) == (
        stage.appeal,
        stage.other,
        "2026年3月",
    )
    assert suggestions(stage.who["office"], strange).found is False


def test_units_that_handled_the_like_are_counted_the_most_frequent_first():
    stages = [Stage.at("answered", **FIRE) for _ in range(2)]
    office = stages[0].who["office"]
    Appeal.objects.filter(pk=stages[1].appeal.pk).update(lead_unit=stages[0].lead)
    third = Stage.at("answered", **FIRE)
    asked = accepted(third, **FIRE)

    found = suggestions(office, asked).units

    assert [(one.unit, one.count) for one in found] == [(stages[0].lead, 2), (third.lead, 1)]


def test_the_dispatch_form_quotes_and_fills_in_only_what_the_office_clicks(client):
    stage = ruled()
    appeal = accepted(stage, **FIRE)
    client.force_login(stage.who["office"])
    url = reverse("appeals:appeal_step", args=[appeal.number, "dispatch"])

    page = client.get(url).content.decode()
    chosen = client.get(url, {"lead_unit": stage.other.code})

    assert "消防验收归消防救援大队。" in page
    assert f"{stage.lead.name}退单成立，改派{stage.other.name}" in page
    assert chosen.context["step_form"]["lead_unit"].value() == stage.other.code
    assert Appeal.objects.get(pk=appeal.pk).state == "accepted"


@pytest.mark.parametrize("count", [1, 5])
def test_suggestions_ask_the_same_queries_for_any_number_of_rulings(
    django_assert_num_queries, count
):
    stages = [ruled() for _ in range(count)]
    appeal = accepted(stages[0], **FIRE)
    office = stages[0].who["office"]
    assert office.posts_now

    with django_assert_num_queries(2):
        found = suggestions(office, appeal)

    assert len(found.precedents) == min(count, 3)


def test_a_handling_unit_is_shown_no_precedents(client):
    stage = ruled()
    client.force_login(stage.who["liaison"])

    assert client.get(reverse("appeals:precedent_list")).status_code == 403


def test_the_list_is_searched_by_words_unit_and_verdict(client):
    stage, refused = ruled(), ruled(upheld=False, title="路灯不亮", content="园区路灯不亮。")
    office = stage.who["office"]

    def found(**asked):
        return [order.appeal for order in precedent_rows(office, **asked)]

    assert found() == [refused.appeal, stage.appeal]
    assert found(q="疏散 消防") == []
    assert found(q="整改 消防") == [stage.appeal]
    assert found(unit=stage.other.code) == [stage.appeal]
    assert found(verdict="refused") == [refused.appeal]


@pytest.mark.parametrize("count", [1, 5])
def test_the_list_page_asks_the_same_queries_for_any_number_of_rows(
    client, django_assert_num_queries, count
):
    stages = [ruled() for _ in range(count)]
    client.force_login(stages[0].who["office"])
    url = reverse("appeals:precedent_list")
    client.get(url)

    with django_assert_num_queries(8):
        page = client.get(url)

    assert len(page.context["rows"]) == count


def test_the_dispute_is_measured_in_working_hours_and_the_firm_waits_no_longer(time_machine):
    stage = Stage.at("disputed")
    promised = stage.reload().due_at
    time_machine.move_to(MORNING + timedelta(hours=3))

    stage.take("rule_return")

    assert dispute_hours(stage.appeal.returns.get(), calendar()) == 3.0
    assert stage.reload().due_at == promised


def test_the_board_tells_each_unit_its_returns_and_their_hours(client):
    stage = ruled()
    client.force_login(stage.who["head"])

    board = client.get(reverse("appeals:board")).context["board"]

    assert [(line.name, line.returned) for line in board.units if line.returned] == [
        (stage.lead.name, 1)
    ]
