"""From the draft to the strike-off; nothing is struck off on one side's word."""

from datetime import date

import pytest

from lianqi.kernel.access import SYSTEM
from lianqi.kernel.documents import documents_about, prove
from lianqi.kernel.errors import NotPermitted, RuleBroken, StaleState, StepUnfit
from lianqi.kernel.models import Duty
from lianqi.ledger.actions import (
    assign_item,
    decide_extension,
    draft_item,
    draft_series,
    grade_closing,
    issue_slip,
    reject_closing,
    reopen_item,
    report_progress,
    request_extension,
    sign_extension,
    sign_item,
    strike_off,
)
from lianqi.ledger.actions.statements import (
    Answer,
    Verdict,
    answer_statement,
    open_statement,
    rule_statement,
)
from lianqi.ledger.enums import ItemSource
from lianqi.ledger.models import Item
from tests.ledger.stage import EVIDENCE, Stage, at

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture
def stage():
    with at(TODAY):
        yield Stage()


def owed(item):
    """Return what is owed on an item now: (step, holder's beginning, day)."""
    rows = Duty.objects.about(item).filter(state="open").order_by("key", "pk")
    return [
        (duty.key, duty.holder.partition(":")[0], duty.due_at and duty.due_at.date())
        for duty in rows
    ]


def test_an_item_goes_from_draft_to_strike_off(stage):
    item = stage.completed()
    with pytest.raises(StepUnfit):
        strike_off(item, actor=stage.office)
    statement = open_statement(stage.lead, "2026-11", actor=stage.office)
    line = statement.lines.get()

    answer_statement(statement, actor=stage.liaison, answers={line.pk: Answer("agreed")})
    item.refresh_from_db()
    strike_off(item, actor=stage.office)

    assert (item.state, item.struck_at is not None, statement.state) == ("struck", True, "settled")
    assert owed(item) == []


def test_each_state_owes_its_step_to_its_desk(stage):
    draft, docketed, assigned = stage.drafted(), stage.docketed(), stage.assigned()
    underway, closing = stage.underway(), stage.closing()

    assert [owed(draft)[0][:2], owed(docketed)[0][:2], owed(assigned)[0][:2], owed(closing)[0][:2]] == [
        ("docket", "body"), ("assign", "body"), ("sign", "unit"), ("grade_closing", "body"),
    ]  # fmt: skip
    # Signed on the 24th: the first report is December's; until then only the day itself is owed.
    assert owed(underway) == [("apply_closing", "owner", date(2026, 12, 15))]


def test_a_line_whose_unit_says_it_is_not_done_lets_nothing_be_struck_off(stage):
    item = stage.completed()
    statement = open_statement(stage.lead, "2026-11", actor=stage.office)
    line = statement.lines.get()
    said = Answer("disputed", note="尚缺两家。", done=False, percent=80)

    answer_statement(statement, actor=stage.liaison, answers={line.pk: said})
    rule_statement(statement, actor=stage.office, rulings={line.pk: Verdict("adopted")})
    item.refresh_from_db()

    assert (statement.state, item.agreed_at) == ("settled", None)


def test_open_ended_items_owe_check_ins_that_turn_amber_and_never_red(stage):
    with at(date(2026, 11, 2)):
        item = stage.underway(dates=[], deadline_text="持续推进")
    with at(date(2027, 3, 1)):
        [duty] = Duty.objects.about(item).filter(state="open")
        light = duty.light

    assert (duty.key, duty.part, duty.red_at, light) == (
        "report_progress",
        "2026-11",
        None,
        "amber",
    )


def test_a_report_ends_the_periods_duty_and_helpers_leave_it_open(stage):
    with at(date(2026, 11, 2)):
        item = stage.underway()
    report_progress(item, actor=stage.sharer, percent=10, text="已报送名单。")
    after_helper = [step for step, _, _ in owed(item)]
    report_progress(item, actor=stage.liaison, percent=40, text="完成初稿。", files=[EVIDENCE])

    assert after_helper == ["apply_closing", "report_progress"]
    assert ([step for step, _, _ in owed(item)], item.percent) == (["apply_closing"], 40)


