"""The firm's own page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianqi.enterprises import actions
from lianqi.enterprises.models import Membership
from lianqi.kernel.clock import today
from lianqi.organisation.models import User
from tests.enterprises.test_registration import register
from tests.factories import EnterpriseFactory, entrepreneur, office_clerk

pytestmark = pytest.mark.django_db
URL = "/enterprises/mine/"


def test_a_firm_that_has_just_registered_sees_when_it_will_be_verified(client):
    firm = register()
    client.force_login(User.objects.get())

    response = client.get(URL)

    text = response.content.decode()
    assert (response.status_code, response.context["enterprise"]) == (200, firm)
    assert ("待核验" in text, "承诺时间" in text, "13800138000" in text) == (True, True, False)
    assert [row.membership.user.username for row in response.context["accounts"]] == ["shili01"]


def test_a_firm_reads_why_it_was_refused_but_not_who_it_was(client):
    firm, clerk = register(), office_clerk(full_name="钱某某")
    actions.refuse_enterprise(firm, actor=clerk, note="执照已注销，请核对后联系。")
    client.force_login(User.objects.get(username="shili01"))

    response = client.get(URL)

    assert [(entry.label, entry.text) for entry in response.context["entries"]] == [
        ("不予通过", "执照已注销，请核对后联系。"),
        ("注册", "新乡示例机械有限公司自助注册，联系人王某。"),
    ]
    assert ("钱某某" in response.content.decode()) is False


def test_an_account_of_two_firms_chooses_between_them(client):
    first, second = EnterpriseFactory(), EnterpriseFactory()
    user = entrepreneur(first)
    Membership.objects.create(user=user, enterprise=second, since=today())
    client.force_login(user)

    shown = [client.get(URL).context["enterprise"]]
    shown.append(client.get(URL, {"firm": second.pk}).context["enterprise"])

    assert shown == [first, second]
    assert [client.get(URL, {"firm": asked}).status_code for asked in ("999999", "x")] == [404] * 2


def test_another_firms_page_is_not_there(client):
    stranger = EnterpriseFactory()
    client.force_login(entrepreneur())

    assert client.get(URL, {"firm": stranger.pk}).status_code == 404


def test_the_page_asks_the_database_as_often_for_five_contacts_as_for_one(client):
    firm, asked = EnterpriseFactory(), []
    owner = entrepreneur(firm)
    client.force_login(owner)
    for numbers in (range(1), range(1, 5)):
        for n in numbers:
            actions.add_contact(firm, actor=owner, name=f"王{n}", phone="13800138000")
        client.get(URL)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(URL)
        asked.append((len(response.context["contacts"]), len(queries)))

    assert [count for count, _ in asked] == [1, 5]
    assert asked[0][1] == asked[1][1]
