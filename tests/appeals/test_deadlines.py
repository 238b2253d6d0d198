"""When each duty of an appeal is due, turns amber and red, and how the date explains itself."""

from datetime import date, datetime, timedelta

import pytest

from lianqi.kernel.clock import SHANGHAI
from lianqi.kernel.errors import RuleBroken, StepUnfit
from lianqi.kernel.limits import time_limit
from lianqi.kernel.models import Duty, TimeLimit
from lianqi.kernel.revisions import raise_revision
from tests.appeals.stage import WAYS, Stage, clock_of, duty, written

# The Tuesday before 国庆: Wednesday is worked, then rest to the 7th; Saturday the 10th is worked.
BEFORE_HOLIDAY = datetime(2026, 9, 29, 10, 0, tzinfo=SHANGHAI)
# One working day is amber from the morning of the day on which it is due.
NEXT_DAY = ("09-30 08:30", "09-30 17:30", "10-08 00:00")

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(BEFORE_HOLIDAY, tick=False)]


def moment(month, day, hour=10, minute=0):
    """Return a moment of 2026 as the wall clock shows it."""
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def texts(owed):
    """Return the explanation of a duty's date, line by line."""
    return [line["text"] for line in owed.explanation]


# --- each limit


@pytest.mark.parametrize(
    ("state", "key", "amber", "due", "red"),
    [
        ("submitted", "accept", *NEXT_DAY),
        ("accepted", "dispatch", *NEXT_DAY),
        ("dispatched", "sign", *NEXT_DAY),
        ("disputed", "rule_return", *NEXT_DAY),
        ("handling", "record_contact", *NEXT_DAY),
        ("signing", "sign_closing", *NEXT_DAY),
        ("review", "approve_closing", *NEXT_DAY),
        ("supplement", "supplement", "10-10 08:30", "10-12 17:30", "10-13 00:00"),
        ("answered", "callback", "10-08 08:30", "10-09 17:30", "10-10 00:00"),
        # seven natural days; red with the next working day
        ("answered", "rate", "09-30 08:30", "10-06 23:59", "10-08 00:00"),
        ("rated", "close", "10-08 08:30", "10-09 17:30", "10-10 00:00"),
        ("dissatisfied", "redo", "10-10 08:30", "10-12 17:30", "10-13 00:00"),
        ("escalated", "instruct", "10-16 08:30", "10-19 17:30", "10-20 00:00"),
    ],
)
def test_a_duty_is_due_as_its_limit_says(state, key, amber, due, red):
    stage = Stage.at(state)
    owed = Duty.objects.about(stage.appeal).filter(key=key).order_by("pk").last()

    assert clock_of(owed) == (amber, due, red)


@pytest.mark.parametrize(
    ("kind", "amber", "due", "red"),
    [
        ("consult", "10-08 08:30", "10-09 17:30", "10-10 00:00"),
        ("help", "10-10 08:30", "10-12 17:30", "10-13 00:00"),
        ("suggestion", "10-10 08:30", "10-12 17:30", "10-13 00:00"),
        ("complaint", "10-16 08:30", "10-19 17:30", "10-20 00:00"),
    ],
)
def test_the_answer_is_due_by_kind_from_the_dispatch_on(kind, amber, due, red, time_machine):
    stage = Stage.at("dispatched", kind=kind)
    time_machine.shift(timedelta(hours=5))

    stage.take("sign")

    assert clock_of(duty(stage.appeal, "request_closing")) == (amber, due, red)


@pytest.mark.parametrize(
    ("state", "key", "amber", "due"),
    [
        ("submitted", "accept", "11:00", "12:00"),
        ("accepted", "dispatch", "11:00", "12:00"),
        ("dispatched", "sign", "10:30", "11:00"),
        ("handling", "record_contact", "11:00", "12:00"),
    ],
)
def test_urgent_appeals_run_by_the_office_hour(state, key, amber, due):
    stage = Stage.at(state, urgent=True)

    assert clock_of(duty(stage.appeal, key)) == tuple(f"09-29 {hour}" for hour in (amber, due, due))


def test_an_urgent_appeal_is_dispatched_within_two_hours_of_its_submission(time_machine):
    stage = Stage(urgent=True)
    time_machine.shift(timedelta(hours=1))

    stage.take("accept")

    assert clock_of(duty(stage.appeal, "dispatch"))[1:] == ("09-29 12:00", "09-29 12:00")


def test_an_urgent_appeal_redone_is_dispatched_within_two_hours_of_that(time_machine):
    stage = Stage(urgent=True)
    stage.go("accept", "answer_directly", "rate_badly")
    time_machine.move_to(moment(9, 30, 9))

    stage.take("redo")

    assert clock_of(duty(stage.appeal, "dispatch"))[1] == "09-30 11:00"


# --- helpers


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        ("consult", "10-08 17:30"),
        ("help", "10-10 17:30"),
        ("suggestion", "10-10 17:30"),
        ("complaint", "10-16 17:30"),
    ],
)
def test_a_helper_is_due_one_working_day_before_the_lead(kind, due):
    stage = Stage.at("dispatched", kind=kind)
    owed = duty(stage.appeal, "submit_opinion")

    assert (clock_of(owed)[1], texts(owed)[-2]) == (due, "协办提前：1个工作日。")


