"""A public case: checked, consented to, published by a second person, gone when consent is taken back."""

from datetime import timedelta

import pytest
from django.test import Client

from lianqi.appeals.access import visible_cases
from lianqi.appeals.actions.cases import (
    ask_consent,
    clear_find,
    consent_to_case,
    draft_case,
    proposed_texts,
    publish_case,
    refuse_case,
    revise_case,
    withdraw_case,
    withdraw_consent,
)
from lianqi.appeals.jobs import lapse_consents
from lianqi.appeals.links import consent_link
from lianqi.appeals.models import PublicCase
from lianqi.appeals.queries.beside import public_cases_like
from lianqi.appeals.queries.likeness import cases_for_firm
from lianqi.appeals.workflow.cases import open_finds
from lianqi.kernel.access import may
from lianqi.kernel.clock import now, told_at
from lianqi.kernel.errors import NotPermitted, RuleBroken, StepUnfit
from lianqi.kernel.journal import verify_journal
from lianqi.kernel.models import Duty, OutboxMessage
from lianqi.organisation.models import User
from tests.api.programs import Program
from tests.appeals.stage import MORNING, WAYS, Stage
from tests.factories import EnterpriseFactory, office_clerk
from tests.kernel.visitors import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(MORNING)]
TEXTS = {
    "title": "夜间停电怎么申请检查线路",
    "question": "厂区夜间停电三次，应该找谁检查？",
    "answer": "可以拨打供电服务热线，或通过专班协调，一般三个工作日内到现场。",
}


@pytest.fixture
def stage():
    return Stage.at("closed")


def drafted(stage, **texts):
    return draft_case(stage.appeal, actor=stage.who["office"], **{**TEXTS, **texts})


def consented(stage, **texts):
    case = ask_consent(drafted(stage, **texts), actor=stage.who["office"])
    return consent_to_case(case, actor=stage.who["firm"])


def published(stage, **texts):
    return publish_case(consented(stage, **texts), actor=stage.who["insider"])


def test_a_case_goes_from_draft_to_public_with_a_duty_at_each_wait(stage):
    case = ask_consent(drafted(stage), actor=stage.who["office"])
    asked = Duty.objects.about(case).get(state="open")
    consent_to_case(case, actor=stage.who["firm"])
    owed = Duty.objects.about(case).get(state="open")
    publish_case(case, actor=stage.who["insider"])

    assert (asked.key, asked.holder, asked.advisory) == (
        "consent",
        f"enterprise:{stage.appeal.enterprise_id}",
        True,
    )
    assert (owed.key, owed.holder, owed.advisory) == ("publish", "body:TF3:office", False)
    assert (case.state, case.published_by) == ("published", stage.who["insider"])
    assert (Duty.objects.about(case).filter(state="open").count(), verify_journal().broken) == (
        0,
        "",
    )


def test_whoever_drafted_it_does_not_publish_it(stage):
    case = consented(stage)

    with pytest.raises(NotPermitted):
        publish_case(case, actor=stage.who["office"])

    assert PublicCase.objects.get().state == "consented"


ACTS = {
    "appeals.draft_case": {"office", "insider"},
    "appeals.publish_case": {"insider", "head"},
    "appeals.withdraw_case": {"office", "insider", "head"},
    "appeals.consent_case": {"firm"},
}


@pytest.mark.parametrize("permission", ACTS)
def test_each_act_belongs_to_its_people(stage, permission):
    case = drafted(stage)

    allowed = {role for role, user in stage.who.items() if may(user, permission, case)}

    assert allowed == ACTS[permission]


def test_row_filter_and_predicate_answer_alike(stage):
    case = drafted(stage)

    for user in stage.who.values():
        reader = User.objects.get(pk=user.pk)
        assert visible_cases(reader).filter(pk=case.pk).exists() == may(
            reader, "appeals.view_case", case
        )


@pytest.mark.parametrize("state", ["submitted", "handling", "dissatisfied", "declined"])
def test_what_has_no_undisputed_answer_is_no_case(state):
    stage = Stage.at(state)

    with pytest.raises(RuleBroken):
        drafted(stage)

    assert PublicCase.objects.count() == 0


def test_an_appeal_has_one_case(stage):
    drafted(stage)

    with pytest.raises(RuleBroken) as refusal:
        drafted(stage)

    assert refusal.value.message == "这件诉求已经有公开案例。"


# --- the check


