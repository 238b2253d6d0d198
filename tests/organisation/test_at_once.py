"""Two people act at the same moment, each on a connection of their own."""

from pathlib import Path

import pytest

from lianqi.engines.roster import parse_roster
from lianqi.kernel.access import SYSTEM
from lianqi.kernel.clock import today
from lianqi.kernel.errors import StaleState, StepUnfit
from lianqi.kernel.journal import verify_journal
from lianqi.organisation import actions
from lianqi.organisation.enums import Post
from lianqi.organisation.models import Appointment, RosterChange, User
from lianqi.organisation.queries.roster_plan import roster_plan
from tests.factories import UnitFactory, UserFactory, person
from tests.kernel.threads import together
from tests.organisation.people import conference_clerk, secadmin

ANNEX = Path(__file__).parents[1] / "data" / "annex3_roster.txt"

pytestmark = pytest.mark.django_db(transaction=True)


def kinds(results):
    return sorted(type(result).__name__ for result in results)


def test_of_two_decisions_on_a_filing_one_holds():
    unit = UnitFactory()
    change = actions.file_roster_change(
        unit,
        actor=person(Post.LIAISON, unit=unit),
        post=Post.LIAISON,
        successor_name="钱某",
        successor_title="科长",
        successor_phone="13800138001",
        effective_on=today(),
        reason="轮岗",
    )
    twins = [RosterChange.objects.get(pk=change.pk) for _ in range(2)]
    clerks = [conference_clerk(), conference_clerk()]

    results = together(
        lambda: actions.acknowledge_roster_change(twins[0], actor=clerks[0]),
        lambda: actions.return_roster_change(twins[1], actor=clerks[1], note="退"),
    )

    assert [isinstance(result, StaleState | StepUnfit) for result in results].count(True) == 1
    assert verify_journal().broken == ""


def test_two_filings_for_one_post_leave_one():
    unit = UnitFactory()
    people = [person(Post.LIAISON, unit=unit), person(Post.LEADER, unit=unit)]

    def file(actor):
        return actions.file_roster_change(
            unit,
            actor=actor,
            post=Post.LIAISON,
            successor_name="钱某",
            successor_title="科长",
            successor_phone="13800138001",
            effective_on=today(),
            reason="轮岗",
        )

    results = together(lambda: file(people[0]), lambda: file(people[1]))

    assert kinds(results) == ["RosterChange", "RuleBroken"]


def test_a_roster_confirmed_twice_is_entered_once():
    rows = parse_roster("annex.txt", ANNEX.read_bytes()).rows
    for row in rows:
        UnitFactory(name=row.unit)
    clerks = [conference_clerk(), conference_clerk()]
    seen = roster_plan(rows).fingerprint

    results = together(
        *(
            lambda clerk=clerk: actions.import_roster(rows, actor=clerk, source="名册", seen=seen)
            for clerk in clerks
        )
    )

    assert kinds(results) == ["StaleState", "dict"]
    assert (User.objects.count(), Appointment.objects.count()) == (38, 38)
    assert verify_journal().broken == ""


def test_a_post_given_to_two_people_at_once_has_one_holder():
    unit = UnitFactory()
    people = [UserFactory(), UserFactory()]

    together(
        *(
            lambda user=user: actions.seat(user, actor=SYSTEM, post=Post.LIAISON, unit=unit)
            for user in people
        )
    )

    assert Appointment.objects.in_force().filter(unit=unit).count() == 1


def test_a_person_made_two_administrators_at_once_becomes_one():
    user = UserFactory()

    results = together(
        lambda: actions.seat(User.objects.get(pk=user.pk), actor=SYSTEM, post=Post.SYSADMIN),
        lambda: actions.seat(User.objects.get(pk=user.pk), actor=SYSTEM, post=Post.AUDITOR),
    )

    assert kinds(results) == ["Appointment", "RuleBroken"]


def test_a_username_opened_twice_at_once_is_opened_once():
    admins = [secadmin(), secadmin()]

    results = together(
        *(
            lambda admin=admin: actions.open_account(
                actor=admin, username="li.si", full_name="李四"
            )
            for admin in admins
        )
    )

    assert kinds(results) == ["RuleBroken", "tuple"]
