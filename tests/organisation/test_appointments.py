"""Posts: who may appoint, three administrators apart, one holder of a single post."""

from datetime import timedelta

import pytest

from lianqi.kernel.access import SYSTEM, may
from lianqi.kernel.clock import today
from lianqi.kernel.errors import NotPermitted, RuleBroken, StepUnfit
from lianqi.organisation.actions import appoint, end_appointment, open_account, seat
from lianqi.organisation.enums import BodyCode, Post
from lianqi.organisation.models import Appointment
from tests.factories import (
    BodyFactory,
    UnitFactory,
    UserFactory,
    entrepreneur,
    office_clerk,
    person,
)
from tests.organisation.people import conference_clerk, secadmin, verbs

pytestmark = pytest.mark.django_db

NEW = "/organisation/appointments/new/"
ADMINISTRATORS = [Post.SYSADMIN, Post.SECADMIN, Post.AUDITOR]


def in_force(**where):
    return [post.user for post in Appointment.objects.in_force().filter(**where)]


def test_the_conference_office_appoints_into_a_body():
    user = UserFactory()

    held = appoint(
        user, actor=conference_clerk(), post=Post.HEAD, body=BodyFactory(code=BodyCode.TF1)
    )

    assert (held.valid_from, user.posts_now) == (today(), [held])
    assert verbs(user) == ["user.appoint"]


@pytest.mark.parametrize("actor", [office_clerk, lambda: person(Post.SYSADMIN), UserFactory])
def test_nobody_else_appoints(actor):
    with pytest.raises(NotPermitted):
        appoint(UserFactory(), actor=actor(), post=Post.HELPER, unit=UnitFactory())

    assert Appointment.objects.filter(post=Post.HELPER).count() == 0


@pytest.mark.parametrize("post", ADMINISTRATORS)
def test_only_the_security_administrator_names_administrators(post):
    with pytest.raises(NotPermitted):
        appoint(UserFactory(), actor=conference_clerk(), post=post)

    assert appoint(UserFactory(), actor=secadmin(), post=post).post == post


def test_nobody_appoints_or_dismisses_the_own_person():
    me = secadmin()

    with pytest.raises(RuleBroken):
        appoint(me, actor=me, post=Post.HELPER, unit=UnitFactory())
    with pytest.raises(RuleBroken):
        end_appointment(me.posts_now[0], actor=me, last_day=today())


@pytest.mark.parametrize("held", ADMINISTRATORS)
@pytest.mark.parametrize("post", ADMINISTRATORS)
def test_three_administrators_are_three_people(held, post):
    user = person(held)

    with pytest.raises(RuleBroken):
        seat(user, actor=SYSTEM, post=post)

    assert [row.post for row in user.appointments.all()] == [held]


def test_an_administrator_who_left_may_become_another():
    user = person(Post.SYSADMIN)
    end_appointment(user.posts_now[0], actor=secadmin(), last_day=today())

    seat(user, actor=SYSTEM, post=Post.AUDITOR, valid_from=today() + timedelta(days=1))

    assert user.appointments.count() == 2


@pytest.mark.parametrize("post", ADMINISTRATORS)
def test_no_administrator_holds_the_rights_of_another(post):
    user = person(post)

    rights = {
        name: may(user, name)
        for name in ("organisation.open_account", "kernel.set_limits", "kernel.view_journal")
    }

    assert [name for name, held in rights.items() if held] == [
        {
            Post.SYSADMIN: "kernel.set_limits",
            Post.SECADMIN: "organisation.open_account",
            Post.AUDITOR: "kernel.view_journal",
        }[post]
    ]


@pytest.mark.parametrize(
    ("post", "unit", "body", "field"),
    [
        (Post.HEAD, False, False, "body"),
        (Post.HELPER, False, False, "unit"),
        (Post.HELPER, True, True, "body"),
        (Post.AUDITOR, True, False, "unit"),
    ],
)
def test_a_post_needs_its_place(post, unit, body, field):
    with pytest.raises(RuleBroken) as refused:
        appoint(
            UserFactory(),
            actor=secadmin(),
            post=post,
            unit=UnitFactory() if unit else None,
            body=BodyFactory() if body else None,
        )

    assert refused.value.field == field


def test_nobody_takes_a_post_over_from_before_its_holder_began():
    unit = UnitFactory()
    holder = UserFactory()
    seat(holder, actor=SYSTEM, post=Post.LIAISON, unit=unit, valid_from=today())

    with pytest.raises(RuleBroken) as refused:
        seat(
            UserFactory(),
            actor=SYSTEM,
            post=Post.LIAISON,
            unit=unit,
            valid_from=today() - timedelta(days=1),
        )

    assert refused.value.field == "effective_on"
    assert Appointment.objects.get(unit=unit).user == holder


@pytest.mark.parametrize("days", [1, 0])
def test_a_single_post_has_one_holder_on_each_day(days):
    unit = UnitFactory()
    seat(UserFactory(), actor=SYSTEM, post=Post.LIAISON, unit=unit, valid_from=today())
    new = UserFactory()

    seat(
        new,
        actor=SYSTEM,
        post=Post.LIAISON,
        unit=unit,
        valid_from=today() + timedelta(days=days),
    )

    holders = [
        Appointment.objects.filter(unit=unit, valid_from__lte=day).exclude(valid_to__lt=day)
        for day in (today(), today() + timedelta(days=1))
    ]
    assert [rows.count() for rows in holders] == [1, 1]
    assert holders[1].get().user == new


