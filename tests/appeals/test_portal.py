"""The entrepreneurs' pages: filing, following, and nothing that is none of the firm's business."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from lianqi.appeals import actions
from lianqi.appeals.enums import AppealState, RatingSource
from lianqi.appeals.models import Appeal, Rating
from lianqi.appeals.portal_queries import promise, responsible, stages, state_words
from lianqi.enterprises.enums import EnterpriseState
from lianqi.enterprises.models import Contact, Membership
from lianqi.kernel.models import Attachment, JournalEntry
from lianqi.kernel.models.journal import Audience
from lianqi.kernel.templatetags.ui import moment
from lianqi.kernel.uploads import CleanFile
from lianqi.organisation.enums import Post
from tests.appeals.portal_scenes import Scene
from tests.factories import (
    LONG_AGO,
    EnterpriseFactory,
    UnitFactory,
    UserFactory,
    entrepreneur,
    file_appeal,
    office_clerk,
    person,
)

pytestmark = pytest.mark.django_db

STEPS = ("rate", "supplement", "nudge", "withdraw")


@pytest.fixture
def firm():
    return entrepreneur(full_name="赵经理", phone="13800138001")


@pytest.fixture
def portal(client, firm):
    client.force_login(firm)
    return client


def text_of(answer):
    return answer.content.decode()


def missing(page, words):
    return [word for word in words if word not in page]


def found(page, words):
    return [word for word in words if word in page]


def facts(page, **changed):
    """Return what a firm types, with the key that the form came with."""
    key = page.split('name="idempotency_key" value="')[1].split('"')[0]
    return {
        "kind": "help",
        "title": "厂区夜间停电影响生产",
        "content": "最近两周夜间停电三次，生产线停工。",
        "contact_name": "王某",
        "contact_phone": "13800138000",
        "idempotency_key": key,
        **changed,
    }


def picture(name="现场.png"):
    held = BytesIO()
    Image.new("RGB", (8, 8), "white").save(held, "PNG")
    return SimpleUploadedFile(name, held.getvalue(), "image/png")


def paper(text):
    content = text.encode()
    return CleanFile(f"{text}.txt", content, "text/plain", len(content), "0" * 64)


def all_pages(appeal):
    return [
        "/portal/",
        "/portal/new/",
        "/portal/appeals/",
        f"/portal/filed/{appeal.number}/",
        appeal.get_absolute_url(),
        *(f"/portal/appeals/{appeal.number}/steps/{key}/" for key in STEPS),
    ]


# --- who gets in


def test_a_visitor_is_sent_to_sign_in_from_every_page(client):
    appeal = file_appeal()

    answers = [client.get(page) for page in all_pages(appeal)]

    assert {(answer.status_code, answer.url.partition("?")[0]) for answer in answers} == {
        (302, "/accounts/login/")
    }


def test_the_firm_opens_its_pages(portal, firm):
    appeal = file_appeal(firm)

    statuses = [portal.get(page).status_code for page in all_pages(appeal)]

    # There is nothing to rate yet: the page says so instead of offering a form.
    assert statuses == [200, 200, 200, 200, 200, 409, 200, 200, 200]


def test_another_firm_finds_none_of_it(portal):
    appeal = file_appeal()

    answers = [portal.get(page) for page in all_pages(appeal)[3:]]

    assert {answer.status_code for answer in answers} == {404}
    assert appeal.title not in text_of(portal.get("/portal/appeals/"))


@pytest.mark.parametrize("key", STEPS)
def test_another_firm_cannot_take_a_step(portal, key):
    appeal = Scene().answered().appeal

    answer = portal.post(
        f"/portal/appeals/{appeal.number}/steps/{key}/",
        {"level": 1, "content": "冒名补充", "reason": "冒名撤回"},
    )

    appeal.refresh_from_db()
    assert (answer.status_code, appeal.state) == (404, AppealState.ANSWERED)


def test_an_official_has_no_business_on_the_portal(client):
    appeal = file_appeal()
    client.force_login(office_clerk())

    pages = [page for page in all_pages(appeal) if page.startswith("/portal/")]

    assert {client.get(page).status_code for page in pages} == {403}


def test_an_account_whose_membership_ended_sees_nothing_any_more(client):
    firm = entrepreneur()
    appeal = file_appeal(firm)
    Membership.objects.filter(user=firm).update(until=LONG_AGO)
    client.force_login(firm)

    answers = [client.get("/portal/").status_code, client.get("/portal/appeals/").status_code]

    assert answers == [403, 403]
    assert client.get(f"/portal/filed/{appeal.number}/").status_code == 403


# --- filing


def test_filing_gives_a_number_a_promised_time_and_who_will_call(portal, firm):
    page = text_of(portal.get("/portal/new/"))

    answer = portal.post("/portal/new/", facts(page, files=[picture()]), follow=True)

    appeal = Appeal.objects.get()
    promised = promise(appeal)
    due = moment(promised.due_at)
    shown = [appeal.number, "承诺受理时间", "民营企业诉求响应专班办公室", "5个工作日", due]
    assert (answer.status_code, appeal.filed_by, appeal.channel) == (200, firm, "web")
    assert missing(text_of(answer), shown) == []
    assert Attachment.objects.about(appeal).count() == 1


def test_a_double_submit_files_one_appeal_and_shows_the_same_number(portal):
    given = facts(text_of(portal.get("/portal/new/")))

    first = portal.post("/portal/new/", {**given, "files": [picture()]})
    second = portal.post("/portal/new/", {**given, "files": [picture()]})

    assert Appeal.objects.count() == 1
    assert first.url == second.url == f"/portal/filed/{Appeal.objects.get().number}/"


def test_going_back_and_filing_another_matter_is_asked_about_then_filed(portal):
    page = text_of(portal.get("/portal/new/"))
    portal.post("/portal/new/", facts(page))

    asked = portal.post("/portal/new/", facts(page, title="门前道路积水无法通行"))
    filed = portal.post("/portal/new/", facts(text_of(asked), title="门前道路积水无法通行"))

    assert (asked.status_code, filed.status_code, Appeal.objects.count()) == (422, 302, 2)
    assert "再点一次“提交”" in text_of(asked)


def test_a_refused_form_keeps_the_words_and_says_that_files_must_be_chosen_again(portal):
    page = text_of(portal.get("/portal/new/"))

    answer = portal.post(
        "/portal/new/", facts(page, kind="", content="保留这段话。", files=[picture()])
    )

    assert (answer.status_code, Appeal.objects.count()) == (422, 0)
    assert missing(text_of(answer), ["保留这段话。", "请重新选一次", "从四类中选一类"]) == []


def test_a_text_with_a_secrecy_mark_is_refused_beside_its_field(portal):
    page = text_of(portal.get("/portal/new/"))

    answer = portal.post("/portal/new/", facts(page, content="机密★10年 某工程的材料"))

    assert (answer.status_code, Appeal.objects.count()) == (422, 0)
    assert 'id="id_content_error"' in text_of(answer)


def test_nothing_is_chosen_for_the_firm_and_the_contact_is_suggested(portal, firm):
    page = text_of(portal.get("/portal/new/"))

    assert (page.count('name="kind"'), page.count("checked")) == (4, 0)
    assert missing(page, ['value="赵经理"', 'value="138****8001"', 'data-draft="appeal"']) == []
    assert "13800138001" not in page


def test_the_main_contact_of_the_firm_is_suggested_first(portal, firm):
    company = firm.memberships.get().enterprise
    Contact.objects.create(enterprise=company, name="周主管", phone="13800138002", main=True)
    page = text_of(portal.get("/portal/new/"))

    portal.post("/portal/new/", facts(page, contact_name="周主管", contact_phone="138****8002"))

    appeal = Appeal.objects.get()
    assert 'value="138****8002"' in page
    assert appeal.contact_phone.reveal_plain() == "13800138002"


def test_an_account_with_two_firms_says_for_which(portal, firm):
    second = EnterpriseFactory()
    Membership.objects.create(user=firm, enterprise=second, since=LONG_AGO)
    page = text_of(portal.get("/portal/new/"))

    unsaid = portal.post("/portal/new/", facts(page))
    said = portal.post("/portal/new/", facts(page, enterprise=second.pk))

    assert (unsaid.status_code, said.status_code) == (422, 302)
    assert Appeal.objects.get().enterprise == second


def test_a_firm_of_somebody_else_cannot_be_filed_for(portal, firm):
    Membership.objects.create(user=firm, enterprise=EnterpriseFactory(), since=LONG_AGO)
    stranger = EnterpriseFactory()
    page = text_of(portal.get("/portal/new/"))

    answer = portal.post("/portal/new/", facts(page, enterprise=stranger.pk))

    assert (answer.status_code, Appeal.objects.count()) == (422, 0)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (EnterpriseState.PENDING, "一般1个工作日内完成"),
        (EnterpriseState.REFUSED, "不在名录内"),
        (EnterpriseState.LEFT, "不在名录内"),
    ],
)
def test_a_firm_that_may_not_file_yet_is_told_why_instead_of_given_a_form(client, state, words):
    firm = entrepreneur(EnterpriseFactory(state=state))
    client.force_login(firm)

    home, page = client.get("/portal/"), client.get("/portal/new/")
    posted = client.post("/portal/new/", {"kind": "help", "title": "试一试", "content": "内容内容"})

    assert (page.status_code, posted.status_code, Appeal.objects.count()) == (200, 409, 0)
    assert (words in text_of(home), words in text_of(page)) == (True, True)
    assert "<textarea" not in text_of(page)


def test_a_firm_that_is_not_private_is_sent_elsewhere(client):
    client.force_login(entrepreneur(EnterpriseFactory(private=False)))

    assert "国有单位" in text_of(client.get("/portal/new/"))


# --- home and list


def test_the_front_page_puts_what_waits_for_a_rating_on_top(portal, firm):
    answered = Scene(firm=firm).answered().appeal
    file_appeal(firm, title="还在受理的另一件事")

    page = text_of(portal.get("/portal/"))

    order = [page.index(word) for word in ("去评价", "我要反映", "还在受理的另一件事")]
    assert f"/portal/appeals/{answered.number}/steps/rate/" in page
    assert page.index('class="tiles"') > order[0]
    assert order[2] > page.index('class="tiles"')


def test_the_front_page_shows_only_what_exists(portal):
    page = text_of(portal.get("/portal/"))

    assert found(page, ["适合我的政策", "培训点单"]) == []


@pytest.mark.parametrize("page", ["/portal/", "/portal/appeals/"])
def test_lists_take_the_same_queries_for_one_row_and_for_five(
    portal, firm, page, django_assert_max_num_queries
):
    unit, office = UnitFactory(), office_clerk()

    def dispatched():
        appeal = file_appeal(firm)
        actions.accept_appeal(appeal, actor=office)
        actions.dispatch_appeal(appeal, actor=office, lead_unit=unit)

    dispatched()
    portal.get(page)
    with django_assert_max_num_queries(40) as one:
        portal.get(page)
    for _more in range(4):
        dispatched()
    with django_assert_max_num_queries(40) as five:
        portal.get(page)

    assert len(one) == len(five)


def test_the_list_goes_back_page_by_page_without_gaps(portal, firm):
    titles = [f"第{number:02}件要反映的事" for number in range(25)]
    for title in titles:
        file_appeal(firm, title=title)

    first = portal.get("/portal/appeals/")
    second = portal.get(f"/portal/appeals/{first.context['page'].next_url}")
    back = portal.get(f"/portal/appeals/{second.context['page'].previous_url}")

    shown = [row.title for answer in (first, second) for row in answer.context["page"].rows]
    assert shown == titles[::-1]
    assert back.context["page"].rows == first.context["page"].rows
    assert "共 25 件" in text_of(first)


def test_htmx_gets_the_rows_alone(portal):
    answer = portal.get("/portal/appeals/", headers={"HX-Request": "true", "HX-Target": "rows"})

    assert text_of(answer).strip().startswith('<div id="rows">')


# --- following


def test_progress_is_told_in_the_firms_words_all_the_way():
    scene = Scene()
    told = [state_words(scene.appeal)]
    for act in (
        lambda: actions.accept_appeal(scene.appeal, actor=scene.office),
        lambda: actions.dispatch_appeal(scene.appeal, actor=scene.office, lead_unit=scene.unit),
        lambda: actions.sign_order(scene.appeal, actor=scene.liaison),
        lambda: scene.draft("变压器已更换。"),
        lambda: actions.sign_closing(scene.appeal, actor=scene.leader),
        lambda: actions.approve_closing(scene.appeal, actor=scene.office),
        lambda: actions.rate_appeal(scene.appeal, actor=scene.firm, level=5),
        lambda: actions.close_appeal(scene.appeal, actor=scene.office),
    ):
        act()
        told.append(state_words(scene.appeal))

    assert told == [
        "等待受理",
        "已受理，正在安排承办单位",
        "已转交承办单位",
        "办理中",
        "办理中，答复正在审核",
        "办理中，答复正在审核",
        "已答复，请您评价",
        "已评价，等待归档",
        "已办结",
    ]
    assert [(stage.label, stage.status) for stage in stages(scene.appeal)] == [
        (label, "done") for label in ("已提交", "已受理", "已办理", "已答复", "已评价", "已办结")
    ]


def test_a_rating_that_was_not_given_is_not_shown_as_given():
    scene = Scene().answered()
    actions.call_back(scene.appeal, actor=scene.office, note="企业未表态")
    actions.close_appeal(scene.appeal, actor=scene.office)

    labels = [stage.label for stage in stages(scene.appeal)]

    assert labels == ["已提交", "已受理", "已办理", "已答复", "已办结"]


def test_a_declined_appeal_ends_its_line_there():
    scene = Scene()
    actions.decline_appeal(
        scene.appeal, actor=scene.office, reason_code="litigation", route="向法院起诉"
    )

    assert [(stage.label, stage.status) for stage in stages(scene.appeal)] == [
        ("已提交", "done"),
        ("不予受理", "done"),
    ]


def test_a_stop_for_supplements_is_shown_where_it_happened():
    scene = Scene().handled()
    actions.request_supplement(scene.appeal, actor=scene.office, note="请补充合同。")

    shown = [(stage.label, stage.status) for stage in stages(scene.appeal)]

    assert shown[2] == ("请您补充材料", "now")
    assert promise(scene.appeal).label == "请在此前补充"


def test_a_dispute_between_units_is_the_offices_matter():
    scene = Scene().accepted()
    actions.dispatch_appeal(scene.appeal, actor=scene.office, lead_unit=scene.unit)

    actions.return_order(scene.appeal, actor=scene.liaison, basis="不属于本单位职责清单")

    assert (state_words(scene.appeal), responsible(scene.appeal)) == (
        "正在落实承办单位",
        "民营企业诉求响应专班办公室",
    )


def test_a_broken_promise_is_said_so(portal, firm, time_machine):
    appeal = Scene(firm=firm).handled().appeal
    time_machine.move_to(appeal.red_at, tick=False)
    portal.force_login(firm)

    page = text_of(portal.get(appeal.get_absolute_url()))

    assert missing(page, ["已超过承诺时间", "逾期", "催一下"]) == []


def test_the_firms_page_offers_exactly_the_steps_that_are_open(portal, firm):
    scene = Scene(firm=firm).handled()
    handled = text_of(portal.get(scene.appeal.get_absolute_url()))
    scene.draft("变压器已更换。")
    scene.sign()
    answered = text_of(portal.get(scene.appeal.get_absolute_url()))

    offered = [found(page, [f'data-step="{key}"' for key in STEPS]) for page in (handled, answered)]

    assert offered == [
        ['data-step="supplement"', 'data-step="nudge"', 'data-step="withdraw"'],
        ['data-step="rate"'],
    ]


def test_a_merged_appeal_gets_the_answer_but_not_the_other_firms_matter(portal, firm):
    scene = Scene()
    scene.appeal.title = "别家企业的标题密令"
    scene.appeal.save(update_fields=["title"])
    mine = file_appeal(firm)
    scene.accepted()
    actions.merge_appeal(mine, actor=scene.office, into=scene.appeal)
    actions.dispatch_appeal(scene.appeal, actor=scene.office, lead_unit=scene.unit)
    actions.sign_order(scene.appeal, actor=scene.liaison)
    scene.draft("整条线路已改造。")
    scene.sign()

    page = text_of(portal.get(mine.get_absolute_url()))

    told = ["这件诉求与同类诉求合并办理。", "结果已一并答复", "整条线路已改造。"]
    assert missing(page, told) == []
    assert found(page, ["密令", scene.appeal.number, scene.appeal.enterprise.name]) == []


def test_a_merged_appeal_names_the_one_it_went_into_where_that_is_the_firms_own(portal, firm):
    scene = Scene(firm=firm)
    mine = file_appeal(firm)
    scene.accepted()
    actions.merge_appeal(mine, actor=scene.office, into=scene.appeal)

    page = text_of(portal.get(mine.get_absolute_url()))

    link = f'<a href="{scene.appeal.get_absolute_url()}">{scene.appeal.number}</a>'
    assert missing(page, [f"合并到您的另一件诉求：{link}", "有结果时会一并答复您"]) == []


# --- what stays inside


def test_nothing_internal_reaches_the_firm(portal, firm):
    canaries = [f"密令{number}" for number in range(12)]
    scene = Scene(firm=firm)
    helper = UnitFactory(name="协助办")
    appeal, office, liaison = scene.appeal, scene.office, scene.liaison
    actions.accept_appeal(appeal, actor=office)
    actions.dispatch_appeal(
        appeal, actor=office, lead_unit=helper, co_units=[scene.unit], note=canaries[0]
    )
    helper_liaison = person(Post.LIAISON, unit=helper, full_name="吴联络")
    actions.return_order(appeal, actor=helper_liaison, basis=canaries[1])
    actions.rule_return(appeal, actor=office, upheld=True, note=canaries[2], lead_unit=scene.unit)
    actions.sign_order(appeal, actor=liaison)
    actions.record_contact(appeal, actor=liaison, note="已电话联系。")
    actions.request_extension(appeal, actor=liaison, days=2, reason="等待停电计划")
    actions.decide_extension(appeal, actor=office, approve=True, note=canaries[3])
    actions.request_closing(
        appeal,
        actor=liaison,
        outcome="explained",
        reply=canaries[4],
        files=[paper(canaries[5])],
    )
    draft_page = text_of(portal.get(appeal.get_absolute_url()))
    actions.sign_closing(appeal, actor=scene.leader, note=canaries[6])
    actions.reject_closing(appeal, actor=office, reason=canaries[7])
    scene.draft("变压器已更换。", files=(paper("现场照片说明"),))
    actions.sign_closing(appeal, actor=scene.leader)
    actions.approve_closing(appeal, actor=office, note=canaries[8])
    actions.rate_appeal(appeal, actor=firm, level=1)
    actions.call_back(appeal, actor=office, note=canaries[9])
    actions.redo_appeal(appeal, actor=office, note=canaries[10])
    actions.urge_appeal(appeal, actor=office, note=canaries[11])

    page = text_of(portal.get(appeal.get_absolute_url()))

    people = ["孙联络", "李分管", "钱科员", "吴联络", "13800138000"]
    assert found(draft_page + page, canaries + people) == []
    assert missing(page, ["变压器已更换。", "现场照片说明.txt", "供电保障局联络员"]) == []


def test_files_of_an_answer_open_when_it_goes_out_and_those_of_a_draft_never(portal, firm):
    scene = Scene(firm=firm).drafted(files=(paper("草稿"),))
    actions.sign_closing(scene.appeal, actor=scene.leader)
    actions.reject_closing(scene.appeal, actor=scene.office, reason="再核实")
    scene.draft("变压器已更换。", files=(paper("终稿"),))
    draft, final = Attachment.objects.about(scene.appeal).order_by("pk")

    before = [portal.get(f"/files/{file.pk}/").status_code for file in (draft, final)]
    scene.sign()
    after = [portal.get(f"/files/{file.pk}/").status_code for file in (draft, final)]

    assert (before, after) == ([404, 404], [404, 200])


def test_office_notes_of_dispatch_and_extension_stay_out_of_the_firms_journal():
    scene = Scene().handled(note="密令")
    actions.request_extension(scene.appeal, actor=scene.liaison, days=2, reason="等待停电计划")
    actions.decide_extension(scene.appeal, actor=scene.office, approve=False, note="密令")

    lines = JournalEntry.objects.about(scene.appeal).filter(audience=Audience.ENTERPRISE)

    assert [line.verb for line in lines if "密令" in line.text] == []
    noted = [line.verb for line in lines if line.data.get("note") == "密令"]
    assert noted == ["appeal.dispatch", "appeal.decide_extension"]


# --- steps


def test_the_firm_rates_once_with_reasons(portal, firm):
    appeal = Scene(firm=firm).answered().appeal
    url = f"/portal/appeals/{appeal.number}/steps/rate/"

    first = portal.post(url, {"level": 2, "reasons": ["答复敷衍", "超过时限"], "comment": "再办"})
    second = portal.post(url, {"level": 5})

    rating = Rating.objects.get()
    assert (first.status_code, second.status_code) == (302, 409)
    assert (rating.level, rating.reasons, rating.source) == (
        2,
        ["答复敷衍", "超过时限"],
        RatingSource.PORTAL,
    )


def test_a_reason_that_is_not_on_the_list_is_refused(portal, firm):
    appeal = Scene(firm=firm).answered().appeal

    answer = portal.post(
        f"/portal/appeals/{appeal.number}/steps/rate/", {"level": 2, "reasons": ["乱写"]}
    )

    assert (answer.status_code, Rating.objects.count()) == (422, 0)


def test_the_firm_adds_words_and_a_picture(portal, firm):
    scene = Scene(firm=firm).handled()
    actions.request_supplement(scene.appeal, actor=scene.office, note="请补充合同。")

    answer = portal.post(
        f"/portal/appeals/{scene.appeal.number}/steps/supplement/",
        {"content": "合同见附件。", "files": [picture("合同.png")]},
    )

    scene.appeal.refresh_from_db()
    assert (answer.status_code, scene.appeal.state) == (302, AppealState.HANDLING)
    page = text_of(portal.get(scene.appeal.get_absolute_url()))
    assert missing(page, ["合同见附件。", "合同.png"]) == []


def test_the_firm_presses_once_a_day(portal, firm):
    appeal = Scene(firm=firm).handled().appeal
    url = f"/portal/appeals/{appeal.number}/steps/nudge/"

    first, second = portal.post(url), portal.post(url)
    page = text_of(portal.get(appeal.get_absolute_url()))

    assert (first.status_code, second.status_code) == (302, 409)
    assert "今天已经催过一次" in text_of(second)
    assert 'data-step="nudge"' not in page


def test_the_firm_takes_its_appeal_back_with_a_reason(portal, firm):
    appeal = file_appeal(firm)
    url = f"/portal/appeals/{appeal.number}/steps/withdraw/"

    silent, said = portal.post(url, {"reason": ""}), portal.post(url, {"reason": "已自行解决"})

    appeal.refresh_from_db()
    assert (silent.status_code, said.status_code) == (422, 302)
    assert appeal.state == AppealState.WITHDRAWN


def test_an_officials_step_is_not_there_for_a_firm(portal, firm):
    appeal = file_appeal(firm)

    answer = portal.post(f"/portal/appeals/{appeal.number}/steps/accept/", {"note": ""})

    appeal.refresh_from_db()
    assert (answer.status_code, appeal.state) == (404, AppealState.SUBMITTED)


def test_htmx_gets_the_step_alone_and_goes_on_by_header(portal, firm):
    appeal = file_appeal(firm)
    url = f"/portal/appeals/{appeal.number}/steps/nudge/"
    htmx = {"HX-Request": "true", "HX-Target": "step-panel"}

    part, done = portal.get(url, headers=htmx), portal.post(url, headers=htmx)

    assert "<html" not in text_of(part)
    assert done["HX-Redirect"] == appeal.get_absolute_url()


def test_a_second_account_of_the_same_firm_may_follow_and_rate(client):
    scene = Scene().answered()
    colleague = UserFactory()
    Membership.objects.create(user=colleague, enterprise=scene.appeal.enterprise, since=LONG_AGO)
    client.force_login(colleague)

    answer = client.post(f"/portal/appeals/{scene.appeal.number}/steps/rate/", {"level": 4})

    assert (answer.status_code, Rating.objects.get().level) == (302, 4)