def test_the_draft_begins_with_names_and_numbers_covered():
    stage = Stage(content="我是王某，电话13800138000，停电三次。")
    stage.go("accept", "answer_directly")

    texts = proposed_texts(stage.appeal)

    assert texts["question"] == "我是〔已隐去〕，电话〔已隐去〕，停电三次。"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("请拨打 138-0013-8000。", ["phone"]),
        ("身份证 11010519491231002X。", ["id"]),
        ("请找张总。", ["person"]),
        ("请找王某。", ["name"]),
        ("星海明珠酒店有限公司也问过。", ["name"]),
        ("停电三次。", []),
    ],
)
def test_the_check_finds_what_tells_who_it_is(stage, text, kinds):
    EnterpriseFactory(name="新乡星海明珠酒店有限公司")

    case = drafted(stage, question=f"{TEXTS['question']}{text}")

    assert [hit.kind for hit in open_finds(case)] == kinds


def test_an_officials_name_is_found_too(stage):
    office_clerk(full_name="诸葛清风")

    assert [hit.text for hit in open_finds(drafted(stage, answer="请找诸葛清风办理。"))] == [
        "诸葛清风"
    ]


def test_with_a_find_left_the_firm_is_not_asked(stage):
    case = drafted(stage, question="请拨打13800138000找张总。")

    with pytest.raises(RuleBroken) as refusal:
        ask_consent(case, actor=stage.who["office"])

    assert refusal.value.status == 422
    assert PublicCase.objects.get().state == "draft"


def test_a_find_is_changed_or_cleared_with_a_reason(stage):
    office = stage.who["office"]
    case = drafted(stage, question="请拨打13800138000找张总。")

    revise_case(case, actor=office, **{**TEXTS, "question": "请找张总。"})
    clear_find(case, actor=office, which="person:张总", reason="泛指，不是某个人。")
    ask_consent(case, actor=office)

    assert case.state == "consent"
    assert [(look["text"], look["reason"], look["by"]) for look in case.cleared] == [
        ("张总", "泛指，不是某个人。", office.signature())
    ]


def test_what_is_not_in_the_texts_cannot_be_cleared(stage):
    with pytest.raises(RuleBroken) as refusal:
        clear_find(drafted(stage), actor=stage.who["office"], which="person:张总", reason="泛指。")

    assert refusal.value.field == "which"


def test_texts_are_fixed_once_the_firm_is_asked(stage):
    case = ask_consent(drafted(stage), actor=stage.who["office"])

    with pytest.raises(StepUnfit):
        revise_case(case, actor=stage.who["office"], **TEXTS)

    assert PublicCase.objects.get().title == TEXTS["title"]


# --- consent


def test_silence_is_no(stage):
    case = ask_consent(drafted(stage), actor=stage.who["office"])

    early = lapse_consents()
    with told_at(now() + timedelta(days=9)):
        late = lapse_consents()

    case.refresh_from_db()
    assert (early, late, case.state) == ("期满 0 件", "期满 1 件", "refused")


def test_the_firm_says_no(stage):
    case = ask_consent(drafted(stage), actor=stage.who["office"])

    refuse_case(case, actor=stage.who["firm"])

    assert case.state == "refused"
    with pytest.raises(StepUnfit):
        publish_case(case, actor=stage.who["insider"])


def test_the_firm_takes_its_consent_back_and_the_case_is_gone_at_once(stage):
    case = published(stage)
    assert Client().get(f"/public/cases/{case.pk}/").status_code == 200

    withdraw_consent(case, actor=stage.who["firm"])

    answers = [Client().get(f"/public/cases/{case.pk}/"), Client().get("/public/cases/")]
    assert [answers[0].status_code, answers[1].context["page"].rows] == [404, []]
    assert public_cases_like(TEXTS["question"]) == []


def test_the_link_takes_the_firms_decision_without_signing_in(stage):
    case = ask_consent(drafted(stage), actor=stage.who["office"])
    link = consent_link(case)
    assert OutboxMessage.objects.latest("pk").url == link
    visitor = Client()

    shown = visitor.get(link)
    empty = visitor.post(link, {})
    answer = visitor.post(link, {"agree": "true"})

    case.refresh_from_db()
    assert (shown.status_code, shown["Cache-Control"], empty.status_code) == (
        200,
        "no-store, private",
        422,
    )
    assert (answer.status_code, case.state) == (302, "consented")


def test_a_forged_link_opens_nothing(stage):
    case = ask_consent(drafted(stage), actor=stage.who["office"])
    link = consent_link(case)

    forged = Client().get(f"{link[:-3]}x/")
    with told_at(now() + timedelta(days=15)):
        late = Client().get(link)

    assert (forged.status_code, late.status_code) == (404, 410)


