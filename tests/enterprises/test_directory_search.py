"""The directory on the search index: page, export and API find the same firms."""

import pytest
from django.core.management import call_command

from lianqi.enterprises.actions import change_code, correct_enterprise
from lianqi.enterprises.models import Enterprise
from lianqi.enterprises.queries.directory import enterprise_list
from lianqi.enterprises.queries.search import ABOUT_FIRMS, search_texts
from lianqi.kernel.models import SearchEntry
from lianqi.kernel.models.search import Scope
from lianqi.kernel.search.index import stored
from tests.api.programs import program_of
from tests.enterprises.samples import code
from tests.factories import EnterpriseFactory, entrepreneur, office_clerk
from tests.kernel.visitors import signed_in

pytestmark = pytest.mark.django_db


def found(user, text):
    return [firm.name for firm in enterprise_list(user, {"q": text}).order_by("-pk")]


def kept():
    rows = SearchEntry.objects.filter(subject_type=ABOUT_FIRMS)
    return {
        row.subject_id: tuple(getattr(row, f"{scope.value}_text") for scope in Scope)
        for row in rows
    }


def composed():
    texts = search_texts(list(Enterprise.objects.all()))
    return {key: stored(one) for key, one in texts.items()}


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("精工", ["新乡市精工机械有限公司"]),
        ("ＸＸＪＧ", ["新乡市精工机械有限公司"]),
        ("xxjgjx", ["新乡市精工机械有限公司"]),
        ("精工 机械", ["新乡市精工机械有限公司"]),
        ("有限公司 -精工", ["长垣起重有限公司"]),
        ("cyqz", ["长垣起重有限公司"]),
        ("精工 或 起重", ["长垣起重有限公司", "新乡市精工机械有限公司"]),
        ("qqqq", []),
    ],
)
def test_a_firm_is_found_by_parts_and_initials_of_its_name(asked, names):
    EnterpriseFactory(name="新乡市精工机械有限公司", uscc=code(1))
    EnterpriseFactory(name="长垣起重有限公司", uscc=code(2))
    clerk = office_clerk()
    told = program_of(clerk).get("/enterprises", q=asked).json()["items"]

    assert (found(clerk, asked), [one["name"] for one in told]) == (names, names)
    page = signed_in(clerk).get("/enterprises/", {"q": asked}).context["page"]
    assert [row.firm.name for row in page.rows] == names


def test_a_firm_finds_nobody_but_itself():
    mine = EnterpriseFactory(name="精工一厂")
    EnterpriseFactory(name="精工二厂")
    firm = entrepreneur(mine)

    told = program_of(firm).get("/enterprises", q="精工").json()["items"]

    assert [one["name"] for one in told] == ["精工一厂"]


def test_a_new_name_and_a_former_code_are_found_at_once_and_a_former_name_no_longer():
    clerk, firm = office_clerk(), EnterpriseFactory(name="旧名精工厂", uscc=code(1))

    correct_enterprise(firm, actor=clerk, name="新名起重厂")
    change_code(firm, actor=clerk, uscc=code(2), reason="换证")

    asked = ("xmqz", "起重", code(1), code(1)[:12], code(2), "旧名", "jmjg")
    assert [found(clerk, text) for text in asked] == [["新名起重厂"]] * 5 + [[]] * 2
    assert kept() == composed()


def test_firms_of_a_version_without_index_are_filled_in(capsys):
    EnterpriseFactory(name="新乡市精工机械有限公司")
    SearchEntry.objects.all().delete()

    call_command("prepare")

    assert kept() == composed()
    assert len(kept()) == 1


def test_everything_the_index_holds_of_a_firm_is_known_to_whoever_sees_it():
    EnterpriseFactory(name="新乡市精工机械有限公司", address="地址金丝雀")

    assert {
        scope for texts in search_texts(list(Enterprise.objects.all())).values() for scope in texts
    } == {Scope.NAME}