def test_an_extension_is_signed_by_the_leader_and_decided_by_the_office(stage):
    item = stage.underway()
    request_extension(item, actor=stage.liaison, to_day=date(2026, 12, 31), reason="企业数据未齐。")
    with pytest.raises(StepUnfit):
        decide_extension(item, actor=stage.office, approve=True)

    sign_extension(item, actor=stage.leader)
    decide_extension(item, actor=stage.office, approve=True)

    assert item.due_on == date(2026, 12, 31)
    assert owed(item) == [("apply_closing", "owner", date(2026, 12, 31))]


def test_an_extension_is_not_asked_for_once_the_day_is_over(stage):
    item = stage.underway(dates=[date(2026, 11, 20)])

    with pytest.raises(StepUnfit, match="时限已过"):
        request_extension(item, actor=stage.liaison, to_day=date(2026, 12, 31), reason="来不及。")


def test_an_item_is_signed_with_a_person_of_the_lead_unit(stage):
    item = stage.assigned()

    with pytest.raises(RuleBroken, match="具体责任人"):
        sign_item(item, actor=stage.liaison, owner=stage.sharer)
    with pytest.raises(NotPermitted):
        sign_item(item, actor=stage.sharer, owner=stage.sharer)


def test_of_two_officials_one_closes(stage):
    first = stage.closing()
    second = Item.objects.get(pk=first.pk)

    grade_closing(first, actor=stage.office, grade="passed")
    with pytest.raises(StaleState):
        reject_closing(second, actor=stage.office, reason="材料不全。")


def test_a_reopened_item_keeps_its_closing(stage):
    item = reopen_item(stage.completed(), actor=stage.office, reason="企业反映没有落实。")

    closing = item.closings.get()
    assert (item.state, item.completed_at, closing.accepted, closing.reopen_reason) == (
        "underway", None, True, "企业反映没有落实。",
    )  # fmt: skip


def test_dates_of_several_years_make_one_item_a_year_with_the_one_before_beside_it(stage):
    days = [date(2026, 12, 10), date(2027, 4, 30), date(2028, 4, 30)]

    items = draft_series(
        actor=stage.office, title="评选", source=ItemSource.PLAN, lead_unit=stage.lead, dates=days
    )

    assert [(one.year, one.due_on, one.previous) for one in items] == [
        (2026, days[0], None), (2027, days[1], items[0]), (2028, days[2], items[1]),
    ]  # fmt: skip


def test_the_same_origin_and_year_give_the_same_item(stage):
    origin = stage.docketed()
    again = {
        "actor": stage.office,
        "title": "落实",
        "source": "resolution",
        "lead_unit": stage.lead,
    }

    first, second = draft_item(origin=origin, **again), draft_item(origin=origin, **again)

    assert first == second


def test_what_was_due_before_its_document_is_entered_later_and_never_red(stage):
    item = stage.underway(dates=[date(2026, 8, 10)], issued_on=date(2026, 8, 21))
    [duty] = Duty.objects.about(item).filter(state="open", key="apply_closing")

    assert (item.backfilled, item.red_at, duty.red_at, duty.light) == (True, None, None, "amber")


def test_a_later_years_item_waits_for_its_year(stage):
    item = stage.docketed(dates=[date(2027, 4, 30)])

    with pytest.raises(StepUnfit, match="2027年"):
        assign_item(item, actor=stage.office)


def test_orders_slips_and_statements_are_issued_as_numbered_documents(stage):
    item = stage.underway(dates=[date(2026, 11, 20)])
    issue_slip(item, actor=SYSTEM)
    statement = open_statement(stage.lead, "2026-11", actor=stage.office)
    line = statement.lines.get()
    answer_statement(statement, actor=stage.liaison, answers={line.pk: Answer("agreed")})

    issued = [*documents_about(item), *documents_about(statement)]
    slip = item.slips.get()

    assert [(one.kind, one.number[-8:], prove(one).unchanged) for one in issued] == [
        ("supervision", "〔2026〕1号", True),
        ("assignment", "〔2026〕1号", True),
        ("statement", "〔2026〕1号", True),
    ]
    assert (slip.colour, slip.issued_by, slip.until) == ("blue", None, date(2026, 11, 27))
