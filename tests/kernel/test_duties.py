from datetime import date, datetime, timedelta

import pytest

from lianqi.appeals import actions
from lianqi.appeals.jobs import urge_overdue
from lianqi.kernel.actions import set_limit
from lianqi.kernel.actions.calendar import DayDraft, enter_calendar_days
from lianqi.kernel.clock import SHANGHAI, local
from lianqi.kernel.errors import CalendarMissing
from lianqi.kernel.models import ClockPause, Duty, OutboxMessage
from lianqi.kernel.remaining import remaining_text
from lianqi.kernel.workflow import date_undated_duties
from lianqi.organisation.enums import BodyCode, Post
from tests.factories import UnitFactory, entrepreneur, file_appeal, office_clerk, person

pytestmark = pytest.mark.django_db


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture
def clock(time_machine):
    """Return a function that sets the clock to a moment in the office."""

    def move(text):
        time_machine.move_to(at(text), tick=False)

    move("2026-11-23 10:00")  # a Monday
    return move


def duty_of(appeal, key, **where):
    return Duty.objects.about(appeal).get(key=key, **where)


def shown(duty):
    """Return (state, light, due on the office's clock)."""
    due = f"{local(duty.due_at):%m-%d %H:%M}" if duty.due_at else ""
    return duty.state, duty.light, due


def test_a_state_opens_its_duty_and_the_step_settles_it_in_time(clock):
    appeal, office = file_appeal(), office_clerk()
    assert shown(duty_of(appeal, "accept")) == ("open", "green", "11-24 17:30")

    clock("2026-11-24 17:29")
    actions.accept_appeal(appeal, actor=office)

    done = duty_of(appeal, "accept")
    assert (done.state, done.kept, done.closed_by) == ("done", True, office)
    assert shown(duty_of(appeal, "dispatch")) == ("open", "green", "11-25 17:30")


def test_a_duty_turns_amber_then_red_and_a_late_step_is_not_kept(clock):
    appeal, office = file_appeal(), office_clerk()
    lights = []
    for moment in ("2026-11-24 08:29", "2026-11-24 08:30", "2026-11-24 23:59", "2026-11-25 00:00"):
        clock(moment)
        lights.append(duty_of(appeal, "accept").light)

    actions.accept_appeal(appeal, actor=office)

    assert lights == ["green", "amber", "amber", "red"]
    assert duty_of(appeal, "accept").kept is False


def test_a_withdrawn_matter_makes_its_duties_moot(clock):
    firm = entrepreneur()
    appeal = file_appeal(firm)

    actions.withdraw_appeal(appeal, actor=firm, reason="已自行解决")

    duty = duty_of(appeal, "accept")
    assert (duty.state, duty.kept) == ("moot", None)


def test_a_pause_stops_the_clock_and_is_added_afterwards(clock):
    firm, office = entrepreneur(), office_clerk()
    appeal = file_appeal(firm)
    clock("2026-11-24 09:00")
    actions.request_supplement(appeal, actor=office, note="请补充停电时间")
    assert shown(duty_of(appeal, "accept")) == ("paused", "grey", "11-24 17:30")

    clock("2026-11-27 09:00")
    actions.supplement_appeal(appeal, actor=firm, content="每晚十点")

    # Three working days stood still: Tuesday's deadline becomes Friday's.
    duty = duty_of(appeal, "accept")
    assert shown(duty) == ("open", "amber", "11-27 17:30")
    assert [line["kind"] for line in duty.explanation] == ["start", "limit", "pause", "result"]
    [pause] = ClockPause.objects.about(appeal)
    assert (pause.began_at, pause.ended_at) == (at("2026-11-24 09:00"), at("2026-11-27 09:00"))


