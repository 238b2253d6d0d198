"""Every address of this room for every kind of person, and filters that agree with permissions."""

import pytest
from django.urls import reverse

from lianqi.enterprises.access import visible_contacts, visible_enterprises, visible_memberships
from lianqi.enterprises.models import Contact, Enterprise, ImportBatch, Membership
from lianqi.enterprises.urls import urlpatterns
from lianqi.kernel.access import may, sees
from lianqi.kernel.clock import now
from lianqi.organisation.enums import BodyCode, Post
from lianqi.organisation.models import User
from tests.factories import EnterpriseFactory, UnitFactory, entrepreneur, office_clerk, person

pytestmark = pytest.mark.django_db
PEOPLE = ("office", "conference", "liaison", "sysadmin", "owner", "stranger", "nobody")
# What GET answers to each of PEOPLE in turn; 302 from a page of one's own is a way on, not a door.
EXPECTED = {
    "enterprise_list": (200, 200, 200, 403, 403, 403, 302),
    "enterprise_export": (200, 200, 200, 403, 403, 403, 302),
    "enterprise_new": (200, 200, 403, 403, 403, 403, 302),
    "register": (200, 200, 200, 200, 200, 200, 200),
    "register_done": (200, 200, 200, 200, 200, 200, 200),
    "size_class": (405, 405, 405, 405, 405, 405, 405),
    "my_enterprise": (403, 403, 403, 403, 200, 200, 302),
    "import_new": (200, 200, 403, 403, 403, 403, 302),
    "import_template": (200, 200, 403, 403, 403, 403, 302),
    "import_detail": (200, 200, 404, 404, 404, 404, 302),
    "import_enter": (405, 405, 405, 405, 405, 405, 302),
    "import_drop": (405, 405, 405, 405, 405, 405, 302),
    "import_errors": (200, 200, 404, 404, 404, 404, 302),
    "enterprise_detail": (200, 200, 200, 404, 302, 404, 302),
    "enterprise_step": (200, 200, 403, 404, 403, 404, 302),
    "enterprise_correct": (200, 200, 403, 404, 200, 404, 302),
    "enterprise_change_code": (200, 200, 403, 404, 403, 404, 302),
    "contact_new": (200, 200, 403, 404, 200, 404, 302),
    "contact_edit": (200, 200, 403, 404, 200, 404, 302),
    "contact_remove": (405, 405, 405, 405, 405, 405, 302),
    "account_new": (200, 200, 403, 404, 403, 404, 302),
    "account_renew": (200, 200, 403, 404, 403, 404, 302),
    "account_end": (200, 200, 403, 404, 403, 404, 302),
}


@pytest.fixture
def firm():
    made = EnterpriseFactory(state="pending")
    Contact.objects.create(enterprise=made, name="王某", phone="13800138000", main=True)
    return made


@pytest.fixture
def people(firm):
    return {
        "office": office_clerk(),
        "conference": person(Post.OFFICE_STAFF, body=BodyCode.JC),
        "liaison": person(Post.LIAISON, unit=UnitFactory()),
        "sysadmin": person(Post.SYSADMIN),
        "owner": entrepreneur(firm),
        "stranger": entrepreneur(),
        "nobody": None,
    }


def test_the_table_names_every_address():
    assert sorted(EXPECTED) == sorted(pattern.name for pattern in urlpatterns)


@pytest.mark.parametrize("name", EXPECTED)
def test_an_address_answers_each_person_as_the_table_says(client, firm, people, name):
    batch = ImportBatch.objects.create(
        name="a.xlsx", state="previewed", uploaded_by=people["office"], uploaded_at=now()
    )
    contact, held = firm.contacts.get(), firm.memberships.get()
    known = {
        "pk": batch.pk if name.startswith("import_") else firm.pk,
        "contact_pk": contact.pk,
        "membership_pk": held.pk,
        "key": "verify",
    }
    pattern = next(pattern for pattern in urlpatterns if pattern.name == name)
    wanted = {key: known[key] for key in pattern.pattern.converters}
    url = reverse(f"enterprises:{name}", kwargs=wanted)

    answers = []
    for who in PEOPLE:
        client.logout()
        if people[who]:
            client.force_login(people[who])
        answers.append(client.get(url).status_code)

    assert tuple(answers) == EXPECTED[name]


@pytest.mark.parametrize("who", PEOPLE[:-1])
def test_filter_and_permission_agree_for_every_role(people, who):
    user = User.objects.get(pk=people[who].pk)
    firms = Enterprise.objects.all()

    assert set(visible_enterprises(user)) == {
        firm for firm in firms if may(user, "enterprises.view_enterprise", firm)
    }
    assert {sees(user, firm) for firm in visible_enterprises(user)} <= {True}
    assert set(visible_contacts(user)) == {
        one
        for one in Contact.objects.all()
        if may(user, "enterprises.view_enterprise", one.enterprise)
    }
    assert set(visible_memberships(user)) == {
        held
        for held in Membership.objects.all()
        if may(user, "enterprises.view_enterprise", held.enterprise)
    }


def test_full_numbers_are_for_the_offices(people, firm):
    contact = firm.contacts.get()

    assert [who for who in PEOPLE if may(people[who], "enterprises.reveal_phone", contact)] == [
        "office",
        "conference",
    ]
