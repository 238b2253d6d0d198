from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqi.engines.worktime import (
    SHANGHAI,
    Calendar,
    CalendarNotMaintainedError,
    Deadline,
    Extension,
    Limit,
    OfficeHours,
    Pause,
    Unit,
    light,
)

OFFICIAL = Calendar.official()
FIVE_DAYS = Limit(5, Unit.WORKING_DAY)
TWO_HOURS = Limit(2, Unit.WORKING_HOUR)
WEEK = Limit(7, Unit.CALENDAR_DAY)
GRANTED = date(2026, 10, 13)

starts = st.datetimes(
    datetime(2021, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2025, 6, 30),  # noqa: DTZ001
    timezones=st.just(SHANGHAI),
)
units = st.sampled_from(Unit)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def pause(began: str, ended: str | None) -> Pause:
    return Pause(at(began), at(ended) if ended else None, "补充材料")


def moments(deadline: Deadline) -> tuple[datetime, datetime, datetime]:
    return deadline.due_at, deadline.amber_at, deadline.red_at


def texts(deadline: Deadline, kind: str) -> list[str]:
    return [line.text for line in deadline.explanation if line.kind == kind]


def test_a_limit_in_working_days_ends_with_office_hours() -> None:
    deadline = OFFICIAL.deadline(at("2026-09-30 10:00"), Limit(3, Unit.WORKING_DAY))

    assert moments(deadline) == (
        at("2026-10-10 17:30"),
        at("2026-10-09 08:30"),
        at("2026-10-12 00:00"),
    )


@pytest.mark.parametrize("start", ["2026-10-12 00:00", "2026-10-12 10:00", "2026-10-12 23:00"])
def test_the_hour_of_the_start_does_not_matter_for_days(start: str) -> None:
    assert OFFICIAL.deadline(at(start), FIVE_DAYS).due_at == at("2026-10-19 17:30")


def test_a_start_on_a_rest_day_counts_from_the_next_working_day() -> None:
    sunday = OFFICIAL.deadline(at("2026-10-11 09:00"), Limit(1, Unit.WORKING_DAY))

    assert moments(sunday) == (
        at("2026-10-12 17:30"),
        at("2026-10-12 08:30"),  # the working day before would precede the start
        at("2026-10-13 00:00"),
    )


def test_a_start_in_utc_is_counted_from_the_local_date() -> None:
    tuesday_in_shanghai = datetime(2026, 10, 12, 17, 0, tzinfo=UTC)

    deadline = OFFICIAL.deadline(tuesday_in_shanghai, Limit(1, Unit.WORKING_DAY))

    assert deadline.due_at == at("2026-10-14 17:30")


def test_amber_never_precedes_the_start() -> None:
    early = OFFICIAL.deadline(at("2026-10-12 08:00"), Limit(1, Unit.WORKING_DAY))
    later = OFFICIAL.deadline(at("2026-10-12 08:31"), Limit(1, Unit.WORKING_DAY))

    assert (early.amber_at, later.amber_at) == (at("2026-10-12 08:30"), at("2026-10-13 08:30"))


def test_the_first_day_of_the_calendar_needs_no_day_before_it() -> None:
    deadline = OFFICIAL.deadline(at("2020-01-01 09:00"), Limit(1, Unit.WORKING_DAY))

    assert moments(deadline) == (
        at("2020-01-02 17:30"),
        at("2020-01-02 08:30"),
        at("2020-01-03 00:00"),
    )


def test_a_deadline_whose_red_day_is_in_an_unknown_year_is_refused() -> None:
    with pytest.raises(CalendarNotMaintainedError, match="日历未维护：2027年"):
        OFFICIAL.deadline(at("2026-12-30 09:00"), Limit(1, Unit.WORKING_DAY))


def test_other_office_hours_move_the_end() -> None:
    calendar = OFFICIAL.with_hours(OfficeHours(((time(9), time(18)),)))

    deadline = calendar.deadline(at("2026-10-12 10:00"), FIVE_DAYS)

    assert (deadline.due_at, deadline.amber_at) == (at("2026-10-19 18:00"), at("2026-10-16 09:00"))


