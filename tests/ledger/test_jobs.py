"""What the clock does: periods, slips, statements, recurring items, persons who have left."""

from contextlib import contextmanager
from datetime import date, timedelta

import pytest

from lianqi.kernel.access import SYSTEM
from lianqi.kernel.chores import remind_due
from lianqi.kernel.errors import StepUnfit
from lianqi.kernel.models import CalendarDay, Duty, JournalEntry, OutboxMessage
from lianqi.kernel.workdays import forget_calendar
from lianqi.ledger.actions import (
    answer_slip,
    apply_closing,
    release_owner,
    report_progress,
    sign_item,
)
from lianqi.ledger.jobs import (
    draft_recurring,
    issue_slips,
    open_statements,
    return_desks,
    turn_periods,
)
from lianqi.ledger.models import Item, Slip, Statement
from lianqi.organisation.actions import (
    acknowledge_roster_change,
    file_roster_change,
    suspend_account,
)
from lianqi.organisation.enums import Post
from tests.factories import person
from tests.kernel.threads import together
from tests.ledger.stage import EVIDENCE, Stage, at

pytestmark = pytest.mark.django_db
NOV_2 = date(2026, 11, 2)


def on(day, job):
    """Return the job as a worker runs it on that day, on a thread of its own."""

    def run():
        with at(day):
            return job()

    return run


def owed(item, key):
    """Return the live duties of a key: part and who holds it."""
    rows = Duty.objects.about(item).filter(state="open", key=key).order_by("pk")
    return [(duty.part, duty.holder.partition(":")[0]) for duty in rows]


def fates(item, key):
    rows = Duty.objects.about(item).filter(key=key).order_by("pk")
    return [(duty.part, duty.state) for duty in rows]


@contextmanager
def without_calendar_of(year):
    """Take a year out of the calendar."""
    CalendarDay.objects.filter(date__year=year).delete()
    forget_calendar()
    yield
    forget_calendar()


# --- periods


def test_a_report_that_did_not_come_lapses_and_the_next_period_is_owed():
    with at(NOV_2):
        item = Stage().underway()
    with at(date(2026, 12, 2)):
        told = turn_periods()

    assert told == "上期未报 1 件；新一期 0 件"
    assert fates(item, "report_progress") == [("2026-11", "lapsed"), ("2026-12", "open")]


def test_after_a_report_the_next_period_is_owed_when_it_begins():
    with at(NOV_2):
        stage = Stage()
        item = stage.underway()
        report_progress(item, actor=stage.liaison, percent=20, text="推进。")
    with at(date(2026, 11, 20)):
        early = turn_periods()
    with at(date(2026, 12, 1)):
        turn_periods()

    assert early == "上期未报 0 件；新一期 1 件"
    assert fates(item, "report_progress") == [("2026-11", "done"), ("2026-12", "open")]


def test_an_item_of_a_later_year_is_owed_to_be_assigned_when_its_year_begins():
    with at(NOV_2):
        item = Stage().docketed(dates=[date(2027, 4, 30)])
        before = owed(item, "assign")
    with at(date(2027, 1, 4)):
        turn_periods()

    assert (before, owed(item, "assign")) == ([], [("", "body")])


# --- slips


def late_item(stage):
    with at(NOV_2):
        return stage.underway(dates=[date(2026, 11, 13)])


def test_the_ladder_is_climbed_by_working_days_once_the_last_slip_is_answered():
    with at(NOV_2):
        stage = Stage()
    item = late_item(stage)
    days = {
        date(2026, 11, 13): [],
        date(2026, 11, 16): ["blue"],  # Monday, the first day after
        date(2026, 11, 20): ["blue"],  # four working days later
        date(2026, 11, 23): ["blue", "orange"],
        date(2026, 11, 27): ["blue", "orange"],
        date(2026, 11, 30): ["blue", "orange", "red"],
        date(2026, 12, 14): ["blue", "orange", "red"],
    }
    found = {}
    for day in days:
        with at(day):
            issue_slips()
            found[day] = list(item.slips.values_list("colour", flat=True))
            if item.slips.filter(answered_at=None).exists():
                orange = item.slips.latest("pk").colour != "blue"
                answer_slip(item, actor=stage.leader if orange else stage.liaison, text="在办。")

    assert found == days


def test_an_unanswered_slip_is_followed_by_no_other():
    with at(NOV_2):
        stage = Stage()
    item = late_item(stage)
    for day in (date(2026, 11, 16), date(2026, 11, 30)):
        with at(day):
            issue_slips()

    assert item.slips.count() == 1


def test_what_was_applied_for_in_time_gets_no_slip():
    with at(NOV_2):
        stage = Stage()
    item = late_item(stage)
    with at(date(2026, 11, 12)):
        apply_closing(item, actor=stage.liaison, result="已办。", files=[EVIDENCE])
    with at(date(2026, 11, 20)):
        assert issue_slips() == "签发 0 张"


def test_where_the_calendar_is_missing_the_first_slip_goes_out_and_the_next_waits():
    with at(NOV_2):
        stage = Stage()
        item = stage.underway(dates=[date(2026, 12, 30)])
    with without_calendar_of(2027), at(date(2027, 1, 4)):
        first = issue_slips()
        answer_slip(item, actor=stage.liaison, text="在办。")
    with at(date(2027, 2, 4)):
        later = issue_slips()

    assert (first, later) == ("签发 1 张", "签发 0 张")


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_issues_a_slip():
    with at(NOV_2):
        stage = Stage()
    late_item(stage)
    told = together(*[on(date(2026, 11, 16), issue_slips)] * 2)

    assert (sorted(told), Slip.objects.count()) == (["签发 0 张", "签发 1 张"], 1)


