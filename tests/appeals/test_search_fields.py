"""Appeals found by their units and by the initials of their firms."""

import pytest

from lianqi.appeals.queries import appeal_page, every_row
from lianqi.kernel.search import finding
from tests.api.programs import program_of
from tests.appeals.stage import MORNING, Stage
from tests.factories import EnterpriseFactory, UnitFactory, entrepreneur, file_appeal, office_clerk

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(MORNING, tick=False)]


def found(user, text):
    return [row.appeal.pk for row in appeal_page(user, q=text, sort="new").rows]


@pytest.fixture
def stage():
    """Return an appeal with a lead and a helping unit, beside one that nobody handles yet."""
    stage = Stage()
    stage.go("accept", "dispatch")
    stage.lead.name, stage.lead.aliases = "区供电分局", ["电管所"]
    stage.lead.save()
    stage.other = file_appeal(title="供电分局门前道路积水")
    return stage


@pytest.mark.parametrize(
    ("asked", "hits"),
    [
        ("单位：供电", ["led"]),
        ("单位:电管", ["led"]),
        ("单位：{code}", ["led"]),
        ("单位：{helping}", ["led"]),
        ("单位：没有的局", []),
        ("单位：供电 停电", ["led"]),
        ("单位：供电 积水", []),
        ("供电分局", ["other"]),
        ("-单位：供电", ["other"]),
        ("单位：供电 或 积水", ["other", "led"]),
    ],
)
def test_a_unit_is_asked_for_by_name_alias_or_code_leading_or_helping(stage, asked, hits):
    asked = asked.format(code=stage.lead.code, helping=stage.helping.name)
    named = {stage.appeal.pk: "led", stage.other.pk: "other"}

    assert [named[pk] for pk in found(office_clerk(), asked)] == hits


def test_a_part_of_a_code_is_no_unit(stage):
    UnitFactory(code=f"{stage.lead.code}-branch", name="无关所")

    assert found(office_clerk(), f"单位：{stage.lead.code}-branch") == []


def test_a_unit_asked_for_is_found_in_export_and_api_and_when_the_list_is_walked(
    stage, monkeypatch
):
    clerk = office_clerk()
    exported = [row.appeal.pk for row in every_row(clerk, q="单位：供电")]
    told = program_of(clerk).get("/appeals", q="单位：供电").json()["items"]
    monkeypatch.setattr(finding, "RARE", 0)
    monkeypatch.setattr(finding, "OFTEN", 0)

    assert (exported, [one["number"] for one in told], found(clerk, "单位：供电")) == (
        [stage.appeal.pk],
        [stage.appeal.number],
        [stage.appeal.pk],
    )


def test_a_firm_learns_by_searching_which_unit_leads_and_not_who_helps(stage):
    firm = program_of(stage.who["firm"])

    told = [
        firm.get("/appeals", q=f"单位：{unit.name}").json()["items"]
        for unit in (stage.lead, stage.helping)
    ]

    assert [len(items) for items in told] == [1, 0]


def test_a_unit_sees_by_its_name_only_what_it_sees_anyway(stage):
    another = Stage()
    another.go("accept", "dispatch")

    assert found(another.who["liaison"], f"单位：{stage.lead.name}") == []


def test_a_firm_is_found_by_the_initials_of_its_name():
    firm = EnterpriseFactory(name="新乡市精工机械有限公司")
    appeal = file_appeal(entrepreneur(firm))
    file_appeal(entrepreneur(EnterpriseFactory(name="封丘县树莓食品厂")))
    clerk = office_clerk()

    assert [
        found(clerk, asked) for asked in ("xxjgjx", "XXSJG", "企业：jgjx", "标题：jgjx", "jgjxc")
    ] == [[appeal.pk]] * 3 + [[]] * 2
