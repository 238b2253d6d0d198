"""A unit's page: numbers with the rows behind them, and people now and earlier."""

from datetime import timedelta

import pytest
import time_machine

from lianqi.appeals.actions import accept_appeal, dispatch_appeal, sign_order
from lianqi.kernel.clock import now, today
from lianqi.organisation.actions import end_appointment
from lianqi.organisation.enums import Post
from lianqi.organisation.queries.units import unit_numbers
from tests.factories import UnitFactory, file_appeal, office_clerk, person
from tests.organisation.people import conference_clerk

pytestmark = pytest.mark.django_db


def dispatched(unit, office, count=1):
    appeals = []
    for _ in range(count):
        appeal = file_appeal()
        accept_appeal(appeal, actor=office)
        dispatch_appeal(appeal, actor=office, lead_unit=unit, co_units=[])
        appeals.append(appeal)
    return appeals


def numbers(unit):
    found = unit_numbers(unit)
    return (found.open, found.overdue, found.kept, found.judged)


def test_what_a_unit_owes_is_counted():
    unit = UnitFactory()
    liaison, office = person(Post.LIAISON, unit=unit), office_clerk()
    [appeal, _] = dispatched(unit, office, 2)

    sign_order(appeal, actor=liaison)

    assert numbers(unit) == (4, 0, 1, 1)
    assert numbers(UnitFactory()) == (0, 0, 0, 0)


def test_what_was_done_late_is_not_kept():
    unit = UnitFactory()
    liaison = person(Post.LIAISON, unit=unit)
    [appeal] = dispatched(unit, office_clerk())

    with time_machine.travel(now() + timedelta(days=10)):
        sign_order(appeal, actor=liaison)

    assert (unit_numbers(unit).kept, unit_numbers(unit).judged, unit_numbers(unit).late) == (
        0,
        1,
        1,
    )


def test_the_rows_behind_a_number_are_as_many_as_it_says(client):
    unit = UnitFactory()
    person(Post.LIAISON, unit=unit)
    office = office_clerk()
    dispatched(unit, office, 2)
    client.force_login(office)

    for view in ("open", "amber", "overdue", "judged", "late"):
        page = client.get(f"/organisation/units/{unit.code}/", {"view": view})
        shown = len(page.context["page"].rows)
        assert (shown, page.context["hidden"]) == (getattr(page.context["numbers"], view), 0)


def test_another_unit_sees_the_numbers_and_none_of_the_matters(client):
    unit = UnitFactory()
    dispatched(unit, office_clerk())
    client.force_login(person(Post.LIAISON, unit=UnitFactory()))

    page = client.get(f"/organisation/units/{unit.code}/")

    assert (page.context["numbers"].open, page.context["page"].rows) == (2, [])
    assert page.context["hidden"] == 2
    assert "停电" not in page.content.decode()


def test_people_now_and_earlier_are_told_apart(client):
    unit = UnitFactory()
    gone, here = person(Post.HELPER, unit=unit), person(Post.LIAISON, unit=unit)
    clerk = conference_clerk()
    end_appointment(gone.posts_now[0], actor=clerk, last_day=today() - timedelta(days=1))
    client.force_login(clerk)

    page = client.get(f"/organisation/units/{unit.code}/")

    assert [post.user for post in page.context["people"]] == [here]
    assert [post.user for post in page.context["earlier"]] == [gone]


def test_the_page_costs_the_same_queries_with_one_duty_and_with_five(
    client, django_assert_max_num_queries
):
    unit, office = UnitFactory(), office_clerk()
    client.force_login(office)
    url = f"/organisation/units/{unit.code}/"
    dispatched(unit, office)
    client.get(url)
    with django_assert_max_num_queries(40) as small:
        client.get(url)
    dispatched(unit, office, 4)
    with django_assert_max_num_queries(40) as large:
        client.get(url)

    assert len(large) == len(small)


def test_the_page_is_read_from_its_second_page_on(client):
    unit, office = UnitFactory(), office_clerk()
    dispatched(unit, office, 11)
    client.force_login(office)
    url = f"/organisation/units/{unit.code}/"

    first = client.get(url).context["page"]
    second = client.get(url + first.next_url).context["page"]

    assert (len(first.rows), len(second.rows)) == (20, 2)
    assert not {duty.pk for duty in first.rows} & {duty.pk for duty in second.rows}


def test_the_bodies_page_names_basis_host_and_people(client):
    clerk = conference_clerk()
    client.force_login(clerk)

    [(body, people)] = client.get("/organisation/bodies/").context["bodies"]

    assert (body.approval_ref, [post.user for post in people]) == (
        "管委会办公室2020年8月21日印发",
        [clerk],
    )