# --- statements


def test_last_months_statement_is_opened_once_for_each_unit():
    with at(NOV_2):
        Stage().underway()
    with at(date(2026, 12, 1)):
        told = [open_statements(), open_statements()]

    assert told == ["2026-11 开账 1 家", "2026-11 开账 0 家"]
    assert list(Statement.objects.values_list("month", "opened_by")) == [("2026-11", None)]


def test_a_unit_that_got_its_first_item_this_month_has_no_statement_of_the_last():
    with at(date(2026, 12, 3)):
        Stage().underway()
        assert open_statements() == "2026-11 开账 0 家"


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_opens_a_statement():
    with at(NOV_2):
        Stage().underway()
    told = together(*[on(date(2026, 12, 1), open_statements)] * 2)

    assert sorted(told) == ["2026-11 开账 0 家", "2026-11 开账 1 家"]
    assert Statement.objects.get().lines.count() == 1


# --- recurring


def test_a_yearly_item_is_drafted_again_with_last_years_record_beside_it():
    with at(NOV_2):
        stage = Stage()
        last = stage.underway(recurs="yearly", dates=[date(2026, 2, 28), date(2026, 10, 31)])
    with at(date(2027, 1, 4)):
        told = [draft_recurring(), draft_recurring()]

    item = Item.objects.get(year=2027)
    assert told == ["拟立项 1 件", "拟立项 0 件"]
    assert (item.state, item.previous, item.due_on) == ("drafted", last, date(2027, 10, 31))
    assert [one.due_on for one in item.milestones.all()] == [date(2027, 2, 28)]


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_drafts_the_recurring_item():
    with at(NOV_2):
        Stage().underway(recurs="yearly", dates=[date(2026, 11, 30)])
    together(*[on(date(2027, 1, 4), draft_recurring)] * 2)

    assert Item.objects.filter(year=2027).count() == 1


# --- reminders


def test_amber_duties_of_the_ledger_are_reminded_of_once_like_all_others():
    with at(NOV_2):
        item = Stage().underway(dates=[date(2026, 11, 20)])
    OutboxMessage.objects.all().delete()
    with at(date(2026, 11, 20)):
        told = [remind_due(), remind_due()]

    assert told == ["提醒 1 件", "提醒 0 件"]
    assert OutboxMessage.objects.get().title == f"临期提醒：{item}"


def test_a_missing_report_is_reminded_of_when_its_period_is_over():
    with at(NOV_2):
        item = Stage().underway(dates=[], deadline_text="持续推进")
    OutboxMessage.objects.all().delete()
    with at(date(2026, 11, 29)):
        early = remind_due()
    with at(date(2026, 12, 1)):
        late = remind_due()

    assert (early, late) == ("提醒 0 件", "提醒 1 件")
    assert OutboxMessage.objects.get().title == f"到期提醒：{item}（2026年11月）"


# --- persons who have left


def test_the_items_of_a_closed_account_go_back_to_the_liaisons_desk_with_a_line():
    with at(NOV_2):
        stage = Stage()
        owner = person(Post.LEADER, unit=stage.lead)
        item = stage.assigned()
        sign_item(item, actor=stage.liaison, owner=owner)
        before = owed(item, "apply_closing")
        suspend_account(owner, actor=person(Post.SECADMIN), reason="调离")
        told = [return_desks(), return_desks()]

    item.refresh_from_db()
    line = JournalEntry.objects.about(item).latest("seq")
    assert (before, told, item.owner) == ([("", "owner")], ["交回 1 件", "交回 0 件"], None)
    assert owed(item, "apply_closing") == [("", "unit")]
    assert (line.verb, owner.full_name in line.text) == ("ledger_item.release_owner", True)


def test_when_a_roster_change_takes_effect_the_predecessors_items_go_back_at_once():
    with at(NOV_2):
        stage = Stage()
        item = stage.underway()
        change = file_roster_change(
            stage.lead,
            actor=stage.leader,
            post=Post.LIAISON,
            successor_name="接任人",
            successor_title="科长",
            successor_phone="13800138000",
            effective_on=NOV_2,
            reason="轮岗",
        )
        acknowledge_roster_change(change, actor=stage.office)

    item.refresh_from_db()
    assert (change.state, item.owner) == ("effective", None)
    assert owed(item, "apply_closing") == [("", "unit")]


def test_who_still_works_in_the_unit_keeps_his_items():
    with at(NOV_2):
        stage = Stage()
        item = stage.underway()
        assert return_desks() == "交回 0 件"

    item.refresh_from_db()
    assert item.owner == stage.liaison


def test_the_clock_alone_releases_nobody_who_has_not_left():
    with at(NOV_2):
        item = Stage().underway()
        with pytest.raises(StepUnfit):
            release_owner(item, actor=SYSTEM)


def test_an_ended_appointment_gives_the_items_back_the_day_after():
    with at(NOV_2):
        stage = Stage()
        item = stage.underway()
        stage.liaison.appointments.update(valid_to=NOV_2)
    with at(NOV_2 + timedelta(days=1)):
        told = return_desks()

    assert (told, owed(item, "apply_closing")) == ("交回 1 件", [("", "unit")])
