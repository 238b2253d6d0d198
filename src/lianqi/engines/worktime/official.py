"""The State Council's holiday notices 2020-2026, shipped as package data."""

import csv
from datetime import date
from importlib.resources import files


def official_days() -> tuple[dict[date, bool], dict[date, str]]:
    """Read the exceptional days (True: worked) and their names.

    The address of the notice behind each day is in the column ``official_notice_urls``.
    """
    source = files("lianqi.engines") / "data" / "holidays.csv"
    days: dict[date, bool] = {}
    names: dict[date, str] = {}
    with source.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            day = date.fromisoformat(row["date"])
            days[day] = row["kind"] == "WORKDAY_SHIFTED"
            names[day] = row["holiday_name"]
    return days, names
