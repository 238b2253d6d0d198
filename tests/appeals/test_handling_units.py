"""The kept table of handling units says what the appeals and their helpers say."""

from importlib import import_module

import pytest
from django.db import connection

from lianqi.appeals.access import sole_unit, visible_appeals
from lianqi.appeals.enums import OPEN_STATES, AppealState
from lianqi.appeals.models import Appeal, CoHandler, HandlingUnit
from lianqi.appeals.queries.listing import appeal_page, view_counts
from lianqi.organisation.models import User
from tests.appeals.stage import Stage
from tests.factories import file_appeal

pytestmark = pytest.mark.django_db
MIGRATION = import_module("lianqi.appeals.migrations.0008_handling_units")


def told():
    """Say from the appeals and their helpers who handles what now."""
    handling = {
        (appeal.pk, appeal.lead_unit_id): True for appeal in Appeal.objects.exclude(lead_unit=None)
    }
    for helper in CoHandler.objects.filter(active=True):
        handling.setdefault((helper.appeal_id, helper.unit_id), False)
    appeals = Appeal.objects.in_bulk()
    return sorted((*key, leads, *shown(appeals[key[0]])) for key, leads in handling.items())


def shown(appeal):
    return (
        appeal.state in OPEN_STATES,
        appeal.state == AppealState.ANSWERED,
        str(appeal.due_at),
        str(appeal.first_red_at),
    )


def kept():
    return sorted(
        (row.appeal_id, row.unit_id, row.leads, row.open, row.unrated, str(row.due_at), str(row.first_red_at))
        for row in HandlingUnit.objects.all()
    )  # fmt: skip


@pytest.mark.parametrize("state", AppealState)
def test_it_is_right_in_every_state(state):
    Stage.at(state)

    assert kept() == told()


def test_what_was_there_before_the_table_is_filled_in_alike():
    Stage.at(AppealState.HANDLING)
    Stage.at(AppealState.ANSWERED)
    Stage.at(AppealState.CLOSED)
    before = kept()
    HandlingUnit.objects.all().delete()

    with connection.cursor() as cursor:
        cursor.execute(MIGRATION.LEADING)
        cursor.execute(MIGRATION.HELPING)

    assert (kept(), len(before)) == (before, len(told()))


@pytest.mark.parametrize("role", ["liaison", "leader", "co_liaison", "stranger"])
def test_a_units_list_holds_the_open_ones_it_may_see(role):
    stage = Stage.at(AppealState.HANDLING)
    file_appeal(stage.who["rival"])
    reader = User.objects.get(pk=stage.who[role].pk)
    assert sole_unit(reader) is not None

    page = appeal_page(reader, state="open")

    seen = visible_appeals(reader).filter(state__in=OPEN_STATES).order_by("due_at", "pk")
    assert [row.appeal for row in page.rows] == list(seen)
    assert view_counts(reader)["open"] == len(page.rows)


@pytest.mark.parametrize("role", ["office", "insider", "helper", "head", "firm", "discipline"])
def test_whoever_sees_more_than_one_units_appeals_has_no_sole_unit(role):
    assert sole_unit(User.objects.get(pk=Stage().who[role].pk)) is None