def test_a_duty_settled_while_its_clock_stands_counts_as_done_when_it_stopped(clock):
    lead, office = UnitFactory(), office_clerk()
    liaison, leader = person(Post.LIAISON, unit=lead), person(Post.LEADER, unit=lead)
    appeal = file_appeal()
    actions.accept_appeal(appeal, actor=office)
    actions.dispatch_appeal(appeal, actor=office, lead_unit=lead)
    actions.sign_order(appeal, actor=liaison)
    actions.record_contact(appeal, actor=liaison, note="已联系")
    actions.request_closing(appeal, actor=liaison, outcome="solved", reply="已解决。")
    actions.sign_closing(appeal, actor=leader)
    answer = duty_of(appeal, "request_closing")
    assert answer.state == "paused"

    clock("2026-12-21 10:00")
    actions.approve_closing(appeal, actor=office)

    answer.refresh_from_db()
    assert (answer.state, answer.closed_at, answer.kept) == ("done", at("2026-11-23 10:00"), True)


def test_an_extension_adds_working_days_and_is_explained(clock):
    lead, office = UnitFactory(), office_clerk()
    liaison = person(Post.LIAISON, unit=lead)
    appeal = file_appeal()
    actions.accept_appeal(appeal, actor=office)
    actions.dispatch_appeal(appeal, actor=office, lead_unit=lead)
    actions.sign_order(appeal, actor=liaison)
    before = shown(duty_of(appeal, "request_closing"))
    actions.request_extension(appeal, actor=liaison, days=3, reason="设备到货需要时间")

    actions.decide_extension(appeal, actor=office, approve=True)

    answer = duty_of(appeal, "request_closing")
    assert (before[2], shown(answer)[2]) == ("11-30 17:30", "12-03 17:30")
    assert [line["text"] for line in answer.explanation if line["kind"] == "extension"] == [
        "延期（设备到货需要时间）：2026年11月23日（周一）批准，延长3个工作日。"
    ]


def test_a_helper_must_be_ready_a_day_before_the_lead_and_shares_its_clock(clock):
    lead, helper, office = UnitFactory(), UnitFactory(), office_clerk()
    appeal = file_appeal()
    actions.accept_appeal(appeal, actor=office)

    actions.dispatch_appeal(appeal, actor=office, lead_unit=lead, co_units=[helper])

    assert shown(duty_of(appeal, "request_closing"))[2] == "11-30 17:30"
    assert shown(duty_of(appeal, "submit_opinion"))[2] == "11-27 17:30"


def test_a_changed_limit_holds_for_what_begins_after_it(clock):
    office = person(Post.OFFICE_STAFF, body=BodyCode.JC)
    before = file_appeal()
    clock("2026-11-24 09:00")
    set_limit(
        "appeal.accept",
        actor=office,
        amount=3,
        unit="working_day",
        basis="纪要",
        effective_from=at("2026-11-24 09:00").date(),
    )
    after = file_appeal()

    # Reckoned again by a pause, the older one still runs under the limit of its own day.
    actions.request_supplement(before, actor=office_clerk(), note="请补充")
    actions.supplement_appeal(before, actor=before.filed_by, content="补充")

    assert shown(duty_of(before, "accept"))[2] == "11-24 17:30"
    assert shown(duty_of(after, "accept"))[2] == "11-27 17:30"


def test_a_firm_is_not_turned_away_for_a_missing_calendar_and_the_date_follows(clock):
    clock("2026-12-31 18:00")
    appeal = file_appeal()

    undated = duty_of(appeal, "accept")
    waited = (undated.due_at, undated.light, remaining_text(undated), date_undated_duties())
    enter_calendar_days(
        [DayDraft(date(2027, *day), "off", "节日") for day in ((1, 1), (5, 1), (10, 1))],
        actor=person(Post.SYSADMIN),
        source="放假通知",
    )

    assert waited == (None, "blue", "日历未维护", 0)
    assert date_undated_duties() == 1
    assert shown(duty_of(appeal, "accept"))[2] == "01-04 17:30"
    appeal.refresh_from_db()
    assert appeal.due_at == duty_of(appeal, "accept").due_at


def test_a_missing_calendar_is_told_to_its_keeper_at_once_and_once_a_day(clock):
    clock("2026-12-31 18:00")
    file_appeal()
    file_appeal()

    told = OutboxMessage.objects.filter(recipient="system:sysadmin")
    assert list(told.values_list("title", flat=True)) == ["2027年工作日历还没有录入"]
    office = OutboxMessage.objects.filter(recipient="body:TF3:office").first()
    assert office.text == "工作日历未录入，期限待补；请照常办理。"


