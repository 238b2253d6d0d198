"""Time expressions of work plans: the annexes' own, and those of other districts' plans."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqi.engines.deadlines import read_deadline, years_named

CYCLE = (2020, 2021, 2022)


def days(text, **scene):
    """Return the days in short ISO form."""
    return [day.isoformat() for day in read_deadline(text, **scene).dates]


# The twelve expressions of the annexes, with the days that the district means.
OF_THE_ANNEXES = [
    ("2020年8月上旬", ["2020-08-10"], False),
    ("2020年8月中旬", ["2020-08-20"], False),
    ("2021年6月底", ["2021-06-30"], False),
    ("持续推进）", [], True),
    ("持续推进", [], True),
    ("长期", [], True),
    ("2020年10月底前完成，2021-2022年视情修订完善", ["2020-10-31"], False),
    (
        "2020年10月底前完成，2021-2022年于当年4月底前",
        ["2020-10-31", "2021-04-30", "2022-04-30"],
        False,
    ),
    (
        "2020年12月中旬前完成，2021-2022年于当年11月底前",
        ["2020-12-20", "2021-11-30", "2022-11-30"],
        False,
    ),
    ("当年12月中旬前完成", ["2020-12-20", "2021-12-20", "2022-12-20"], False),
    ("当年12月底前", ["2020-12-31", "2021-12-31", "2022-12-31"], False),
    ("次年1月底前", ["2021-01-31", "2022-01-31", "2023-01-31"], False),
]


@pytest.mark.parametrize(("text", "expected", "open_ended"), OF_THE_ANNEXES)
def test_every_expression_of_the_annexes_gives_its_days(text, expected, open_ended):
    reading = read_deadline(text, cycle_years=CYCLE)

    assert [day.isoformat() for day in reading.dates] == expected
    assert reading.open_ended is open_ended
    assert reading.recurs is None


OF_OTHER_PLANS = [
    ("6月底完成", ["2021-06-30"]),
    ("6月下旬", ["2021-06-30"]),
    ("2月下旬", ["2021-02-28"]),
    ("上半年", ["2021-06-30"]),
    ("下半年", ["2021-12-31"]),
    ("年底前", ["2021-12-31"]),
    ("年内", ["2021-12-31"]),
    ("全年", ["2021-12-31"]),
    ("2021年内完成", ["2021-12-31"]),
    ("2022年底", ["2022-12-31"]),
    ("2022年", ["2022-12-31"]),
    ("一季度", ["2021-03-31"]),
    ("第三季度末", ["2021-09-30"]),
    ("十月底前", ["2021-10-31"]),
    ("十二月二十五日前", ["2021-12-25"]),
    ("二〇二二年三月底前", ["2022-03-31"]),
    ("3月15日前", ["2021-03-15"]),
    ("3月1日-4月30日", ["2021-04-30"]),
    ("2021年3月至6月", ["2021-06-30"]),
    ("2021年6—9月", ["2021-09-30"]),
    ("２０２１年６月底前", ["2021-06-30"]),
    ("2021 年\n6 月 底 前", ["2021-06-30"]),
    ("2021.6.30前", ["2021-06-30"]),
    ("2021/06/30", ["2021-06-30"]),
    ("2021-06-30", ["2021-06-30"]),
    ("一期6月底前，二期12月底前", ["2021-06-30", "2021-12-31"]),
    ("一期2021年6月底完成，二期2022年6月底完成", ["2021-06-30", "2022-06-30"]),
    ("2021、2022年6月底前", ["2021-06-30", "2022-06-30"]),
    ("明年3月底前", ["2022-03-31"]),
    ("今年9月底前", ["2021-09-30"]),
    ("国庆节前", ["2021-09-30"]),
    ("元旦前", ["2021-12-31"]),
    ("2022年元旦前", ["2021-12-31"]),
]


@pytest.mark.parametrize(("text", "expected"), OF_OTHER_PLANS)
def test_expressions_of_other_plans_give_their_days(text, expected):
    assert days(text, plan_year=2021) == expected


@pytest.mark.parametrize(
    ("text", "recurs", "count", "last"),
    [
        ("每季度末", "quarterly", 4, "2021-12-31"),
        ("每季度首月10日前", "quarterly", 4, "2021-10-10"),
        ("每月10日前", "monthly", 12, "2021-12-10"),
        ("每月底", "monthly", 12, "2021-12-31"),
        ("3月起每月底", "monthly", 10, "2021-12-31"),
        ("2020年8-12月每月1场（共5场）", "monthly", 5, "2020-12-31"),
        ("每年10月底前", "yearly", 1, "2021-10-31"),
        ("每年6月、12月底前", "yearly", 2, "2021-12-31"),
        ("每半年", "yearly", 2, "2021-12-31"),
    ],
)
def test_a_recurrence_lists_the_days_of_the_plans_own_year(text, recurs, count, last):
    reading = read_deadline(text, plan_year=2021)

    assert (reading.recurs, len(reading.dates)) == (recurs, count)
    assert reading.dates[-1].isoformat() == last


def test_an_open_ended_matter_may_still_have_a_dated_part():
    reading = read_deadline("2021年6月底前取得阶段成效，长期坚持")

    assert (reading.dates, reading.open_ended) == ((date(2021, 6, 30),), True)


def test_before_a_stretch_of_ten_days_can_be_read_strictly():
    usual = read_deadline("2020年12月中旬前")
    strict = read_deadline("2020年12月中旬前", strict_before=True)

    assert (usual.dates, strict.dates) == ((date(2020, 12, 20),), (date(2020, 12, 10),))
    assert usual.warnings == ("“中旬前”按20日计；严格理解为10日。",)
    assert strict.warnings == ()


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("", "没有写完成时限。"),
        ("尽快", "没有读懂“尽快”，请填写日期。"),
        ("15个工作日内", "“15个工作日内”要从某一天起算，请填写日期。"),
        ("0000年6月底", "“0000年”不像是计划的年份，请填写日期。"),
        ("13月底", "没有13月，请填写日期。"),
        ("2月30日", "2021年没有2月30日，按28日计，请核对。"),
        ("6月前", "“6月前”按6月底计，请核对。"),
        ("季度末", "“季度末”没有写明哪个季度，按每季度末计，请核对。"),
        ("2021-2023年", "“2021-2023年”按2023年底计，请核对。"),
        ("2021年视情修订", "“2021年视情修订”没有固定日期，建议每年复核一次。"),
    ],
)
def test_what_is_assumed_or_not_understood_is_said(text, warning):
    assert read_deadline(text, plan_year=2021).warnings == (warning,)


def test_a_month_without_any_year_gives_no_day_but_says_so():
    reading = read_deadline("6月底前")

    assert reading.dates == ()
    assert reading.warnings == ("没有写年份，也不知道是哪一年的计划，请填写日期。",)


@pytest.mark.parametrize(
    ("heading", "years"),
    [
        ("（二）做好先进典型选树工作（2020-2022年）", (2020, 2021, 2022)),
        ("2021年工作要点", (2021,)),
        ("二〇二一年工作要点", (2021,)),
        ("2020至2021年度", (2020, 2021)),
        ("一、工作目标", ()),
    ],
)
def test_a_heading_names_its_cycle_years(heading, years):
    assert years_named(heading) == years


@given(
    st.text(
        alphabet="0123456789年月日底前旬上中下季度半每当次至-到、，；起初末内全（）一二三十 期持续",
        max_size=40,
    )
)
def test_no_expression_breaks_the_reading(text):
    reading = read_deadline(text, plan_year=2021, cycle_years=CYCLE)

    assert list(reading.dates) == sorted(set(reading.dates))
    assert reading.dates or reading.open_ended or reading.warnings
