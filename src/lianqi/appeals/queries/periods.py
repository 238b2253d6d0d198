"""Periods that figures are asked for: a month, a quarter, a year, or any two days."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from lianqi.kernel.clock import today

PRESETS = {
    "month": _("本月"),
    "last_month": _("上月"),
    "quarter": _("本季"),
    "last_quarter": _("上季"),
    "year": _("本年"),
    "last_year": _("上年"),
}
USUAL = "quarter"


@dataclass(frozen=True)
class Period:
    """Two days and all between, both counted; ``key`` names a preset, "" any other."""

    first: date
    last: date
    key: str = ""


def preset(key: str) -> Period:
    """Return the period of a preset, as of today; KeyError for an unknown one."""
    months = {"month": 1, "quarter": 3, "year": 12}[key.removeprefix("last_")]
    day = today()
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    if key.startswith("last_"):
        first = _months_on(first, -months)
    return Period(first, _months_on(first, months) - timedelta(days=1), key)


def _months_on(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def asked_period(period: str, first: str, last: str) -> Period:
    """Return the period an address asks for: two days if both can be read, else a preset."""
    days = [_day(text) for text in (first, last)]
    if days[0] and days[1]:
        return Period(min(days[0], days[1]), max(days[0], days[1]))
    return preset(period if period in PRESETS else USUAL)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
