"""The demonstration district stands on the same rules as a real one."""

import json
from datetime import datetime
from io import StringIO

import pytest
from django.core.management import call_command

from lianqi.appeals.models import Appeal, PublicCase
from lianqi.demo.accounts import ON_SIGN_IN_PAGE
from lianqi.demo.district import found_district, seat_district
from lianqi.demo.filling import _stand_in_calendar, accounts, fill, is_empty, sign_in_choices
from lianqi.demo.plans import docket_annexes
from lianqi.kernel.clock import SHANGHAI
from lianqi.kernel.journal import verify_journal
from lianqi.ledger.access import visible_items
from lianqi.ledger.models import Item, PlanTask, Statement
from lianqi.organisation.models import Appointment, Unit, User

pytestmark = pytest.mark.django_db
ROLES = {
    "appeals_office", "convener", "office_director", "leader", "liaison", "helper", "discipline",
    "enterprise", "sysadmin", "secadmin", "auditor",
}  # fmt: skip


def test_the_district_has_18_units_with_leader_and_liaison_and_a_sound_journal():
    fill()

    assert Unit.objects.filter(on_platform=True).count() == 18
    for post in ("leader", "liaison"):
        held = Appointment.objects.filter(post=post, body=None, valid_to=None)
        assert (held.count(), held.values("unit").distinct().count()) == (18, 18)
    assert verify_journal().broken == ""


def test_no_appeal_lies_in_the_future_and_numbers_run_with_time():
    fill()

    rows = list(Appeal.objects.order_by("number").values_list("submitted_at", flat=True))
    assert rows == sorted(rows)
    assert len(rows) == 24


def test_the_list_of_accounts_names_every_role_with_its_unit():
    fill()

    rows = accounts()

    assert ROLES - {row["role"] for row in rows} == set()
    for role in ("leader", "liaison"):
        assert len({row["unit"] for row in rows if row["role"] == role}) == 18
    assert sum(row["role"] == "enterprise" for row in rows) == 10
    assert {choice["username"] for choice in sign_in_choices()} == set(ON_SIGN_IN_PAGE)


def test_the_command_fills_once_and_prints_json():
    first, second = StringIO(), StringIO()

    call_command("demo", "--json", stdout=first)
    call_command("demo", "--json", stdout=second)

    assert json.loads(first.getvalue()) == json.loads(second.getvalue())
    assert not is_empty()
    assert Appeal.objects.count() == 24


def test_every_account_of_the_list_can_sign_in(client):
    fill()

    for row in accounts():
        client.logout()
        answer = client.post(
            "/accounts/login/", {"login": row["username"], "password": row["password"]}
        )
        assert (row["username"], answer.status_code) == (row["username"], 302)


def test_one_appeal_is_sealed_and_two_cases_are_public():
    fill()

    sealed = Appeal.objects.get(sealed_at__isnull=False)
    assert (sealed.state, sealed.content.count("〔已隐去〕")) == ("handling", 3)
    assert PublicCase.objects.filter(state="published").count() == 2


def test_the_annexes_are_docketed_and_every_unit_sees_its_own_items():
    fill()

    for unit in Unit.objects.filter(on_platform=True):
        liaison = User.objects.get(username=f"{unit.code}_liaison")
        named = [task for task in PlanTask.objects.all() if unit.name in task.units]
        own = {item.pk for task in named for item in task.items.all()}
        seen = visible_items(liaison).exclude(plan_tasks=None)
        assert set(seen.values_list("pk", flat=True)) == own
    assert PlanTask.objects.filter(fate="docketed").count() == 19


def test_the_plan_is_under_way_with_one_of_each_kind():
    fill()

    planned = Item.objects.exclude(plan_tasks=None)
    [late] = planned.exclude(slips=None).distinct()
    assert (late.title, late.state, list(late.slips.values_list("colour", flat=True))) == (
        "研究评价体系",
        "underway",
        ["blue", "orange"],
    )
    assert planned.get(state="struck").title == "建立服务对象名录"
    done = planned.get(state="completed")
    assert list(Statement.objects.filter(lines__item=done).values_list("state", flat=True)) == [
        "opened", "settled",
    ]  # fmt: skip
    assert planned.exclude(reports=None).exists()


@pytest.mark.time_machine(datetime(2027, 3, 10, 9, 30, tzinfo=SHANGHAI))
def test_the_story_of_the_plan_fits_any_season():
    seat_district(found_district())
    _stand_in_calendar()

    assert docket_annexes() == 29
    assert Item.objects.filter(title="开展颁授活动", year=2027).get().state == "completed"
