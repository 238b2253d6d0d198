"""Reporting periods: "2020-09" is a month, "2020-Q3" a quarter."""

from calendar import monthrange
from datetime import date

from lianqi.ledger.enums import Period

_MONTHS_IN_QUARTER = 3


def period_of(day: date, kind: str) -> str:
    """Return the key of the period that a day lies in."""
    if kind == Period.QUARTERLY:
        return f"{day.year}-Q{(day.month - 1) // _MONTHS_IN_QUARTER + 1}"
    return f"{day.year}-{day.month:02d}"


def period_end(period: str) -> date:
    """Return the last day of a period.

    Raises:
        ValueError: this is no key of a period.
    """
    year, month = int(period[:4]), period[5:]
    last = int(month[1:]) * _MONTHS_IN_QUARTER if month.startswith("Q") else int(month)
    return date(year, last, monthrange(year, last)[1])


def period_label(period: str) -> str:
    """Return a period in words, as the records say it."""
    year, month = period[:4], period[5:]
    if month.startswith("Q"):
        return f"{year}年第{'一二三四'[int(month[1:]) - 1]}季度"
    return f"{year}年{int(month)}月"
