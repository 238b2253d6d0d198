from datetime import date, datetime

import pytest

from lianqi.engines.worktime import (
    SHANGHAI,
    Calendar,
    Deadline,
    Extension,
    Limit,
    Pause,
    Unit,
)
from lianqi.engines.worktime.explanation import count_text, date_text

OFFICIAL = Calendar.official()
FIVE_DAYS = Limit(5, Unit.WORKING_DAY)
TWO_HOURS = Limit(2, Unit.WORKING_HOUR)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def texts(deadline: Deadline, kind: str) -> list[str]:
    return [line.text for line in deadline.explanation if line.kind == kind]


def test_a_deadline_explains_itself_line_by_line() -> None:
    deadline = OFFICIAL.deadline(
        at("2026-09-24 10:00"),
        FIVE_DAYS,
        pauses=[Pause(at("2026-09-28 09:00"), at("2026-09-29 15:00"), "补充材料")],
        extensions=[Extension(2, "情况复杂", date(2026, 9, 30))],
        lead_days=1,
    )

    assert [(line.kind, line.text) for line in deadline.explanation] == [
        ("start", "起算：2026年9月24日（周四）10:00，当日不计。"),
        ("limit", "时限：5个工作日。"),
        ("rest", "跳过周末1天。"),
        ("rest", "跳过中秋节：2026年9月25日（周五）至2026年9月27日（周日），共3天。"),
        ("rest", "跳过国庆节：2026年10月1日（周四）至2026年10月7日（周三），共7天。"),
        ("shifted", "计入调休上班日（国庆节）：2026年10月10日（周六）。"),
        (
            "pause",
            "暂停计时（补充材料）：2026年9月28日（周一）09:00至2026年9月29日（周二）15:00，"
            "顺延1个工作日。",
        ),
        ("extension", "延期（情况复杂）：2026年9月30日（周三）批准，延长2个工作日。"),
        ("lead", "协办提前：1个工作日。"),
        ("result", "结果：应于2026年10月12日（周一）17:30前完成。"),
    ]


def test_a_short_limit_explains_itself_in_three_lines() -> None:
    deadline = OFFICIAL.deadline(at("2026-10-12 10:00"), Limit(1, Unit.WORKING_DAY))

    assert [line.text for line in deadline.explanation] == [
        "起算：2026年10月12日（周一）10:00，当日不计。",
        "时限：1个工作日。",
        "结果：应于2026年10月13日（周二）17:30前完成。",
    ]


def test_hours_filed_outside_office_hours_say_when_the_clock_starts() -> None:
    sunday = OFFICIAL.deadline(at("2026-10-11 20:00"), TWO_HOURS)
    monday = OFFICIAL.deadline(at("2026-10-12 09:00"), TWO_HOURS)

    assert [line.text for line in sunday.explanation] == [
        "起算：2026年10月11日（周日）20:00，不在办公时间，自2026年10月12日（周一）08:30计时。",
        "时限：2个工作小时。",
        "跳过周末1天。",
        "结果：应于2026年10月12日（周一）10:30前完成。",
    ]
    assert texts(monday, "start") == ["起算：2026年10月12日（周一）09:00，即时计时。"]


def test_days_without_a_name_are_told_without_one() -> None:
    calendar = Calendar(
        {date(2030, 1, 1): False, date(2030, 1, 5): True},
        [2029, 2030],
        names={date(2030, 1, 1): ""},
    )

    deadline = calendar.deadline(at("2029-12-31 09:00"), FIVE_DAYS)

    assert (texts(deadline, "rest"), texts(deadline, "shifted")) == (
        ["跳过周末1天。", "跳过放假：2030年1月1日（周二），共1天。"],
        ["计入调休上班日：2030年1月5日（周六）。"],
    )


@pytest.mark.parametrize(
    ("size", "unit", "text"),
    [
        (3, Unit.WORKING_DAY, "3个工作日"),
        (3, Unit.CALENDAR_DAY, "3个自然日"),
        (0, Unit.WORKING_HOUR, "0分钟"),
        (45, Unit.WORKING_HOUR, "45分钟"),
        (120, Unit.WORKING_HOUR, "2个工作小时"),
        (150, Unit.WORKING_HOUR, "2个工作小时30分钟"),
    ],
)
def test_a_count_is_told_in_its_unit(size: int, unit: Unit, text: str) -> None:
    assert count_text(size, unit) == text


def test_a_date_is_told_with_its_weekday() -> None:
    assert date_text(date(2026, 10, 1)) == "2026年10月1日（周四）"