def test_the_firm_decides_on_its_own_page_and_others_do_not_see_it(stage):
    case = ask_consent(drafted(stage), actor=stage.who["office"])
    address = f"/portal/cases/{case.pk}/"
    firm = signed_in(stage.who["firm"])

    rival = signed_in(stage.who["rival"]).get(address)
    home = firm.get("/portal/")
    firm.post(address, {"agree": "false"})
    again = firm.post(address, {"agree": "true"})

    case.refresh_from_db()
    assert (rival.status_code, home.context["cases"], case.state, again.status_code) == (
        404,
        [case],
        "refused",
        409,
    )


def test_a_draft_is_not_the_firms_business_yet(stage):
    case = drafted(stage)

    assert signed_in(stage.who["firm"]).get(f"/portal/cases/{case.pk}/").status_code == 404


# --- the public pages


def test_the_public_page_needs_no_account_no_cookie_and_may_be_kept_a_minute(stage):
    case = published(stage)
    visitor = Client()

    page = visitor.get(f"/public/cases/{case.pk}/")

    assert (page.status_code, page["Cache-Control"], page["X-Robots-Tag"]) == (
        200,
        "public, max-age=60",
        "noindex, nofollow",
    )
    assert dict(visitor.cookies) == {}


def test_a_district_may_let_search_engines_in(stage, settings):
    settings.LIANQI_PUBLIC_INDEXED = True
    published(stage)

    assert "X-Robots-Tag" not in Client().get("/public/cases/").headers


@pytest.mark.parametrize("state", ["draft", "consent", "consented", "withdrawn"])
def test_what_is_not_published_is_not_there(stage, state):
    office = stage.who["office"]
    case = drafted(stage)
    if state == "withdrawn":
        withdraw_case(case, actor=office, reason="不合适。")
    if state in ("consent", "consented"):
        ask_consent(case, actor=office)
    if state == "consented":
        consent_to_case(case, actor=stage.who["firm"])
    assert case.state == state

    answer = Program().get("/public/cases")
    assert Client().get(f"/public/cases/{case.pk}/").status_code == 404
    assert answer.json()["items"] == []


def test_the_public_search_looks_at_public_texts_only(stage):
    published(stage)
    visitor = Client()

    found = [
        len(visitor.get("/public/cases/", {"q": word}).context["page"].rows)
        for word in ("夜间 停电", "热线", stage.appeal.enterprise.name, stage.appeal.number, "更换")
    ]

    assert found == [1, 1, 0, 0, 0]  # 更换 is in the appeal's own answer


def test_the_list_is_filtered_by_kind_and_unit(stage):
    published(stage)
    visitor = Client()

    def count(**asked):
        return len(visitor.get("/public/cases/", asked).context["page"].rows)

    assert (count(kind="help"), count(kind="consult")) == (1, 0)
    assert (count(unit=stage.lead.code), count(unit="nonsense")) == (1, 1)  # unknown: not asked


@pytest.mark.parametrize("count", [1, 5])
def test_the_public_list_asks_the_same_queries_however_long(count, django_assert_num_queries):
    for _ in range(count):
        published(Stage.at("closed"))
    visitor = Client()
    visitor.get("/public/cases/")

    with django_assert_num_queries(4):  # region, units of the filter, count, rows
        page = visitor.get("/public/cases/")

    assert len(page.context["page"].rows) == count


def test_programs_read_the_cases_without_a_token(stage):
    case = published(stage)

    answer = Program().get("/public/cases").json()

    [item] = answer["items"]
    assert {name: item[name] for name in ("id", *TEXTS)} == {"id": case.pk, **TEXTS}
    assert (item["unit"]["code"], answer["next_cursor"]) == (stage.lead.code, None)


def test_cases_like_a_text_are_found_and_unlike_ones_are_not(stage):
    case = published(stage)

    assert public_cases_like("我们厂夜间停电，找谁检查线路？") == [case]
    assert public_cases_like("研发费用加计扣除需要什么材料") == []
    assert public_cases_like("") == []


def test_another_firm_is_offered_a_published_case_while_it_writes(stage):
    case = published(stage)
    writing = {"title": "夜间停电", "content": "我们厂上周夜间停电三次，想问应该找谁检查线路。"}

    offered = cases_for_firm(stage.who["rival"], writing["title"], writing["content"])
    part = signed_in(stage.who["rival"]).post("/portal/like/", writing).content.decode()

    address = f"/public/cases/{case.pk}/"
    assert [(one.title, one.answer, one.url) for one in offered] == [
        (TEXTS["title"], TEXTS["answer"], address)
    ]
    assert (address in part, stage.appeal.number in part) == (True, False)


