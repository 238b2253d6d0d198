from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqi.engines.worktime import SHANGHAI, Calendar, OfficeHours

OFFICIAL = Calendar.official()
LONG_DAY = OfficeHours(((time(8), time(11)), (time(11), time(12)), (time(13), time(20))))

moments = st.datetimes(
    datetime(2021, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2025, 12, 31),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, SHANGHAI]),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("given_moment", "expected"),
    [
        ("2026-10-12 10:15", "2026-10-12 10:15"),  # within office hours
        ("2026-10-12 07:00", "2026-10-12 08:30"),  # before them
        ("2026-10-12 12:00", "2026-10-12 14:00"),  # the end of a span is no longer in it
        ("2026-10-12 17:30", "2026-10-13 08:30"),  # after work
        ("2026-09-30 18:00", "2026-10-08 08:30"),  # before a long holiday
        ("2026-10-09 20:00", "2026-10-10 08:30"),  # a shifted Saturday is worked
        ("2026-10-11 10:00", "2026-10-12 08:30"),  # Sunday
    ],
)
def test_the_next_working_moment(given_moment: str, expected: str) -> None:
    assert OFFICIAL.next_working_moment(at(given_moment)) == at(expected)


@pytest.mark.parametrize(
    ("start", "minutes", "expected"),
    [
        ("2026-10-12 10:15", 0, "2026-10-12 10:15"),
        ("2026-10-12 10:15", 60, "2026-10-12 11:15"),
        ("2026-10-12 08:30", 210, "2026-10-12 12:00"),
        ("2026-10-12 08:30", 211, "2026-10-12 14:01"),
        ("2026-10-12 08:30", 420, "2026-10-12 17:30"),
        ("2026-10-12 13:00", 30, "2026-10-12 14:30"),
        ("2026-09-30 17:00", 120, "2026-10-08 10:00"),
        ("2026-10-10 17:00", 60, "2026-10-12 09:00"),
    ],
)
def test_working_minutes_are_added_within_office_hours(
    start: str, minutes: int, expected: str
) -> None:
    assert OFFICIAL.add_working_minutes(at(start), minutes) == at(expected)


@pytest.mark.parametrize(
    ("a", "b", "minutes"),
    [
        ("2026-10-12 11:30", "2026-10-12 14:30", 60),
        ("2026-09-30 17:00", "2026-10-08 09:00", 60),
        ("2026-10-11 00:00", "2026-10-11 23:00", 0),
        ("2026-10-12 09:00", "2026-10-13 09:00", 420),
        ("2026-10-12 14:30", "2026-10-12 11:30", -60),
    ],
)
def test_working_minutes_between_two_moments(a: str, b: str, minutes: int) -> None:
    assert OFFICIAL.working_minutes_between(at(a), at(b)) == minutes


@given(moments, st.integers(0, 50_000))
def test_as_many_minutes_lie_between_as_were_added(start: datetime, minutes: int) -> None:
    end = OFFICIAL.add_working_minutes(start, minutes)

    assert OFFICIAL.working_minutes_between(start, end) == minutes


@given(moments, st.integers(0, 5_000))
def test_other_hours_keep_the_round_trip(start: datetime, minutes: int) -> None:
    calendar = OFFICIAL.with_hours(LONG_DAY)

    end = calendar.add_working_minutes(start, minutes)

    assert calendar.working_minutes_between(start, end) == minutes


@given(moments)
def test_waiting_for_the_next_working_moment_costs_no_working_time(start: datetime) -> None:
    opening = OFFICIAL.next_working_moment(start)

    assert OFFICIAL.working_minutes_between(start, opening) == 0
    assert OFFICIAL.next_working_moment(opening) == opening


def test_any_zone_is_accepted_and_shanghai_is_returned() -> None:
    start = datetime(2026, 10, 12, 1, 0, tzinfo=UTC)

    end = OFFICIAL.add_working_minutes(start, 30)

    assert (end, end.tzinfo) == (at("2026-10-12 09:30"), SHANGHAI)


def test_the_local_date_decides_not_the_date_in_utc() -> None:
    sunday_in_utc = datetime(2026, 10, 11, 23, 0, tzinfo=UTC)

    assert OFFICIAL.next_working_moment(sunday_in_utc) == at("2026-10-12 08:30")


def test_a_naive_datetime_is_refused() -> None:
    naive = datetime(2026, 10, 12, 9, 0)  # noqa: DTZ001 - the wrong thing on purpose

    with pytest.raises(ValueError, match=r"^时间 2026-10-12 09:00 不带时区，请传入带时区的时间。$"):
        OFFICIAL.next_working_moment(naive)


def test_negative_minutes_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^工作分钟数不能为负数，现为 -1。$"):
        OFFICIAL.add_working_minutes(at("2026-10-12 09:00"), -1)


def test_the_day_ends_with_the_last_span() -> None:
    calendar = OFFICIAL.with_hours(LONG_DAY)

    assert (calendar.start_of_day(date(2026, 10, 12)), calendar.end_of_day(date(2026, 10, 12))) == (
        at("2026-10-12 08:00"),
        at("2026-10-12 20:00"),
    )


def test_other_hours_leave_the_first_calendar_as_it_was() -> None:
    calendar = OFFICIAL.with_hours(LONG_DAY)

    assert (calendar.hours, OFFICIAL.hours) == (LONG_DAY, OfficeHours())
    assert calendar.years == OFFICIAL.years


@pytest.mark.parametrize(
    ("spans", "message"),
    [
        ((), "办公时间不能为空，请至少填写一个时段，如 8:30-12:00。"),
        (((time(12), time(8)),), "办公时段 12:00-08:00 的结束时间应晚于开始时间。"),
        (((time(8), time(8)),), "办公时段 08:00-08:00 的结束时间应晚于开始时间。"),
        (
            ((time(8), time(12)), (time(11), time(17))),
            "办公时段 08:00-12:00 与 11:00-17:00 重叠或顺序颠倒，请按时间先后填写。",
        ),
        (
            ((time(14), time(17)), (time(8), time(12))),
            "办公时段 14:00-17:00 与 08:00-12:00 重叠或顺序颠倒，请按时间先后填写。",
        ),
        (
            ((time(8, tzinfo=UTC), time(12, tzinfo=UTC)),),
            "办公时间按北京时间填写，不带时区。",
        ),
    ],
)
def test_wrong_office_hours_are_refused(spans: tuple[tuple[time, time], ...], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        OfficeHours(spans)


@given(moments, st.integers(0, 60 * 24 * 30))
def test_working_minutes_never_exceed_minutes(start: datetime, minutes: int) -> None:
    end = start + timedelta(minutes=minutes)

    assert 0 <= OFFICIAL.working_minutes_between(start, end) <= minutes