# --- pauses


def test_an_evening_question_answered_on_a_rest_day_costs_nobody_a_day(time_machine):
    time_machine.move_to(moment(3, 9))
    stage = Stage.at("handling")  # due on Monday the 16th
    time_machine.move_to(moment(3, 13, 19))
    stage.take("request_supplement")
    time_machine.move_to(moment(3, 15))

    stage.take("supplement")

    assert clock_of(duty(stage.appeal, "request_closing"))[1] == "03-16 17:30"


def test_working_days_the_firm_took_are_added_for_lead_and_helper_alike(time_machine):
    time_machine.move_to(moment(3, 9))
    stage = Stage.at("handling")
    time_machine.move_to(moment(3, 11))
    stage.take("request_supplement")
    time_machine.move_to(moment(3, 17))

    stage.take("supplement")

    owed = duty(stage.appeal, "request_closing")
    assert (clock_of(owed)[1], clock_of(duty(stage.appeal, "submit_opinion"))[1]) == (
        "03-20 17:30",
        "03-19 17:30",
    )
    assert (stage.reload().due_at, stage.appeal.red_at) == (owed.due_at, owed.red_at)


def test_an_urgent_clock_stands_over_the_weekend_while_the_firm_supplements(time_machine):
    time_machine.move_to(moment(3, 13, 16, 30))
    stage = Stage(urgent=True)
    time_machine.move_to(moment(3, 13, 17))
    stage.take("request_supplement")
    time_machine.move_to(moment(3, 15))
    stage.take("supplement")

    # Half an hour was used on Friday, an hour and a half is left on Monday.
    assert clock_of(duty(stage.appeal, "accept"))[1] == "03-16 10:00"
    time_machine.move_to(moment(3, 16, 9))
    stage.take("accept")
    # What stood while it was to be accepted stands for its dispatch too.
    assert clock_of(duty(stage.appeal, "dispatch"))[1] == "03-16 10:00"


def test_the_offices_check_is_not_charged_to_the_unit(time_machine):
    time_machine.move_to(moment(3, 9))
    stage = Stage.at("review")
    time_machine.move_to(moment(3, 12))

    stage.take("reject_closing")

    assert clock_of(duty(stage.appeal, "request_closing"))[1] == "03-19 17:30"


def test_a_unit_already_late_is_not_made_punctual_by_a_pause(time_machine):
    time_machine.move_to(moment(3, 9))
    stage = Stage.at("handling")
    time_machine.move_to(moment(3, 18))
    stage.take("request_supplement")
    time_machine.move_to(moment(3, 20))

    stage.take("supplement")

    owed = duty(stage.appeal, "request_closing")
    assert (clock_of(owed)[1], owed.light) == ("03-16 17:30", "red")


def test_a_paused_duty_shows_no_light(time_machine):
    stage = Stage.at("handling")
    stage.take("request_supplement")
    time_machine.move_to(moment(11, 2))

    assert duty(stage.appeal, "request_closing").light == "grey"


# --- extension, ceiling, return, redo, promise


def test_an_extension_is_counted_in_working_days_from_the_due_day():
    stage = Stage.at("handling")
    stage.go("request_extension", "decide_extension")

    assert clock_of(duty(stage.appeal, "request_closing")) == (
        "10-14 08:30",
        "10-15 17:30",
        "10-16 00:00",
    )


def test_the_longest_extension_stays_within_the_ceiling():
    stage = Stage.at("handling", kind="complaint")
    stage.take("request_extension", days=10)
    stage.take("decide_extension")

    used = time_limit("appeal.close.complaint").amount + 10
    assert (used <= time_limit("appeal.ceiling").amount, time_limit("appeal.ceiling").amount) == (
        True,
        30,
    )
    assert clock_of(duty(stage.appeal, "request_closing"))[1] == "11-02 17:30"


def test_an_order_is_returned_until_the_first_working_day_after_the_limit(time_machine):
    stage = Stage.at("dispatched")
    before = written()
    time_machine.move_to(moment(10, 8, 0))

    with pytest.raises(StepUnfit) as refusal:
        stage.take("return_order")

    assert refusal.value.message == "退单时限已过（09月30日 17:30前可退），请签收办理（首接负责）。"
    assert written() == before
    time_machine.move_to(moment(10, 7, 23, 59))
    stage.take("return_order")
    assert stage.reload().state == "disputed"


def test_the_clock_runs_on_while_units_dispute(time_machine):
    stage = Stage.at("disputed")
    due = clock_of(duty(stage.appeal, "request_closing"))
    time_machine.move_to(moment(10, 9))

    stage.take("rule_return")

    assert clock_of(duty(stage.appeal, "request_closing")) == due
    assert clock_of(duty(stage.appeal, "sign"))[1] == "10-10 17:30"


