"""Contacts and accounts of a firm."""

from datetime import timedelta

import pytest
from django.contrib.auth import authenticate

from lianqi.enterprises import actions
from lianqi.enterprises.access import enterprise_ids
from lianqi.enterprises.models import Contact, Membership
from lianqi.kernel.clock import today
from lianqi.kernel.errors import NotPermitted, RuleBroken
from lianqi.kernel.models import JournalEntry
from lianqi.organisation.enums import Post
from lianqi.organisation.models import User
from tests.factories import EnterpriseFactory, UnitFactory, entrepreneur, person

pytestmark = pytest.mark.django_db
GIVEN = {"name": "李某", "title": "厂长", "phone": "13800138001", "main": ""}


@pytest.fixture
def firm():
    return EnterpriseFactory()


@pytest.fixture
def owner(client, firm):
    user = entrepreneur(firm)
    client.force_login(user)
    return user


def url(firm, rest):
    return f"/enterprises/{firm.pk}/{rest}"


def test_a_firm_adds_its_first_contact_who_is_the_main_one(client, firm, owner):
    response = client.post(url(firm, "contacts/"), GIVEN)

    contact = Contact.objects.get()
    assert (response.status_code, contact.name, contact.main) == (302, "李某", True)
    line = JournalEntry.objects.about(firm).get()
    assert (line.label, line.text) == ("新增联系人", "李某（138****8001）")


def test_a_new_main_contact_ends_the_other_ones_turn(client, firm, owner):
    actions.add_contact(firm, actor=owner, name="王某", phone="13800138000")

    client.post(url(firm, "contacts/"), {**GIVEN, "main": "on"})

    assert list(Contact.objects.values_list("name", "main")) == [("李某", True), ("王某", False)]


def test_a_corrected_contact_keeps_the_number_whose_mask_was_left_alone(client, firm, owner):
    contact = actions.add_contact(firm, actor=owner, name="王某", phone="13800138000")

    client.post(
        url(firm, f"contacts/{contact.pk}/"),
        {"name": "王某某", "title": "", "phone": "138****8000"},
    )

    contact.refresh_from_db()
    assert (contact.name, contact.phone.reveal_plain(), contact.main) == (
        "王某某",
        "13800138000",
        True,
    )


def test_the_main_contact_is_not_asked_whether_it_is(client, firm, owner):
    first = actions.add_contact(firm, actor=owner, name="王某", phone="13800138000")
    other = actions.add_contact(firm, actor=owner, name="李某", phone="13800138001")

    forms = [client.get(url(firm, f"contacts/{c.pk}/")).context["form"] for c in (first, other)]

    assert ["main" in form.fields for form in forms] == [False, True]


def test_a_number_that_is_none_is_said_at_its_field(client, firm, owner):
    response = client.post(url(firm, "contacts/"), {**GIVEN, "phone": "123"})

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["phone"])


def test_a_removed_main_contact_is_followed_by_the_next(client, firm, owner):
    first = actions.add_contact(firm, actor=owner, name="王某", phone="13800138000")
    actions.add_contact(firm, actor=owner, name="李某", phone="13800138001")

    response = client.post(url(firm, f"contacts/{first.pk}/remove/"))

    assert (response.status_code, Contact.objects.values_list("name", "main").get()) == (
        302,
        ("李某", True),
    )


def test_the_last_contact_stays(client, firm, owner):
    only = actions.add_contact(firm, actor=owner, name="王某", phone="13800138000")

    response = client.post(url(firm, f"contacts/{only.pk}/remove/"))

    assert (response.status_code, Contact.objects.count()) == (422, 1)
    assert "至少要保留一名联系人" in response.content.decode()


