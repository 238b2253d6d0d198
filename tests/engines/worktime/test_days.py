import re
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqi.engines.worktime import SHANGHAI, Calendar, CalendarNotMaintainedError

OFFICIAL = Calendar.official()

# (start, working days to add, result) as checked against the notices of the State Council.
VECTORS = [
    ("2020-01-23", 3, "2020-02-05"),
    ("2020-06-24", 1, "2020-06-28"),
    ("2020-09-25", 5, "2020-10-09"),
    ("2020-12-21", 5, "2020-12-28"),
    ("2021-02-10", 3, "2021-02-20"),
    ("2021-09-17", 1, "2021-09-18"),
    ("2021-09-30", 5, "2021-10-13"),
    ("2022-01-28", 3, "2022-02-07"),
    ("2022-04-29", 3, "2022-05-07"),
    ("2022-12-30", 1, "2023-01-03"),
    ("2023-01-20", 3, "2023-01-30"),
    ("2023-09-28", 3, "2023-10-09"),
    ("2024-02-09", 1, "2024-02-18"),
    ("2024-10-11", 1, "2024-10-12"),
    ("2025-01-27", 1, "2025-02-05"),
    ("2025-09-30", 5, "2025-10-14"),
    ("2026-02-13", 3, "2026-02-25"),
    ("2026-09-30", 3, "2026-10-10"),
]
TOTALS = {2020: 249, 2021: 250, 2022: 249, 2023: 249, 2024: 251, 2025: 248, 2026: 248}

days_inside = st.dates(date(2021, 1, 1), date(2025, 12, 31))


@pytest.mark.parametrize(("start", "n", "expected"), VECTORS)
def test_working_days_are_added_as_the_notices_say(start: str, n: int, expected: str) -> None:
    result = OFFICIAL.add_working_days(date.fromisoformat(start), n)

    assert result == date.fromisoformat(expected)


@pytest.mark.parametrize(("start", "n", "expected"), VECTORS)
def test_counting_back_from_the_result_finds_the_start(start: str, n: int, expected: str) -> None:
    result = OFFICIAL.add_working_days(date.fromisoformat(expected), -n)

    assert result == date.fromisoformat(start)


@pytest.mark.parametrize(("year", "total"), TOTALS.items())
def test_each_year_has_its_number_of_working_days(year: int, total: int) -> None:
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(366))

    worked = [day for day in days if day.year == year and OFFICIAL.is_working_day(day)]

    assert len(worked) == total


def test_new_years_eve_2024_was_a_working_friday() -> None:
    assert OFFICIAL.is_working_day(date(2024, 2, 9)) is True


def test_adding_no_days_returns_the_day_even_a_sunday() -> None:
    assert OFFICIAL.add_working_days(date(2026, 10, 11), 0) == date(2026, 10, 11)


def test_days_between_leave_out_the_first_and_take_in_the_last() -> None:
    friday, monday = date(2026, 10, 16), date(2026, 10, 19)

    assert (
        OFFICIAL.working_days_between(friday, monday),
        OFFICIAL.working_days_between(friday, friday),
        OFFICIAL.working_days_between(monday, friday),
    ) == (1, 0, -1)


@given(days_inside, st.integers(0, 250))
def test_as_many_days_lie_between_as_were_added(day: date, n: int) -> None:
    assert OFFICIAL.working_days_between(day, OFFICIAL.add_working_days(day, n)) == n


@given(days_inside, st.integers(0, 200), st.integers(0, 50))
def test_more_days_never_end_earlier(day: date, n: int, more: int) -> None:
    assert OFFICIAL.add_working_days(day, n) <= OFFICIAL.add_working_days(day, n + more)


@given(days_inside, st.integers(1, 250))
def test_an_added_day_is_a_working_day_and_leads_back(day: date, n: int) -> None:
    result = OFFICIAL.add_working_days(day, n)
    back = OFFICIAL.add_working_days(result, -n)

    assert OFFICIAL.is_working_day(result) is True
    assert (back == day) == OFFICIAL.is_working_day(day)


@pytest.mark.parametrize(
    ("start", "n", "year"),
    [
        (date(2027, 1, 4), 1, 2027),
        (date(2019, 12, 31), 0, 2019),
        (date(2026, 12, 31), 1, 2027),
        (date(2020, 1, 2), -1, 2019),
        (date(2026, 10, 12), 2000, 2027),
    ],
)
def test_a_year_without_data_is_refused_by_name(start: date, n: int, year: int) -> None:
    expected = (
        f"日历未维护：{year}年没有节假日和调休数据，无法计算工作日。"
        "请到 系统管理-工作日历 录入后再办理。"
    )

    with pytest.raises(CalendarNotMaintainedError, match=f"^{re.escape(expected)}$") as refusal:
        OFFICIAL.add_working_days(start, n)

    assert (refusal.value.year, isinstance(refusal.value, LookupError)) == (year, True)


def test_an_unknown_year_between_two_known_ones_is_refused() -> None:
    calendar = Calendar({}, {2030, 2032})

    for n in (1, 30):
        with pytest.raises(CalendarNotMaintainedError, match="日历未维护：2031年"):
            calendar.add_working_days(date(2030, 12, 31), n)
    with pytest.raises(CalendarNotMaintainedError, match="日历未维护：2031年"):
        calendar.working_days_between(date(2030, 12, 31), date(2032, 1, 5))


def test_an_exception_does_not_make_its_year_known() -> None:
    calendar = Calendar({date(2031, 1, 1): False}, [2030])

    with pytest.raises(CalendarNotMaintainedError, match="2031年"):
        calendar.is_working_day(date(2031, 1, 1))


def test_a_calendar_follows_the_days_it_is_given() -> None:
    calendar = Calendar({date(2030, 1, 1): False, date(2030, 1, 5): True}, [2030])

    worked = [date(2030, 1, n) for n in range(1, 8) if calendar.is_working_day(date(2030, 1, n))]

    assert [day.day for day in worked] == [2, 3, 4, 5, 7]


def test_a_datetime_is_refused_because_its_date_depends_on_the_zone() -> None:
    with pytest.raises(TypeError, match="工作日按日期"):
        OFFICIAL.add_working_days(datetime(2026, 1, 5, tzinfo=SHANGHAI), 1)


def test_the_official_calendar_is_read_once() -> None:
    assert Calendar.official() is Calendar.official()
