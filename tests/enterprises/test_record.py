"""One firm: its page, its steps, corrections, codes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianqi.enterprises import actions
from lianqi.enterprises.models import Contact, Enterprise, FormerCode
from lianqi.enterprises.queries.record import size_reason
from lianqi.kernel.errors import NotPermitted, RuleBroken, StaleState
from lianqi.kernel.journal import verify_journal
from lianqi.kernel.models import Duty, JournalEntry, OutboxMessage
from lianqi.organisation.enums import Post
from tests.enterprises.samples import code
from tests.enterprises.test_registration import register
from tests.factories import EnterpriseFactory, UnitFactory, entrepreneur, office_clerk, person

pytestmark = pytest.mark.django_db


def url(firm, rest=""):
    return f"/enterprises/{firm.pk}/{rest}"


# --- the page


def test_the_page_shows_facts_masked_contacts_duty_and_history(client, office):
    firm = register(industry_code="C34", employees=120, revenue_wan=5600)

    response = client.get(url(firm))

    text = response.content.decode()
    assert response.status_code == 200
    assert [step.key for step in response.context["steps"]] == ["verify", "refuse"]
    assert dict(response.context["facts"])["行业"] == "C34（制造业）"
    assert ("138****8000" in text, "13800138000" in text) == (True, False)
    assert response.context["duty"].key == "verify"
    assert [entry.label for entry in response.context["entries"]] == ["注册"]
    contact = Contact.objects.get()
    assert response.context["contacts"][0].reveal_url == (
        f"/reveal/?for=enterprises.contact%3A{contact.pk}%3Aphone"
    )


def test_the_page_asks_the_database_as_often_for_five_contacts_as_for_one(client, office):
    firm, asked = EnterpriseFactory(), []
    for numbers in (range(1), range(1, 5)):
        for n in numbers:
            actions.add_contact(firm, actor=office, name=f"王{n}", phone="13800138000")
            actions.open_account(firm, actor=office, username=f"acct{n}", full_name="王某")
            FormerCode.objects.create(
                enterprise=firm, uscc=code(n), until="2026-01-01", reason="迁入"
            )
        client.get(url(firm))
        with CaptureQueriesContext(connection) as queries:
            response = client.get(url(firm))
        asked.append((len(response.context["contacts"]), len(queries)))

    assert [count for count, _ in asked] == [1, 5]
    assert asked[0][1] == asked[1][1]


def test_the_size_is_explained_by_its_thresholds():
    firm = EnterpriseFactory(industry_code="C34", employees=120, revenue_wan=5600, size="small")

    reason = size_reason(firm)

    assert reason.verdict == "划为小型：各项指标须同时达到下限，否则下划一档。"
    assert [(line.indicator, line.figure, line.large) for line in reason.lines] == [
        ("从业人员（人）", "120", "1,000"),
        ("营业收入（万元）", "5,600", "40,000"),
    ]


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ({}, "未填行业代码，暂不能划分规模。"),
        ({"industry_code": "P83"}, "这个行业不在划分办法之内，或行业代码太粗，不划分规模。"),
        ({"industry_code": "C34", "employees": 3}, "缺少营业收入，暂不能划分规模。"),
    ],
)
def test_a_firm_without_size_is_told_what_is_missing(facts, verdict):
    assert size_reason(EnterpriseFactory(**facts)).verdict == verdict


def test_a_link_from_the_desk_opens_the_form_of_the_step(client, office):
    firm = register()

    response = client.get(url(firm, "?step=verify"))

    assert response.context["step"].key == "verify"


# --- steps


def test_the_office_verifies_a_firm_and_the_firm_is_told(client, office):
    firm = register()

    response = client.post(url(firm, "steps/verify/"), {"note": ""})

    firm.refresh_from_db()
    assert (response.status_code, firm.state, firm.verified_at is not None) == (
        302,
        "verified",
        True,
    )
    assert Duty.objects.about(firm).get().state == "done"
    told = OutboxMessage.objects.get(recipient=f"enterprise:{firm.pk}")
    assert (told.title, told.url) == (f"企业入库核验已通过：{firm.name}", "/enterprises/mine/")
    assert verify_journal().broken == ""


def test_a_refusal_needs_its_reason_which_the_firm_reads(client, office):
    firm = register()

    without = client.post(url(firm, "steps/refuse/"), {"note": ""})
    with_reason = client.post(url(firm, "steps/refuse/"), {"note": "执照已注销，请核对后联系。"})

    firm.refresh_from_db()
    assert (without.status_code, with_reason.status_code, firm.state) == (422, 302, "refused")
    line = JournalEntry.objects.about(firm).last()
    assert (line.text, line.audience) == ("执照已注销，请核对后联系。", "enterprise")


def test_a_firm_leaves_the_directory_and_comes_back(client, office):
    firm = EnterpriseFactory()

    client.post(url(firm, "steps/remove/"), {"note": "已迁出本区"})
    left = Enterprise.objects.get().state
    client.post(url(firm, "steps/readmit/"), {"note": "迁回本区"})

    assert (left, Enterprise.objects.get().state) == ("left", "verified")


def test_a_step_that_does_not_fit_the_state_is_a_conflict(client, office):
    firm = EnterpriseFactory()

    response = client.post(url(firm, "steps/verify/"), {"note": ""})

    assert (response.status_code, "不能“核验通过”" in response.content.decode()) == (409, True)


def test_only_the_offices_take_steps(client):
    firm = register()
    client.force_login(person(Post.LIAISON, unit=UnitFactory()))

    assert client.get(url(firm)).context["steps"] == []
    assert [
        client.post(url(firm, f"steps/{key}/"), {"note": "理由充分"}).status_code
        for key in ("verify", "refuse", "remove", "readmit", "enter", "nothing")
    ] == [403, 403, 403, 403, 404, 404]
    assert Enterprise.objects.get().state == "pending"


def test_of_two_clerks_the_second_learns_that_the_first_was_quicker():
    firm = register()
    stale = Enterprise.objects.get(pk=firm.pk)
    actions.verify_enterprise(firm, actor=office_clerk())

    with pytest.raises(StaleState):
        actions.refuse_enterprise(stale, actor=office_clerk(), note="理由")


# --- corrections

FACTS = {
    "name": "新名称有限公司",
    "industry_code": "F51",
    "employees": "8",
    "revenue_wan": "900",
    "assets_wan": "",
    "address": "新地址",
}


def test_the_office_corrects_facts_and_each_old_value_stays_in_the_journal(client, office):
    firm = EnterpriseFactory(name="旧名称有限公司", industry_code="C34", employees=8)

    response = client.post(url(firm, "correct/"), FACTS)

    firm.refresh_from_db()
    assert (response.status_code, firm.name, firm.size) == (302, "新名称有限公司", "micro")
    line = JournalEntry.objects.about(firm).get()
    assert line.data == {
        "name": ["旧名称有限公司", "新名称有限公司"],
        "industry_code": ["C34", "F51"],
        "revenue_wan": [None, "900"],
        "address": ["", "新地址"],
    }
    assert line.text == (
        "名称：旧名称有限公司 → 新名称有限公司；行业代码：C34 → F51；"
        "营业收入（万元）：（空） → 900；地址：（空） → 新地址"
    )


def test_saving_without_a_change_writes_nothing(client, office):
    firm = EnterpriseFactory(industry_code="C34")
    same = {**FACTS, "name": firm.name, "industry_code": "c34", "employees": ""}

    client.post(url(firm, "correct/"), {**same, "revenue_wan": "", "address": ""})

    assert JournalEntry.objects.about(firm).count() == 0


def test_a_firm_corrects_its_own_figures_but_neither_name_nor_size_nor_state(client):
    firm = EnterpriseFactory(name="原名有限公司", state="pending")
    client.force_login(entrepreneur(firm))
    tampered = {**FACTS, "size": "large", "state": "verified", "uscc": code(5), "private": "0"}

    response = client.post(url(firm, "correct/"), tampered)

    before, firm = firm, Enterprise.objects.get()
    assert (response.status_code, response["Location"]) == (
        302,
        f"/enterprises/mine/?firm={firm.pk}",
    )
    assert (firm.name, firm.size, firm.state, firm.uscc, firm.employees) == (
        "原名有限公司",
        "micro",
        "pending",
        before.uscc,
        8,
    )


def test_a_firm_that_hands_in_a_name_past_the_form_is_refused():
    firm = EnterpriseFactory()

    with pytest.raises(NotPermitted):
        actions.correct_enterprise(firm, actor=entrepreneur(firm), name="别人有限公司")
    with pytest.raises(TypeError):
        actions.correct_enterprise(firm, actor=office_clerk(), size="large")


def test_a_correction_does_not_turn_back_a_step_that_was_taken_meanwhile():
    firm = register()
    stale = Enterprise.objects.get(pk=firm.pk)
    actions.verify_enterprise(firm, actor=office_clerk())

    actions.correct_enterprise(stale, actor=office_clerk(), address="新地址")

    fresh = Enterprise.objects.get(pk=firm.pk)
    assert (fresh.state, fresh.verified_at is not None, fresh.address) == (
        "verified",
        True,
        "新地址",
    )


def test_a_wrong_figure_is_said_at_its_field(client, office):
    firm = EnterpriseFactory()

    response = client.post(url(firm, "correct/"), {**FACTS, "industry_code": "99"})

    assert (response.status_code, list(response.context["form"].errors)) == (
        422,
        ["industry_code"],
    )


# --- codes


def test_a_new_code_keeps_the_old_one_in_the_history(client, office):
    firm = EnterpriseFactory(uscc=code(1, "92"), kind="self_employed")

    response = client.post(
        url(firm, "code/"), {"kind": "company", "uscc": code(2), "reason": "个体工商户转为企业"}
    )

    firm.refresh_from_db()
    assert (response.status_code, firm.uscc, firm.kind) == (302, code(2), "company")
    former = FormerCode.objects.get()
    assert (former.uscc, former.reason) == (code(1, "92"), "个体工商户转为企业")
    assert client.get(url(firm)).context["codes"] == [former]


def test_another_firms_code_is_refused(client, office):
    EnterpriseFactory(uscc=code(2))
    firm = EnterpriseFactory(uscc=code(1))

    response = client.post(
        url(firm, "code/"), {"kind": "company", "uscc": code(2), "reason": "变更"}
    )

    firm.refresh_from_db()
    assert (response.status_code, list(response.context["form"].errors), firm.uscc) == (
        422,
        ["uscc"],
        code(1),
    )


def test_a_firm_takes_its_own_former_code_back():
    firm, clerk = EnterpriseFactory(uscc=code(1)), office_clerk()
    actions.change_code(firm, actor=clerk, uscc=code(2), reason="录错")

    actions.change_code(firm, actor=clerk, uscc=code(1), reason="改回")

    assert Enterprise.objects.get().uscc == code(1)


def test_a_code_that_is_none_is_refused_also_without_the_form():
    firm = EnterpriseFactory(uscc=code(1))

    with pytest.raises(RuleBroken) as refused:
        actions.change_code(firm, actor=office_clerk(), uscc="123", reason="变更")
    with pytest.raises(NotPermitted):
        actions.change_code(firm, actor=entrepreneur(firm), uscc=code(2), reason="变更")

    assert (refused.value.field, Enterprise.objects.get().uscc) == ("uscc", code(1))