def test_a_missing_calendar_year_refuses_an_officials_step_and_leaves_nothing(clock):
    clock("2026-12-31 10:00")
    appeal = file_appeal()
    clock("2026-12-31 18:00")
    before = list(Duty.objects.values())

    with pytest.raises(CalendarMissing, match="日历未维护：2027年"):
        actions.accept_appeal(appeal, actor=office_clerk())

    assert list(Duty.objects.values()) == before


def test_an_overdue_duty_climbs_the_ladder_by_working_days(clock):
    appeal = file_appeal()
    rungs = []
    for moment in ("2026-11-24 18:00", "2026-11-25 09:00", "2026-11-26 09:00", "2026-12-10 09:00"):
        clock(moment)
        urge_overdue()
        rungs.append(duty_of(appeal, "accept").urge_level)

    assert rungs[:2] == [0, 1]
    assert rungs == sorted(rungs)


# --- what is left, in words


def a_duty(due, *, red=None, state="open", advisory=False):
    due_at = at(due) if due else None
    red_at = at(red) if red else due_at and due_at + timedelta(hours=6, minutes=30)
    return Duty(state=state, due_at=due_at, amber_at=due_at, red_at=red_at, advisory=advisory)


@pytest.mark.parametrize(
    ("moment", "due", "words"),
    [
        ("2026-11-23 10:00", "2026-11-25 17:30", "剩 2 个工作日"),
        ("2026-11-23 18:00", "2026-11-24 17:30", "剩 1 个工作日"),
        ("2026-11-24 10:30", "2026-11-24 17:30", "剩 5 小时（工作时间）"),
        ("2026-11-24 17:05", "2026-11-24 17:30", "剩 25 分钟（工作时间）"),
        ("2026-11-23 16:30", "2026-11-24 09:30", "剩 2 小时（工作时间）"),
        ("2026-09-30 10:00", "2026-10-08 17:30", "剩 1 个工作日"),  # National Day lies between
        ("2026-11-27 18:00", "2026-11-29 17:30", "剩 2 天（休息日）"),
        ("2026-11-29 10:00", "2026-11-29 17:30", "今日到期"),
        ("2026-11-24 17:30", "2026-11-24 17:30", "已到期"),
        ("2026-11-23 10:00", None, "无固定期限"),
        ("2026-11-23 10:00", "2027-02-01 17:30", "日历未维护"),
    ],
)
def test_what_is_left_is_said_in_working_time(clock, moment, due, words):
    clock(moment)

    assert remaining_text(a_duty(due)) == words


@pytest.mark.parametrize(
    ("moment", "due", "red", "words"),
    [
        ("2026-11-25 00:00", "2026-11-24 17:30", "2026-11-25 00:00", "逾期 1 个工作日"),
        ("2026-11-30 09:00", "2026-11-27 17:30", "2026-11-30 00:00", "逾期 1 个工作日"),
        ("2026-11-24 12:00", "2026-11-24 09:30", "2026-11-24 09:30", "逾期 2 小时（工作时间）"),
        ("2026-11-29 09:00", "2026-11-28 17:30", "2026-11-29 00:00", "已逾期"),  # a weekend
        ("2027-01-04 09:00", "2026-12-31 17:30", "2027-01-01 00:00", "已逾期（日历未维护）"),
    ],
)
def test_how_late_is_said_in_working_time(clock, moment, due, red, words):
    clock(moment)

    assert remaining_text(a_duty(due, red=red)) == words


def test_settled_paused_and_advisory_duties_are_never_late(clock):
    clock("2026-12-10 09:00")
    due = "2026-11-24 17:30"

    words = [
        remaining_text(a_duty(due, state="done")),
        remaining_text(a_duty(due, state="paused")),
        remaining_text(a_duty(due, advisory=True)),
    ]

    assert words == ["", "暂停计时", "已到期"]