def test_the_former_holder_s_journal_says_so():
    unit = UnitFactory()
    former = person(Post.LEADER, unit=unit)

    seat(UserFactory(), actor=SYSTEM, post=Post.LEADER, unit=unit)

    assert verbs(former) == ["user.leave_post"]


def test_a_post_in_a_body_is_not_given_twice():
    user = office_clerk()

    with pytest.raises(RuleBroken):
        seat(user, actor=SYSTEM, post=Post.OFFICE_STAFF, body=BodyFactory())


def test_a_post_ends_once():
    held = person(Post.HELPER, unit=UnitFactory()).posts_now[0]
    twin = Appointment.objects.get(pk=held.pk)
    end_appointment(held, actor=conference_clerk(), last_day=today())

    with pytest.raises(StepUnfit):
        end_appointment(twin, actor=conference_clerk(), last_day=today())


def test_a_post_does_not_end_before_it_begins():
    held = person(Post.HELPER, unit=UnitFactory()).posts_now[0]

    with pytest.raises(RuleBroken) as refused:
        end_appointment(
            held, actor=conference_clerk(), last_day=held.valid_from - timedelta(days=1)
        )

    assert refused.value.field == "last_day"


def test_losing_the_post_works_on_the_next_request(client):
    clerk = conference_clerk()
    client.force_login(clerk)
    before = client.get(NEW).status_code

    end_appointment(clerk.posts_now[0], actor=secadmin(), last_day=today() - timedelta(days=1))

    assert (before, client.get(NEW).status_code) == (200, 403)


# --- pages


def test_the_office_appoints_in_the_browser(client):
    user, unit = person(Post.HELPER, unit=UnitFactory()), UnitFactory()
    client.force_login(conference_clerk())

    answer = client.post(
        NEW,
        {
            "user": user.pk,
            "post": "discipline",
            "unit": unit.pk,
            "valid_from": today().isoformat(),
            "source": "分工通知",
        },
    )

    assert (answer.url, in_force(unit=unit)) == (unit.get_absolute_url(), [user])


def test_the_conference_office_is_not_offered_administrators(client):
    client.force_login(conference_clerk())
    offered = client.get(NEW).context["form"].fields["post"].choices
    client.force_login(secadmin())
    more = client.get(NEW).context["form"].fields["post"].choices

    assert (len(offered), len(more)) == (3, 4)


def test_the_address_presets_person_and_unit(client):
    unit = UnitFactory()
    user = person(Post.HELPER, unit=unit)
    client.force_login(conference_clerk())

    form = client.get(NEW, {"user": user.pk, "unit": unit.code}).context["form"]

    assert (form["user"].value(), form["unit"].value()) == (str(user.pk), unit.pk)


@pytest.mark.parametrize("wrong", ["user", "post"])
def test_nonsense_is_refused(client, wrong):
    client.force_login(conference_clerk())

    answer = client.post(NEW, {wrong: "xyz"})

    assert (answer.status_code, wrong in answer.context["form"].errors) == (422, True)


def test_a_post_is_ended_in_the_browser(client):
    unit = UnitFactory()
    held = person(Post.HELPER, unit=unit).posts_now[0]
    url = f"/organisation/appointments/{held.pk}/end/"
    client.force_login(office_clerk())
    assert client.post(url, {"last_day": today().isoformat()}).status_code == 403
    client.force_login(conference_clerk())

    assert client.post(url, {"last_day": "1999-01-01"}).status_code == 422
    assert client.post(url, {"last_day": today().isoformat()}).url == unit.get_absolute_url()
    assert client.post(url, {"last_day": today().isoformat()}).status_code == 409


def test_a_person_with_a_new_account_can_be_chosen_and_a_firm_s_person_only_by_number(client):
    admin = secadmin()
    fresh, _ = open_account(actor=admin, username="li.si", full_name="李四")
    firm = entrepreneur()

    def offered(actor, **query):
        client.force_login(actor)
        return set(client.get(NEW, query).context["form"].fields["user"].queryset)

    clerk = conference_clerk()
    assert offered(clerk) == {admin, clerk, fresh}
    assert offered(clerk, user=firm.pk) == {admin, clerk, fresh}
    assert offered(admin, user=firm.pk) == {admin, clerk, fresh, firm}
    assert offered(admin, user="9" * 30) == {admin, clerk, fresh}


def test_who_was_named_in_the_address_can_be_appointed(client):
    firm, unit = entrepreneur(), UnitFactory()
    client.force_login(secadmin())
    page = client.get(NEW, {"user": firm.pk})

    answer = client.post(
        page.context["here"],
        {
            "user": firm.pk,
            "post": "helper",
            "unit": unit.pk,
            "valid_from": today().isoformat(),
            "source": "选派通知",
        },
    )

    assert (answer.url, in_force(unit=unit)) == (unit.get_absolute_url(), [firm])
