"""Every page of the room: who sees it, what stands on it, how many queries it costs."""

import pytest
from django.urls import reverse

from lianqi.organisation.enums import BodyCode, Post
from tests.factories import UnitFactory, entrepreneur, office_clerk, person

pytestmark = pytest.mark.django_db

OFFICIAL_PAGES = [
    "roster",
    "roster_export",
    "unit_list",
    "bodies",
    "roster_change_list",
    "my_account",
]
SECADMIN_PAGES = ["account_list", "account_new"]


def secadmin(**fields):
    return person(Post.SECADMIN, **fields)


def conference_clerk(**fields):
    return person(Post.OFFICE_STAFF, body=BodyCode.JC, **fields)


def status(client, user, name, *args):
    client.force_login(user)
    return client.get(reverse(f"organisation:{name}", args=args)).status_code


@pytest.mark.parametrize("name", OFFICIAL_PAGES)
def test_an_official_opens_the_shared_pages(client, name):
    UnitFactory()

    assert status(client, office_clerk(), name) == 200


@pytest.mark.parametrize("name", [n for n in OFFICIAL_PAGES if n != "my_account"])
def test_an_entrepreneur_does_not(client, name):
    assert status(client, entrepreneur(), name) == 403


@pytest.mark.parametrize("name", [*OFFICIAL_PAGES, *SECADMIN_PAGES, "roster_import", "appoint"])
def test_a_visitor_is_sent_to_the_sign_in_page(client, name):
    url = reverse(f"organisation:{name}")

    answer = client.get(url)

    assert (answer.status_code, answer.url) == (302, f"/accounts/login/?next={url}")


@pytest.mark.parametrize("name", SECADMIN_PAGES)
@pytest.mark.parametrize("post", [Post.SYSADMIN, Post.AUDITOR])
def test_only_the_security_administrator_manages_accounts(client, name, post):
    assert status(client, secadmin(), name) == 200
    assert status(client, person(post), name) == 403


def test_an_account_is_found_only_by_the_security_administrator(client):
    account = person(Post.LIAISON, unit=UnitFactory())

    assert status(client, secadmin(), "account_detail", account.pk) == 200
    assert status(client, conference_clerk(), "account_detail", account.pk) == 403
    assert status(client, secadmin(), "account_detail", 10**9) == 404


def test_an_unknown_unit_is_not_found(client):
    assert status(client, office_clerk(), "unit_detail", "nowhere") == 404


def test_an_entrepreneur_finds_no_unit(client):
    assert status(client, entrepreneur(), "unit_detail", UnitFactory().code) == 404


def test_an_entrepreneur_sees_the_own_account(client):
    assert status(client, entrepreneur(), "my_account") == 200


def test_nothing_of_a_signed_in_person_is_kept_by_the_browser(client):
    client.force_login(office_clerk())

    answer = client.get(reverse("organisation:roster"))

    assert answer.headers["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("name", ["roster", "unit_list", "bodies", "roster_change_list"])
def test_a_list_costs_the_same_queries_with_one_unit_and_with_five(
    client, django_assert_max_num_queries, name
):
    client.force_login(office_clerk())
    url = reverse(f"organisation:{name}")

    def grow(count):
        for _ in range(count):
            unit = UnitFactory()
            person(Post.LEADER, unit=unit)
            person(Post.LIAISON, unit=unit, phone="13800138000")

    grow(1)
    client.get(url)
    with django_assert_max_num_queries(40) as small:
        client.get(url)
    grow(4)
    with django_assert_max_num_queries(40) as large:
        client.get(url)

    assert len(large) == len(small)
