from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from lianqi.engines.worktime import SHANGHAI, Extension, Limit, Pause, Unit

NOON = datetime(2026, 10, 12, 12, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("limit", "size", "text"),
    [
        (Limit(5, Unit.WORKING_DAY), 5, "5个工作日"),
        (Limit(Decimal("10.00"), Unit.CALENDAR_DAY), 10, "10个自然日"),
        (Limit(2, Unit.WORKING_HOUR), 120, "2个工作小时"),
        (Limit(Decimal("1.50"), Unit.WORKING_HOUR), 90, "1.5个工作小时"),
    ],
)
def test_a_limit_knows_its_size_and_words(limit: Limit, size: int, text: str) -> None:
    assert (limit.size, limit.text) == (size, text)


def test_the_unit_may_come_as_plain_text() -> None:
    assert Limit(5, "working_day") == Limit(5, Unit.WORKING_DAY)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("amount", "unit", "message"),
    [
        (0, "working_day", "时限应大于0，现为 0。要求当日办结的，请按工作小时设定。"),
        (-3, "working_hour", "时限应大于0，现为 -3。要求当日办结的，请按工作小时设定。"),
        (
            Decimal("0.5"),
            "working_day",
            "时限 0.5 无法计算：按日计的应为整数，按工作小时计的应能折成整分钟。",
        ),
        (
            Decimal("0.333"),
            "working_hour",
            "时限 0.333 无法计算：按日计的应为整数，按工作小时计的应能折成整分钟。",
        ),
        (1.5, "working_hour", "时限数量应为整数或 Decimal，现为 1.5。"),
        (
            5,
            "week",
            "时限单位“week”不认识，应为 working_day、working_hour 或 calendar_day。",
        ),
    ],
)
def test_an_impossible_limit_is_refused(amount: int, unit: Unit, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        Limit(amount, unit)


def test_not_a_number_is_no_limit() -> None:
    with pytest.raises(ValueError, match="时限数量应为整数或 Decimal"):
        Limit(Decimal("NaN"), Unit.WORKING_HOUR)


def test_a_pause_cannot_end_before_it_began() -> None:
    message = r"^暂停的结束时间 2026-10-12 11:00 早于开始时间 2026-10-12 12:00，请核对。$"

    with pytest.raises(ValueError, match=message):
        Pause(NOON, NOON - timedelta(hours=1), "补充材料")


def test_an_extension_has_at_least_one_day() -> None:
    with pytest.raises(ValueError, match=r"^延期至少1天，现为 0。$"):
        Extension(0, "情况复杂", date(2026, 10, 12))