@pytest.mark.parametrize(
    ("pauses", "due"),
    [
        ([("2026-10-13 09:00", "2026-10-13 17:00")], "2026-10-19 17:30"),  # one day: nothing
        ([("2026-10-13 09:00", "2026-10-15 17:00")], "2026-10-21 17:30"),  # 14, 15
        ([("2026-10-16 09:00", "2026-10-18 17:00")], "2026-10-19 17:30"),  # over a weekend
        (
            [("2026-10-13 09:00", "2026-10-15 17:00"), ("2026-10-14 09:00", "2026-10-16 17:00")],
            "2026-10-22 17:30",  # 14, 15, 16 once each
        ),
        (
            [("2026-10-13 09:00", "2026-10-16 17:00"), ("2026-10-14 09:00", "2026-10-15 17:00")],
            "2026-10-22 17:30",  # one inside the other
        ),
        ([("2026-10-09 09:00", "2026-10-14 09:00")], "2026-10-21 17:30"),  # only after the start
        ([("2026-10-08 09:00", "2026-10-09 09:00")], "2026-10-19 17:30"),  # over before the start
        ([("2026-10-20 09:00", "2026-10-23 09:00")], "2026-10-19 17:30"),  # already late
        (
            [("2026-10-20 09:00", "2026-10-21 09:00"), ("2026-10-13 09:00", "2026-10-15 17:00")],
            "2026-10-22 17:30",  # in order of time the later one is still within the limit
        ),
    ],
)
def test_paused_working_days_are_added_once(pauses: list[tuple[str, str]], due: str) -> None:
    deadline = OFFICIAL.deadline(
        at("2026-10-12 10:00"), FIVE_DAYS, pauses=[pause(*one) for one in pauses]
    )

    assert deadline.due_at == at(due)


def test_an_open_pause_counts_until_now() -> None:
    deadline = OFFICIAL.deadline(
        at("2026-10-12 10:00"),
        FIVE_DAYS,
        pauses=[pause("2026-10-13 09:00", None)],
        now=at("2026-10-16 09:00"),
    )

    assert deadline.due_at == at("2026-10-22 17:30")
    assert texts(deadline, "pause") == [
        "暂停计时（补充材料）：2026年10月13日（周二）09:00至今（2026年10月16日（周五）09:00），"
        "顺延3个工作日。"
    ]


def test_an_open_pause_without_the_present_is_refused() -> None:
    with pytest.raises(
        ValueError, match=r"^暂停（补充材料）尚未结束，计算期限须给出当前时间 now。$"
    ):
        OFFICIAL.deadline(
            at("2026-10-12 10:00"), FIVE_DAYS, pauses=[pause("2026-10-13 09:00", None)]
        )


def test_a_pause_after_the_due_date_is_told_but_gives_nothing() -> None:
    deadline = OFFICIAL.deadline(
        at("2026-10-12 10:00"), FIVE_DAYS, pauses=[pause("2026-10-20 09:00", "2026-10-23 09:00")]
    )

    assert texts(deadline, "pause") == [
        "暂停计时（补充材料）：2026年10月20日（周二）09:00至2026年10月23日（周五）09:00，"
        "暂停时已超过期限，不顺延。"
    ]


def test_extensions_add_working_days() -> None:
    deadline = OFFICIAL.deadline(
        at("2026-10-12 10:00"),
        FIVE_DAYS,
        extensions=[Extension(3, "情况复杂", GRANTED), Extension(2, "需要鉴定", GRANTED)],
    )

    assert deadline.due_at == at("2026-10-26 17:30")
    assert texts(deadline, "extension") == [
        "延期（情况复杂）：2026年10月13日（周二）批准，延长3个工作日。",
        "延期（需要鉴定）：2026年10月13日（周二）批准，延长2个工作日。",
    ]


