"""A firm registers itself: the page, the action, and what both refuse."""

import threading

import pytest
from django.contrib.auth import authenticate
from django.core.cache import cache
from django.db import connection
from django.urls import reverse

from lianqi.enterprises.actions import register_enterprise
from lianqi.enterprises.models import Contact, Enterprise, FormerCode, Membership
from lianqi.kernel.clock import today
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.journal import verify_journal
from lianqi.kernel.models import Duty, JournalEntry, OutboxMessage
from lianqi.organisation.models import User
from tests.enterprises.samples import PASSWORD, code, registration
from tests.factories import EnterpriseFactory, UserFactory

pytestmark = pytest.mark.django_db
URL = "/enterprises/register/"


@pytest.fixture(autouse=True)
def empty_cache(db):
    cache.clear()


def errors(response):
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def register(**facts):
    given = {
        "username": "shili01",
        "password": PASSWORD,
        "contact_name": "王某",
        "contact_phone": "13800138000",
        "uscc": code(1),
        "name": "新乡示例机械有限公司",
        **facts,
    }
    return register_enterprise(**given)


def test_a_visitor_sees_the_form(client):
    response = client.get(URL)

    assert (response.status_code, errors(response)) == (200, {})


def test_a_registered_firm_waits_for_verification_with_an_account_that_works(client):
    response = client.post(URL, registration())

    assert (response.status_code, response["Location"]) == (302, "/enterprises/register/done/")
    firm = Enterprise.objects.get()
    assert (firm.state, firm.uscc, firm.industry_code, firm.employees, str(firm.revenue_wan)) == (
        "pending",
        code(1),
        "C34",
        1200,
        "56000.50",
    )
    assert (firm.size, firm.origin) == ("large", "registered")
    contact = Contact.objects.get()
    assert (contact.name, str(contact.phone), contact.main) == ("王某", "138****8000", True)
    user = User.objects.get()
    assert (user.username, Membership.objects.get().user) == ("shili01", user)
    assert authenticate(username="shili01", password=PASSWORD) == user
    duty = Duty.objects.about(firm).get()
    assert (duty.key, duty.holder, duty.state) == ("verify", "body:TF3:office", "open")
    line = JournalEntry.objects.about(firm).get()
    assert (line.verb, line.actor, line.data["consent"]) == ("enterprise.register", user, "2026-11")
    assert OutboxMessage.objects.get().recipient == "body:TF3:office"
    assert verify_journal().broken == ""


def test_the_page_after_registering_says_what_happens_next_and_nothing_about_the_firm(client):
    response = client.post(URL, registration(), follow=True)

    text = response.content.decode()
    assert (response.status_code, "已提交，待核验" in text) == (200, True)
    assert ("将在1个工作日内核验" in text, "规模为大型" in text) == (True, True)
    assert ("新乡示例机械" in text, "13800138000" in text) == (False, False)


