"""A call is taken down on one page: who calls is found, what is known is not typed."""

import pytest

from lianqi.appeals.models import Appeal
from lianqi.appeals.queries.callers import callers
from lianqi.enterprises.models import Contact, Enterprise
from tests.appeals.stage import MORNING
from tests.factories import EnterpriseFactory, entrepreneur, file_appeal, office_clerk

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(MORNING)]
URL = "/appeals/intake/"
CALLER_QUERIES = 4
PHONE = "13800138000"
HTMX = {"HX-Request": "true", "HX-Target": "firms"}


@pytest.fixture
def clerk(client):
    """Sign a clerk of the office in."""
    user = office_clerk()
    client.force_login(user)
    return user


@pytest.fixture
def firm(db):
    """A firm whose main contact has the well-known number."""
    made = EnterpriseFactory()
    Contact.objects.create(enterprise=made, name="王某", phone=PHONE, main=True)
    return made


def told(**changed):
    return {
        "caller": PHONE,
        "channel": "phone",
        "kind": "help",
        "content": "厂区夜间停电三次。希望协调供电。",
        **changed,
    }


def test_a_callers_number_finds_firm_contact_and_open_appeals(clerk, firm):
    appeal = file_appeal(entrepreneur(firm))

    [caller] = callers(clerk, "138 0013 8000")

    assert (caller.firm, caller.contact_name, caller.appeals) == (firm, "王某", [appeal])


def test_a_number_known_from_an_earlier_appeal_finds_the_firm(clerk):
    appeal = file_appeal(entrepreneur())

    assert [caller.firm for caller in callers(clerk, PHONE)] == [appeal.enterprise]


def test_a_call_takes_the_number_and_the_text_and_nothing_else(client, clerk, firm):
    response = client.post(URL, told())

    [appeal] = Appeal.objects.all()
    assert (response.status_code, response["Location"]) == (302, URL)
    assert (appeal.enterprise, appeal.channel, appeal.filed_by) == (firm, "phone", clerk)
    assert (appeal.title, appeal.contact_name) == ("厂区夜间停电三次", "王某")
    assert str(appeal.contact_phone) == "138****8000"


def test_the_next_blank_form_says_what_was_registered_and_keeps_the_channel(client, clerk, firm):
    client.post(URL, told(channel="window"))

    page = client.get(URL)

    [appeal] = Appeal.objects.all()
    assert f"已登记 {appeal.number}" in page.content.decode()
    assert page.context["form"]["channel"].value() == "window"
    assert [one for one, _whose in page.context["today"]] == [appeal]


def test_looking_for_the_firm_loses_nothing_and_writes_nothing(client, clerk, firm):
    found = client.post(URL, told(caller=firm.name[:4], find="yes"))

    assert (found.status_code, Appeal.objects.count()) == (200, 0)
    assert firm.name in found.content.decode()
    assert "厂区夜间停电三次。希望协调供电。" in found.content.decode()
    assert found.context["form"].errors == {}


def test_while_typing_only_the_firms_come_back(client, clerk, firm):
    part = client.post(URL, {"caller": firm.uscc}, headers=HTMX).content.decode()

    assert (firm.name in part, "<html" in part) == (True, False)


def test_of_several_firms_one_must_be_chosen(client, clerk):
    one, other = EnterpriseFactory(name="同德机械甲厂"), EnterpriseFactory(name="同德机械乙厂")
    Contact.objects.create(enterprise=other, name="李某", phone=PHONE, main=True)

    refused = client.post(URL, told(caller="同德机械"))
    taken = client.post(URL, told(caller="同德机械", enterprise=other.pk))

    assert (refused.status_code, taken.status_code) == (422, 302)
    assert Appeal.objects.get().enterprise == other
    assert one.appeals.count() == 0


def test_a_firm_that_is_not_among_those_found_is_not_taken(client, clerk, firm):
    stranger = EnterpriseFactory()

    client.post(URL, told(enterprise=stranger.pk))

    assert Appeal.objects.get().enterprise == firm


def test_an_unknown_firm_is_entered_with_its_code_and_its_text_is_not_lost(client, clerk):
    asked = client.post(URL, told(new_name="新乡某某电子有限公司", contact_name="赵某"))
    assert asked.status_code == 422
    assert "厂区夜间停电三次" in asked.content.decode()
    assert (Enterprise.objects.count(), "new_code" in asked.context["form"].errors) == (0, True)

    code = "91410700MA4000003U"
    client.post(URL, told(new_name="新乡某某电子有限公司", new_code=code, contact_name="赵某"))

    [appeal] = Appeal.objects.all()
    assert (appeal.enterprise.uscc, appeal.enterprise.contacts.get().name) == (code, "赵某")


def test_a_private_person_needs_no_code(client, clerk):
    client.post(URL, told(new_name="孟某某", new_person="on", contact_name="孟某某"))

    assert Appeal.objects.get().enterprise.kind == "person"


def test_a_wrong_code_enters_no_firm_and_says_so_beside_the_field(client, clerk):
    refused = client.post(
        URL, told(new_name="新乡某某电子有限公司", new_code="123", contact_name="赵某")
    )

    assert (refused.status_code, Enterprise.objects.count()) == (422, 0)
    assert "new_code" in refused.context["form"].errors


def test_a_contact_nobody_knows_is_asked_for(client, clerk):
    firm = EnterpriseFactory()

    refused = client.post(URL, told(caller=firm.name))

    assert set(refused.context["form"].errors) == {"contact_name", "contact_phone"}


def test_the_same_form_sent_twice_registers_once(client, clerk, firm):
    for _ in range(2):
        assert client.post(URL, told(idempotency_key="k")).status_code == 302

    assert Appeal.objects.count() == 1


@pytest.mark.parametrize("who", ["firm", "nobody"])
def test_the_page_is_the_offices(client, who):
    if who == "firm":
        client.force_login(entrepreneur())

    assert client.get(URL).status_code == (403 if who == "firm" else 302)


@pytest.mark.parametrize("count", [1, 5])
def test_callers_are_found_with_the_same_queries_for_any_number_of_firms(
    clerk, django_assert_num_queries, count
):
    for n in range(count):
        made = EnterpriseFactory(name=f"同德机械{n}厂")
        Contact.objects.create(enterprise=made, name="王某", phone=PHONE, main=True)
        file_appeal(entrepreneur(made))
    assert clerk.posts_now

    with django_assert_num_queries(CALLER_QUERIES):
        found = callers(clerk, "同德机械")

    assert len(found) == count


def test_hostile_words_are_only_words(client, clerk):
    for said in ("' OR 1=1 --", "%", "\\", "一" * 60, "=1+1"):
        assert client.post(URL, told(caller=said)).status_code == 422