@pytest.mark.parametrize(
    ("lead_days", "due", "told"),
    [
        (1, "2026-10-16 17:30", "协办提前：1个工作日。"),
        (4, "2026-10-13 17:30", "协办提前：4个工作日。"),
        (5, "2026-10-13 17:30", "协办提前：5个工作日，但不早于起算后第1个工作日。"),
        (9, "2026-10-13 17:30", "协办提前：9个工作日，但不早于起算后第1个工作日。"),
    ],
)
def test_a_co_handler_is_due_earlier_but_not_before_the_next_working_day(
    lead_days: int, due: str, told: str
) -> None:
    deadline = OFFICIAL.deadline(at("2026-10-12 10:00"), FIVE_DAYS, lead_days=lead_days)

    assert (deadline.due_at, texts(deadline, "lead")) == (at(due), [told])


def test_negative_lead_days_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^协办提前天数不能为负数，现为 -1。$"):
        OFFICIAL.deadline(at("2026-10-12 10:00"), FIVE_DAYS, lead_days=-1)


def test_a_limit_in_working_hours_turns_amber_half_way_and_red_when_due() -> None:
    deadline = OFFICIAL.deadline(at("2026-10-12 17:00"), TWO_HOURS)

    assert moments(deadline) == (
        at("2026-10-13 10:00"),
        at("2026-10-13 09:00"),
        at("2026-10-13 10:00"),
    )


def test_parts_of_an_hour_are_possible() -> None:
    deadline = OFFICIAL.deadline(at("2026-10-12 09:00"), Limit(Decimal("1.5"), Unit.WORKING_HOUR))

    assert deadline.due_at == at("2026-10-12 10:30")


def test_a_pause_adds_its_office_minutes_to_hours() -> None:
    deadline = OFFICIAL.deadline(
        at("2026-10-12 09:00"), TWO_HOURS, pauses=[pause("2026-10-12 10:00", "2026-10-12 14:30")]
    )

    assert deadline.due_at == at("2026-10-12 15:30")
    assert texts(deadline, "pause") == [
        "暂停计时（补充材料）：2026年10月12日（周一）10:00至2026年10月12日（周一）14:30，"
        "顺延2个工作小时30分钟。"
    ]


def test_an_extension_of_hours_adds_working_days_at_the_same_hour() -> None:
    deadline = OFFICIAL.deadline(
        at("2026-10-16 09:00"), TWO_HOURS, extensions=[Extension(1, "情况复杂", GRANTED)]
    )

    assert deadline.due_at == at("2026-10-19 11:00")


def test_hours_are_not_brought_forward_for_co_handlers() -> None:
    deadline = OFFICIAL.deadline(at("2026-10-12 09:00"), TWO_HOURS, lead_days=1)

    assert (deadline.due_at, texts(deadline, "lead")) == (
        at("2026-10-12 11:00"),
        ["协办提前：按工作小时计的时限不提前。"],
    )


def test_natural_days_end_at_midnight_and_are_not_moved_off_a_rest_day() -> None:
    deadline = OFFICIAL.deadline(at("2026-10-04 10:00"), WEEK)

    assert moments(deadline) == (
        at("2026-10-11 23:59"),  # a Sunday
        at("2026-10-10 08:30"),  # the shifted Saturday before it
        at("2026-10-12 00:00"),
    )
    assert texts(deadline, "rest") == ["按自然日计算，周末和节假日照计，期满日遇休息日不顺延。"]


def test_natural_days_wholly_inside_a_holiday_turn_amber_on_the_due_day() -> None:
    deadline = OFFICIAL.deadline(at("2026-10-01 10:00"), Limit(3, Unit.CALENDAR_DAY))

    assert moments(deadline) == (
        at("2026-10-04 23:59"),
        at("2026-10-04 08:30"),
        at("2026-10-08 00:00"),
    )


def test_pauses_extensions_and_lead_of_natural_days_are_natural_days() -> None:
    deadline = OFFICIAL.deadline(
        at("2026-10-12 10:00"),
        WEEK,
        pauses=[pause("2026-10-16 09:00", "2026-10-19 09:00")],
        extensions=[Extension(2, "情况复杂", GRANTED)],
        lead_days=1,
    )

    assert deadline.due_at == at("2026-10-23 23:59")
    assert [line.text for line in deadline.explanation if line.kind in ("extension", "lead")] == [
        "延期（情况复杂）：2026年10月13日（周二）批准，延长2个自然日。",
        "协办提前：1个自然日。",
    ]