def test_a_redo_has_its_own_five_days_whatever_the_kind(time_machine):
    stage = Stage.at("dissatisfied", kind="complaint")
    time_machine.move_to(moment(10, 8))

    stage.take("redo")

    assert clock_of(duty(stage.appeal, "request_closing"))[1] == "10-14 17:30"
    assert clock_of(duty(stage.appeal, "submit_opinion"))[1] == "10-13 17:30"


def test_a_promise_is_checked_on_its_own_day_even_if_it_is_a_rest_day():
    stage = Stage.at("handling")
    stage.take("request_planned", promised_on=date(2026, 10, 3))
    stage.go("sign_closing", "approve_closing")

    assert clock_of(duty(stage.appeal, "recheck_promise")) == (
        "09-30 08:30",
        "10-03 17:30",
        "10-04 00:00",
    )


# --- the light


@pytest.mark.parametrize(
    ("now", "light"),
    [
        (moment(10, 9, 17, 30), "green"),
        (moment(10, 10, 8, 29), "green"),
        (moment(10, 10, 8, 30), "amber"),
        (moment(10, 12, 17, 30), "amber"),
        (moment(10, 12, 23, 59), "amber"),
        (moment(10, 13, 0, 0), "red"),
    ],
)
def test_amber_begins_a_working_day_before_and_red_on_the_first_after(now, light, time_machine):
    stage = Stage.at("handling")
    owed = duty(stage.appeal, "request_closing")
    time_machine.move_to(now)

    assert (owed.light, owed.overdue) == (light, light == "red")


# --- the explanation


def test_a_date_explains_itself_with_rest_days_shifts_pauses_and_extensions(time_machine):
    stage = Stage.at("handling")
    time_machine.move_to(moment(9, 30, 15))
    stage.take("request_supplement")
    time_machine.move_to(moment(10, 8, 9))
    stage.take("supplement")
    stage.go("request_extension", "decide_extension")

    owed = duty(stage.appeal, "request_closing")
    assert texts(owed) == [
        "起算：2026年9月29日（周二）10:00，当日不计。",
        "时限：5个工作日。",
        "跳过周末1天。",
        "跳过国庆节：2026年10月1日（周四）至2026年10月7日（周三），共7天。",
        "计入调休上班日（国庆节）：2026年10月10日（周六）。",
        "暂停计时（待补充）：2026年9月30日（周三）15:00至2026年10月8日（周四）09:00，顺延1个工作日。",
        "延期（等待停电计划。）：2026年10月8日（周四）批准，延长3个工作日。",
        "结果：应于2026年10月16日（周五）17:30前完成。",
    ]
    assert owed.limit_text == "5工作日（建议值，原文未规定：参照豫12345办法：求助五个工作日）"


# --- kept columns, changed limits, missing calendar


@pytest.mark.parametrize("state", WAYS)
def test_the_appeal_carries_the_date_of_its_answer_or_else_the_next_one(state):
    stage = Stage.at(state)

    live = Duty.objects.about(stage.appeal).filter(state__in=["open", "paused"], advisory=False)
    answer = live.filter(key="request_closing").first()
    leading = answer or live.order_by("due_at").first()
    expected = (leading.due_at, leading.red_at) if leading else (None, None)
    assert (stage.reload().due_at, stage.appeal.red_at) == expected


def test_a_limit_changed_later_leaves_running_clocks_alone(time_machine):
    stage = Stage.at("handling")
    old = TimeLimit.objects.get(key="appeal.close.help")
    TimeLimit.objects.create(
        key=old.key,
        label=old.label,
        amount=2,
        unit=old.unit,
        source=old.source,
        basis=old.basis,
        effective_from=date(2026, 9, 30),
    )
    raise_revision("limits")
    time_machine.move_to(moment(9, 30))

    stage.take("report_stage")
    later = Stage.at("handling")

    assert clock_of(duty(stage.appeal, "request_closing"))[1] == "10-12 17:30"
    assert clock_of(duty(later.appeal, "request_closing"))[1] == "10-09 17:30"


NO_2027 = (
    "日历未维护：2027年没有节假日和调休数据，无法计算工作日。请到 系统管理-工作日历 录入后再办理。"
)


@pytest.mark.parametrize(("state", "key"), [("submitted", "accept"), ("accepted", "dispatch")])
def test_without_next_years_calendar_a_step_is_refused_in_plain_words(state, key, time_machine):
    time_machine.move_to(moment(12, 28))
    stage = Stage.at(state)
    time_machine.move_to(moment(12, 31))
    before = written()

    with pytest.raises(RuleBroken) as refusal:
        stage.take(key)

    assert (refusal.value.status, refusal.value.message) == (422, NO_2027)
    assert written() == before


def test_an_extension_into_an_unknown_year_is_refused_in_plain_words(time_machine):
    time_machine.move_to(moment(12, 21))
    stage = Stage.at("handling")
    stage.take("request_extension", days=10)
    before = written()

    with pytest.raises(RuleBroken) as refusal:
        stage.take("decide_extension")

    assert (refusal.value.message, written()) == (NO_2027, before)