def test_a_case_that_was_withdrawn_or_not_published_is_not_offered(stage):
    case = consented(stage)
    before = cases_for_firm(stage.who["rival"], TEXTS["title"], TEXTS["question"])
    case = publish_case(case, actor=stage.who["insider"])
    withdraw_consent(case, actor=stage.who["firm"])
    after = cases_for_firm(stage.who["rival"], TEXTS["title"], TEXTS["question"])

    assert (before, after) == ([], [])


def test_the_case_of_a_sealed_appeal_offers_other_firms_nothing_that_tells_its_own():
    stage = Stage(sealed=True)
    stage.go(*WAYS["closed"])
    firm = stage.appeal.enterprise
    case = draft_case(
        stage.appeal, actor=stage.who["office"], **{**TEXTS, "answer": f"{firm.name}已恢复供电。"}
    )
    ask_consent(case, actor=stage.who["office"])
    consent_to_case(case, actor=stage.who["firm"])
    publish_case(case, actor=stage.who["insider"])

    part = signed_in(stage.who["rival"]).post("/portal/like/", {"title": TEXTS["title"]})

    told = part.content.decode()
    assert TEXTS["title"] in told
    assert [word for word in (firm.name, firm.uscc, stage.appeal.number) if word in told] == []


def test_the_public_pages_link_to_each_other_and_the_firms_front_page_to_both(stage):
    firm = signed_in(stage.who["firm"])
    pages = [Client().get(address) for address in ("/public/cases/", "/public/rates/")]

    for page in [*pages, firm.get("/portal/")]:
        told = page.content.decode()
        assert 'href="/public/cases/"' in told
        assert 'href="/public/rates/"' in told
    assert [set(page["Cache-Control"].split(", ")) for page in pages] == [
        {"max-age=60", "public"}
    ] * 2
    assert [dict(page.cookies) for page in pages] == [{}, {}]


# --- the officials' pages


def test_the_whole_way_on_the_pages(stage):
    office, second = signed_in(stage.who["office"]), signed_in(stage.who["insider"])
    record = office.get(stage.appeal.get_absolute_url())
    made = office.post(record.context["case_url"], TEXTS)
    case = PublicCase.objects.get()
    shown = office.get(made.url)
    office.post(f"{made.url}steps/ask_consent/")
    consent_to_case(PublicCase.objects.get(), actor=stage.who["firm"])
    own = office.post(f"{made.url}steps/publish/")
    done = second.post(f"{made.url}steps/publish/")

    case.refresh_from_db()
    assert [step.key for step in shown.context["record"].steps] == [
        "ask_consent",
        "revise",
        "clear",
        "withdraw",
    ]
    assert (made.status_code, own.status_code, done.status_code, case.state) == (
        302,
        403,
        302,
        "published",
    )
    assert office.get("/appeals/cases/", {"state": "published"}).context["page"].rows == [case]


def test_a_draft_with_a_find_shows_it_and_is_refused_beside_the_button(stage):
    case = drafted(stage, question="请拨打13800138000。")
    office = signed_in(stage.who["office"])

    page = office.get(case.get_absolute_url())
    answer = office.post(f"{case.get_absolute_url()}steps/ask_consent/")

    assert [hit.text for hit in page.context["finds"]] == ["13800138000"]
    assert answer.status_code == 422


def test_a_case_of_a_sealed_appeal_keeps_the_firm_unnamed():
    stage = Stage(sealed=True)
    stage.go("accept", "dispatch", "sign", "request_closing", "sign_closing", "approve_closing")
    case = consented(stage)

    pages = [
        signed_in(stage.who[role]).get(case.get_absolute_url()).content.decode()
        for role in ("liaison", "head")
    ]

    name, account = stage.appeal.enterprise.name, stage.who["firm"].full_name
    assert [(name in page, account in page) for page in pages] == [(False, False)] * 2


def test_nobody_but_the_office_drafts(stage):
    answers = [
        signed_in(stage.who[role]).get(f"/appeals/{stage.appeal.number}/case/").status_code
        for role in ("liaison", "head", "firm")
    ]

    assert answers == [403, 403, 403]


def test_the_firm_sees_a_case_once_asked_and_then_on_its_own_page_only(stage):
    case, firm = drafted(stage), stage.who["firm"]
    before = signed_in(firm).get(case.get_absolute_url())
    ask_consent(case, actor=stage.who["office"])
    after = signed_in(firm).get(case.get_absolute_url())

    assert before.status_code == 404
    assert (after.status_code, after["Location"]) == (302, f"/portal/cases/{case.pk}/")
