"""Dated promises in office prose: which sentences, which last day, what is doubtful."""

from datetime import date, timedelta

import pytest

from lianqi.engines.promises import find_promises

WRITTEN_ON = date(2026, 11, 24)  # a Tuesday


def days_of(text, written_on=WRITTEN_ON):
    found = find_promises(text, written_on, lambda day, n: day + timedelta(days=n))
    return [one.on.isoformat() if one.on else None for one in found]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("预计12月15日前完成", "2026-12-15"),
        ("预计12月15号前完成", "2026-12-15"),
        ("2026-12-31前办结", "2026-12-31"),
        ("2026年12月底前完成", "2026-12-31"),
        ("年底前全部整改到位", "2026-12-31"),
        ("今年年底前完成", "2026-12-31"),
        ("2027年底前完成", "2027-12-31"),
        ("计划明年年底前通车", "2027-12-31"),
        ("12月中旬前答复", "2026-12-20"),
        ("12月上旬前答复", "2026-12-10"),
        ("十二月三十日前先行试点", "2026-12-30"),
        ("2027年一季度开工建设", "2027-03-31"),
        ("预计明年第2季度完工", "2027-06-30"),
        ("力争2027年上半年开工", "2027-06-30"),
        ("本月底前交付", "2026-11-30"),
        ("月底前交付", "2026-11-30"),
        ("下月15日前答复", "2026-12-15"),
        ("下个月底前答复", "2026-12-31"),
        ("下周三前答复您", "2026-12-02"),
        ("下下周一前答复您", "2026-12-07"),
        ("本周五前上门", "2026-11-27"),
        ("周五前上门查看", "2026-11-27"),
        ("周一前上门查看", "2026-11-30"),
        ("本周内上门", "2026-11-29"),
        ("三个月内解决", "2027-02-24"),
        ("半年内完成", "2027-05-24"),
        ("两周内完成", "2026-12-08"),
        ("半个月内完成", "2026-12-09"),
        ("十五日内答复", "2026-12-09"),
        ("5个工作日内答复", "2026-11-29"),
        ("二十个工作日内办结", "2026-12-14"),
        ("将于明天上午上门", "2026-11-25"),
    ],
)
def test_a_named_day_means_the_last_day_that_the_words_allow(text, day):
    assert days_of(text) == [day]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("将于2月底前完成", "2027-02-28"),  # near enough: nobody means last February
        ("将于9月底前完成", "2026-09-30"),  # next year's would be ten months ahead: asked back
    ],
)
def test_a_month_without_a_year_is_the_coming_one_if_it_is_near(text, day):
    assert days_of(text) == [day]


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("将于9月底前完成", "这一天已经过去，请核对日期。"),
        ("将于2月30日前完成", "没有这一天，请填写日期。"),
        ("将于13月5日前完成", "没有这一天，请填写日期。"),
    ],
)
def test_a_day_gone_by_or_not_in_the_calendar_is_warned_of(text, warning):
    assert [one.warning for one in find_promises(text, WRITTEN_ON)] == [warning]


def test_working_days_without_a_calendar_are_left_to_the_reader():
    def unknown(day, n):
        raise LookupError(day)

    [found] = find_promises("20个工作日内办结", WRITTEN_ON, unknown)

    assert (found.on, found.warning) == (None, "工作日历还没有这一年，请填写日期。")


@pytest.mark.parametrize(
    "text",
    [
        "已于2026年9月30日完成整改。",
        "今年9月已完成管网改造。",
        "根据2026年5月1日印发的文件，不予补贴。",
        "请您于12月1日前提交材料。",
        "请于每月5日前申报。",
        "两周内停电三次。",
        "近三个月内多次停电。",
        "近期将安排现场查看。",
        "公交公司同意自下月起延长一小时试运行。",
        "",
    ],
)
def test_the_past_a_citation_and_a_demand_are_no_promises(text):
    assert days_of(text) == []


def test_a_sentence_with_two_days_holds_two_promises_in_its_own_words():
    found = find_promises(
        "情况如下。首批四套房源本月底前交付，其余四人力争2027年3月中旬前入住。", WRITTEN_ON
    )

    assert [(one.text, one.on) for one in found] == [
        ("首批四套房源本月底前交付", date(2026, 11, 30)),
        ("其余四人力争2027年3月中旬前入住。", date(2027, 3, 20)),
    ]


def test_the_same_promise_said_twice_is_found_once():
    assert days_of("年底前完成。年底前完成。") == ["2026-12-31"]


def test_twenty_thousand_characters_give_twenty_promises_at_most():
    text = "".join(f"第{n}项年底前完成。" for n in range(2000))

    assert len(find_promises(text, WRITTEN_ON)) == 20