@given(starts, units, st.integers(1, 60), st.integers(0, 20))
def test_the_moments_come_in_order(start: datetime, unit: Unit, amount: int, lead: int) -> None:
    deadline = OFFICIAL.deadline(start, Limit(amount, unit), lead_days=lead)

    assert start <= deadline.amber_at <= deadline.due_at <= deadline.red_at


@given(starts, units, st.integers(1, 60), st.integers(1, 20))
def test_an_extension_or_a_pause_never_makes_it_earlier(
    start: datetime, unit: Unit, amount: int, days: int
) -> None:
    limit = Limit(amount, unit)
    plain = OFFICIAL.deadline(start, limit)

    extended = OFFICIAL.deadline(start, limit, extensions=[Extension(days, "复杂", start.date())])
    paused = OFFICIAL.deadline(
        start, limit, pauses=[Pause(start, start + timedelta(days=days), "补充")]
    )

    assert extended.due_at > plain.due_at
    assert paused.due_at >= plain.due_at


@given(starts, st.integers(1, 60))
def test_every_day_between_is_accounted_for(start: datetime, amount: int) -> None:
    deadline = OFFICIAL.deadline(start, Limit(amount, Unit.WORKING_DAY))
    passed = OFFICIAL.passed(start.date() + timedelta(days=1), deadline.due_at.date())

    rest = passed.weekend_days + sum(holiday.days for holiday in passed.holidays)

    assert rest + amount == (deadline.due_at.date() - start.date()).days


@pytest.mark.parametrize(
    ("now", "colour"),
    [
        ("2026-10-08 23:59", "green"),
        ("2026-10-09 08:30", "amber"),
        ("2026-10-11 23:59", "amber"),
        ("2026-10-12 00:00", "red"),
    ],
)
def test_the_light_changes_at_the_moments_themselves(now: str, colour: str) -> None:
    assert light(at(now), at("2026-10-09 08:30"), at("2026-10-12 00:00")) == colour


# --- named days


def test_a_named_day_is_due_at_the_end_of_its_office_hours():
    due = OFFICIAL.fixed_day(date(2021, 4, 30), at("2021-01-04 09:00"))

    assert (due.due_at, due.amber_at, due.red_at) == (
        at("2021-04-30 17:30"),
        at("2021-04-29 08:30"),
        at("2021-05-01 00:00"),
    )
    assert [line.text for line in due.explanation] == [
        "产生：2021年1月4日（周一）09:00。",
        "时限：规定日期2021年4月30日（周五），含当日。",
        "结果：应于2021年4月30日（周五）17:30前完成。",
    ]


def test_a_named_rest_day_is_not_moved_and_reminds_on_the_working_day_before():
    due = OFFICIAL.fixed_day(date(2022, 4, 30), at("2022-01-04 09:00"))

    assert (due.due_at, due.amber_at, due.red_at) == (
        at("2022-04-30 17:30"),
        at("2022-04-29 08:30"),
        at("2022-05-01 00:00"),
    )
    assert due.explanation[2].text == (
        "2022年4月30日（周六）是休息日，日期不顺延：自上一工作日2022年4月29日（周五）起提醒，"
        "过了规定日期才算逾期。"
    )


def test_a_named_day_after_a_shifted_sunday_reminds_on_that_sunday():
    due = OFFICIAL.fixed_day(date(2022, 1, 31), at("2022-01-04 09:00"))

    assert due.amber_at == at("2022-01-30 08:30")


def test_a_named_day_before_the_duty_arose_is_red_at_once():
    due = OFFICIAL.fixed_day(date(2020, 8, 10), at("2020-08-21 09:00"))

    assert light(at("2020-08-21 09:00"), due.amber_at, due.red_at) == "red"


def test_a_named_day_in_an_unknown_year_is_refused():
    with pytest.raises(CalendarNotMaintainedError):
        OFFICIAL.fixed_day(date(2031, 6, 30), at("2026-01-05 09:00"))


def test_a_named_day_needs_a_start_with_a_zone():
    with pytest.raises(ValueError, match="不带时区"):
        OFFICIAL.fixed_day(date(2026, 6, 30), datetime(2026, 1, 5, 9))  # noqa: DTZ001 - the point