def test_a_person_registers_without_code(client):
    client.post(URL, registration(kind="person", uscc="", name="孟某某"))

    assert Enterprise.objects.values_list("kind", "uscc").get() == ("person", None)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"uscc": ""}, "uscc"),
        ({"uscc": "91410700MA"}, "uscc"),
        ({"name": ""}, "name"),
        ({"name": "甲\x00乙"}, "name"),
        ({"industry_code": "ZZ"}, "industry_code"),
        ({"industry_code": "A34"}, "industry_code"),
        ({"employees": "-1"}, "employees"),
        ({"employees": "99999999999"}, "employees"),
        ({"revenue_wan": "很多"}, "revenue_wan"),
        ({"revenue_wan": "NaN"}, "revenue_wan"),
        ({"assets_wan": "1.234"}, "assets_wan"),
        ({"contact_phone": "1380013"}, "contact_phone"),
        ({"username": "王某某某"}, "username"),
        ({"username": "13800138000"}, "username"),
        ({"username": "abc"}, "username"),
        ({"password_again": "something else"}, "password_again"),
        ({"password": "shili01", "password_again": "shili01"}, "password"),
        ({"consent": ""}, "consent"),
        ({"kind": "ministry"}, "kind"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(client, facts, field):
    response = client.post(URL, registration(**facts))

    assert (response.status_code, list(errors(response))) == (422, [field])
    assert (Enterprise.objects.count(), User.objects.count()) == (0, 0)


def test_the_password_is_never_sent_back(client):
    response = client.post(URL, registration(name=""))

    assert (PASSWORD in response.content.decode()) is False


def test_a_known_code_says_what_to_do(client):
    EnterpriseFactory(uscc=code(1))

    response = client.post(URL, registration())

    assert (response.status_code, errors(response)) == (
        422,
        {
            "uscc": [
                f"统一社会信用代码{code(1)}已经登记过，请直接登录；忘记账号请联系诉求响应专班办公室。"
            ]
        },
    )


def test_a_former_code_belongs_to_its_firm_still(client):
    firm = EnterpriseFactory(uscc=code(2))
    FormerCode.objects.create(enterprise=firm, uscc=code(1), until=today(), reason="个转企")

    response = client.post(URL, registration())

    assert (response.status_code, list(errors(response))) == (422, ["uscc"])


def test_a_username_is_taken_whatever_its_case(client):
    UserFactory(username="SHILI01")

    response = client.post(URL, registration())

    assert (response.status_code, errors(response)) == (
        422,
        {"username": ["用户名“shili01”已被使用，请换一个。"]},
    )


def test_a_phone_that_is_registered_already_is_not_given_away(client):
    UserFactory(phone="13800138000")

    response = client.post(URL, registration())

    assert response.status_code == 302


def test_a_program_that_fills_the_trap_is_thanked_and_nothing_is_kept(client):
    response = client.post(URL, registration(website="spam"))

    assert (response.status_code, response["Location"]) == (302, "/enterprises/register/done/")
    assert (Enterprise.objects.count(), User.objects.count()) == (0, 0)


def test_ten_firms_an_hour_come_from_one_address_and_what_the_eleventh_typed_stays(client):
    statuses = [
        client.post(URL, registration(n, username=f"shili{n:02d}")).status_code for n in range(11)
    ]
    elsewhere = client.post(
        URL, registration(99, username="shili99"), REMOTE_ADDR="192.0.2.7"
    ).status_code

    assert (statuses, elsewhere) == ([302] * 10 + [429], 302)
    last = client.post(URL, registration(98, username="shili98"))
    assert (last.status_code, last.context["form"]["name"].value()) == (429, "新乡示例机械有限公司")


def test_guessing_usernames_ends_after_sixty_tries(client):
    statuses = {client.post(URL, {"username": f"user{n}"}).status_code for n in range(60)}

    assert (statuses, client.post(URL, {"username": "user61"}).status_code) == ({422}, 429)


def test_the_size_class_is_said_while_typing(client):
    url = reverse("enterprises:size_class")
    full = client.post(url, {"industry_code": "C34", "employees": "20", "revenue_wan": "300"})
    bad = client.post(url, {"industry_code": "ZZ", "employees": "x"})

    assert ("规模为小型" in full.content.decode(), bad.status_code) == (True, 200)
    assert bad.content.decode().strip() == ""


def test_an_unknown_industry_is_a_refusal_at_its_field_also_without_the_form():
    with pytest.raises(RuleBroken) as refused:
        register(industry_code="ZZ", employees=3)

    assert (refused.value.field, User.objects.count()) == ("industry_code", 0)


def test_a_fact_that_is_reckoned_cannot_be_handed_in():
    with pytest.raises(TypeError):
        register(size="large")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("second", "field"), [({"username": "shili02"}, "uscc"), ({"uscc": code(2)}, "username")]
)
def test_of_two_registrations_at_once_one_is_told_what_was_taken(second, field):
    results = []
    start = threading.Barrier(2)

    def run(facts):
        start.wait()
        try:
            register(**facts)
            results.append("done")
        except RuleBroken as refused:
            results.append(refused.field)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(facts,)) for facts in ({}, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == sorted(["done", field])
    assert (Enterprise.objects.count(), User.objects.count()) == (1, 1)
