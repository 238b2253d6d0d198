"""Lights: what the row says in Python and what the database finds are one and the same."""

from datetime import date, datetime, timedelta
from itertools import product

import pytest

from lianqi.kernel.clock import SHANGHAI, now
from lianqi.ledger.actions import explain_delay
from lianqi.ledger.enums import ItemState
from lianqi.ledger.models import Item
from lianqi.ledger.queries.board import unit_scores
from lianqi.ledger.queries.items import ItemRow, filtered_items
from lianqi.ledger.queries.lights import LIGHTS, light_of, with_light
from tests.ledger.stage import Stage, at

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
# The kept moments of an item, as far from now: amber, red, dark; None: it has no day of its own.
DATES = {
    "no day": None,
    "far ahead": (5, 10, 20),
    "amber begins this moment": (0, 5, 15),
    "amber": (-1, 5, 15),
    "red begins this moment": (-5, 0, 10),
    "red": (-6, -1, 10),
    "dark begins this moment": (-20, -10, 0),
    "dark": (-20, -10, -1),
    "entered later": (-20, None, None),
}
CHECKED = (None, -1, 0, 1)
EXPLAINED = (None, -30, -1)


@pytest.fixture
def stage():
    with at(TODAY):
        yield Stage()


def shift(days):
    return None if days is None else now() + timedelta(days=days)


def rows_of_every_kind(stage):
    """Write an item for each state × dates × report × explanation × completion × year."""
    made = []
    kinds = product(ItemState, DATES, CHECKED, EXPLAINED, (None, -3), (2026, 2027))
    for number, (state, dates, checked, explained, completed, year) in enumerate(kinds):
        amber, red, dark = DATES[dates] or (None, None, None)
        made.append(
            Item(
                number=f"T{number}",
                state=state,
                title=f"{state} {dates} {checked} {explained} {completed} {year}",
                source="plan",
                lead_unit=stage.lead,
                due_on=None if dates == "no day" else TODAY,
                backfilled=dates == "entered later",
                year=year,
                drafted_at=now(),
                amber_at=shift(amber),
                red_at=shift(red),
                dark_at=shift(dark),
                checked_until=shift(checked),
                explained_at=shift(explained),
                completed_at=shift(completed),
            )
        )
    return Item.objects.bulk_create(made)


def test_python_and_the_database_tell_the_same_light_for_every_kind_of_row(stage):
    rows = rows_of_every_kind(stage)

    told = {item.pk: light_of(item) for item in rows}
    found = [
        (pk, colour)
        for colour in LIGHTS
        for pk in Item.objects.filter(with_light(colour)).values_list("pk", flat=True)
    ]

    # Each row has one light, and it is the same one.
    assert sorted(found) == sorted(told.items())
    assert set(told.values()) == set(LIGHTS)


def test_every_light_has_its_word(stage):
    rows_of_every_kind(stage)

    words = {}
    for item in Item.objects.filter(completed_at=None):
        words.setdefault(light_of(item), set()).add(ItemRow(item).light_word)

    assert words == {
        "dark": {"严重逾期"}, "red": {"逾期"}, "amber": {"临期"}, "green": {"正常"},
        "blue": {"持续推进"}, "grey": {"未开始"},
    }  # fmt: skip


def test_dark_red_is_shown_as_red_and_said_in_words(stage):
    with at(date(2026, 11, 2)):
        item = stage.underway(dates=[date(2026, 11, 3)])

    row = ItemRow(item)

    assert (light_of(item), row.light, row.light_word) == ("dark", "red", "严重逾期")


def test_who_explains_does_not_turn_dark(stage):
    with at(date(2026, 11, 2)):
        item = stage.underway(dates=[date(2026, 11, 5)])
    with at(date(2026, 11, 9)):
        explain_delay(item, actor=stage.liaison, reason="企业资料未齐。")

    assert light_of(item) == "red"


@pytest.mark.parametrize(
    ("day", "light"),
    [
        (date(2026, 11, 2), "green"),
        (date(2026, 11, 12), "green"),
        (date(2026, 11, 13), "amber"),  # five working days before the 20th
        (date(2026, 11, 20), "amber"),
        (date(2026, 11, 21), "red"),
        (date(2026, 12, 4), "red"),  # ten working days after
        (date(2026, 12, 5), "dark"),
    ],
)
def test_the_days_of_a_dated_item(stage, day, light):
    with at(date(2026, 11, 2)):
        item = stage.underway(dates=[date(2026, 11, 20)])
    with at(day):
        assert light_of(item) == light


@pytest.mark.parametrize(
    ("day", "light"),
    [
        (date(2026, 11, 2), "blue"),
        (date(2026, 11, 30), "blue"),
        (date(2026, 12, 1), "amber"),  # November's report is missing
        (date(2027, 6, 1), "amber"),
    ],
)
def test_the_days_of_an_open_ended_item(stage, day, light):
    with at(date(2026, 11, 2)):
        item = stage.underway(dates=[], deadline_text="长期坚持")
    with at(day):
        assert light_of(item) == light


def test_an_item_is_grey_before_its_year(stage):
    item = stage.docketed(dates=[date(2027, 4, 30)])
    before = light_of(item)
    with at(date(2027, 1, 1)):
        assert (before, light_of(item)) == ("grey", "green")


def test_what_was_entered_later_is_never_red_and_stays_out_of_the_rate(stage):
    stage.underway(dates=[date(2026, 11, 2)])
    late_entry = stage.underway(dates=[date(2026, 8, 10)], issued_on=date(2026, 8, 21))

    with at(date(2027, 6, 1)):
        light = light_of(late_entry)
        [score] = unit_scores(stage.office)
        judged = list(filtered_items(stage.office, judged="1"))

    assert (light, late_entry in judged, score.judged, score.on_time) == ("amber", False, 1, 0)


def test_the_rows_behind_a_rate_are_its_figures(stage):
    for _ in range(2):
        stage.underway(dates=[date(2026, 11, 2)])
    item = stage.completed(dates=[date(2026, 11, 30)])
    stage.underway(dates=[])

    [score] = unit_scores(stage.office)
    judged = filtered_items(stage.office, judged="1").count()
    on_time = list(filtered_items(stage.office, on_time="yes"))
    late = filtered_items(stage.office, on_time="no").count()

    assert (score.judged, score.on_time) == (3, 1)
    assert (judged, on_time, late) == (3, [item], 2)


def test_the_boundary_of_a_day_is_midnight_in_china(stage):
    with at(date(2026, 11, 2)):
        item = stage.underway(dates=[date(2026, 11, 20)])

    assert item.red_at == datetime(2026, 11, 21, tzinfo=SHANGHAI)