def test_another_firms_contact_is_not_there(client, firm, owner):
    stranger = EnterpriseFactory()
    theirs = Contact.objects.create(enterprise=stranger, name="王某", phone="13800138000")

    assert [
        client.post(url(stranger, "contacts/"), GIVEN).status_code,
        client.post(url(stranger, f"contacts/{theirs.pk}/"), GIVEN).status_code,
        client.post(url(firm, f"contacts/{theirs.pk}/"), GIVEN).status_code,
        client.post(url(firm, f"contacts/{theirs.pk}/remove/")).status_code,
    ] == [404] * 4
    with pytest.raises(NotPermitted):
        actions.remove_contact(theirs, actor=owner)


def test_an_official_of_a_unit_changes_no_contacts(client, firm):
    client.force_login(person(Post.LIAISON, unit=UnitFactory()))

    assert client.post(url(firm, "contacts/"), GIVEN).status_code == 403


# --- accounts

ACCOUNT = {"full_name": "赵某", "username": "zhaomou", "phone": ""}


def test_the_office_opens_an_account_whose_password_is_shown_once(client, firm, office):
    response = client.post(url(firm, "accounts/"), ACCOUNT)

    user = User.objects.get(username="zhaomou")
    password = response.context["pairs"][1][1]
    assert (response.status_code, response["Cache-Control"]) == (200, "no-store")
    assert authenticate(username="zhaomou", password=password) == user
    assert (user.must_change_password, enterprise_ids(user)) == (True, {firm.pk})
    line = JournalEntry.objects.about(firm).get()
    assert (line.text, password in str(vars(line))) == ("赵某（zhaomou）", False)


def test_a_taken_username_is_said_at_its_field(client, firm, office):
    entrepreneur(username="zhaomou")

    response = client.post(url(firm, "accounts/"), ACCOUNT)

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["username"])
    with pytest.raises(RuleBroken) as refused:
        actions.open_account(firm, actor=office, username="zhaomou", full_name="赵某")
    assert refused.value.field == "username"


def test_a_renewed_password_replaces_the_old_one(client, firm, office):
    owner = entrepreneur(firm)
    held = Membership.objects.get()

    asked = client.get(url(firm, f"accounts/{held.pk}/renew/"))
    response = client.post(url(firm, f"accounts/{held.pk}/renew/"))

    assert (asked.status_code, authenticate(username=owner.username, password="Lianqi-2026")) == (
        200,
        None,
    )
    password = response.context["pairs"][1][1]
    assert authenticate(username=owner.username, password=password) == owner


def test_an_officials_password_is_not_renewed_through_a_firm(client, firm, office):
    official = person(Post.LEADER, unit=UnitFactory())
    held = Membership.objects.create(user=official, enterprise=firm, since=today())

    response = client.post(url(firm, f"accounts/{held.pk}/renew/"))

    assert (response.status_code, response.context["form"].non_field_errors()) == (
        403,
        ["这个账号有公职岗位，请安全管理员重置密码。"],
    )
    assert authenticate(username=official.username, password="Lianqi-2026") == official


def test_an_ended_account_acts_for_the_firm_no_longer(client, firm, office):
    owner = entrepreneur(firm)
    held = Membership.objects.get()

    response = client.post(url(firm, f"accounts/{held.pk}/end/"), {"reason": "已离职"})

    assert (response.status_code, enterprise_ids(User.objects.get(pk=owner.pk))) == (302, set())
    assert Membership.objects.get().until == today() - timedelta(days=1)


def test_a_firm_manages_no_accounts(client, firm, owner):
    held = Membership.objects.get()

    assert [
        client.post(url(firm, "accounts/"), ACCOUNT).status_code,
        client.post(url(firm, f"accounts/{held.pk}/renew/")).status_code,
        client.post(url(firm, f"accounts/{held.pk}/end/"), {"reason": "离职"}).status_code,
    ] == [403] * 3
    for act in (
        lambda: actions.open_account(firm, actor=owner, username="x", full_name="x"),
        lambda: actions.renew_password(held, actor=owner),
        lambda: actions.end_account(held, actor=owner, reason="x"),
    ):
        with pytest.raises(NotPermitted):
            act()
