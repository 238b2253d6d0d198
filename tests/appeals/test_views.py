"""The officials' pages: who reaches them, what they show, what a step's form does."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lianqi.appeals import actions
from lianqi.appeals.enums import AppealState
from lianqi.appeals.forms import STEP_FORMS as STEP_KEYS
from lianqi.appeals.models import Appeal
from lianqi.kernel.models import Attachment, JournalEntry
from tests.factories import EnterpriseFactory, UnitFactory, file_appeal, office_clerk

HTMX = {"HX-Request": "true", "HX-Target": "step-panel"}
LIST, NEW, BOARD = "/appeals/", "/appeals/new/", "/appeals/board/"
# Six or seven of them are the frame: session, account, posts, firms, region, notices.
LIST_QUERIES, RECORD_QUERIES, BOARD_QUERIES = 12, 17, 16


def page_of(appeal):
    return f"/appeals/{appeal.number}/"


def step_of(appeal, key):
    return f"/appeals/{appeal.number}/steps/{key}/"


def hidden(page):
    """Return the hidden fields of the form on a page, as a browser would send them."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode())
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def buttons(page):
    return re.findall(r'data-step="(\w+)"', page.content.decode())


# --- who reaches which page


@pytest.mark.parametrize(
    ("who", "statuses"),
    [
        # list, record, step form, board, new
        ("office", [200, 200, 200, 200, 200]),
        ("head", [200, 200, 403, 200, 403]),
        ("discipline", [200, 200, 403, 200, 403]),
        ("liaison", [200, 200, 403, 403, 403]),
        ("leader", [200, 200, 403, 403, 403]),
        ("aide", [200, 200, 403, 403, 403]),
        ("stranger", [200, 404, 404, 403, 403]),
        ("firm", [302, 200, 403, 403, 302]),
        ("rival", [302, 404, 404, 403, 302]),
        ("sysadmin", [403, 404, 404, 403, 403]),
        ("secadmin", [403, 404, 404, 403, 403]),
        ("auditor", [403, 404, 404, 403, 403]),
    ],
)
def test_each_role_reaches_its_pages_and_no_others(scene, client, who, statuses):
    client.force_login(getattr(scene, who))
    addresses = [LIST, page_of(scene.appeal), step_of(scene.appeal, "urge"), BOARD, NEW]

    assert [client.get(address).status_code for address in addresses] == statuses


def test_visitors_are_sent_to_sign_in(scene, client):
    addresses = [LIST, page_of(scene.appeal), step_of(scene.appeal, "urge"), BOARD, NEW]

    for address in addresses:
        answer = client.get(address)
        assert (answer.status_code, answer.url) == (302, f"/accounts/login/?next={address}")


@pytest.mark.parametrize(
    ("who", "steps"),
    [
        ("office", ["request_supplement", "urge"]),
        ("liaison", ["request_closing", "record_contact", "report_stage", "request_extension"]),
        ("leader", ["record_contact", "report_stage", "request_extension"]),
        ("aide", ["submit_opinion"]),
        ("discipline", []),
    ],
)
def test_the_record_offers_the_steps_of_the_role(scene, client, who, steps):
    client.force_login(getattr(scene, who))

    assert buttons(client.get(page_of(scene.appeal))) == steps


def test_an_unknown_step_is_not_found(scene, client):
    client.force_login(scene.office)

    assert client.get(step_of(scene.appeal, "submit")).status_code == 404
    assert client.get(step_of(scene.appeal, "no-such")).status_code == 404


def test_the_firms_own_page_is_the_portals(scene, client):
    client.force_login(scene.firm)

    used = [template.name for template in client.get(page_of(scene.appeal)).templates]

    assert used[0] == "portal/appeal_detail.html"


# --- the list


@pytest.mark.parametrize("rows", [1, 5])
def test_the_list_page_asks_the_same_queries_for_any_number_of_rows(
    scene, client, django_assert_max_num_queries, rows
):
    for _ in range(rows - 1):
        file_appeal(scene.rival)
    client.force_login(scene.office)
    client.get(LIST)

    with django_assert_max_num_queries(LIST_QUERIES) as asked:
        page = client.get(LIST)

    assert (len(asked), len(page.context["page"].rows)) == (LIST_QUERIES, rows)


def test_typing_into_the_filter_answers_with_the_rows_alone(scene, client):
    client.force_login(scene.office)

    part = client.get(LIST, headers={"HX-Request": "true", "HX-Target": "rows"})
    whole = client.get(LIST)

    assert part.content.decode().lstrip().startswith('<div id="rows"')
    assert whole.content.decode().lstrip().startswith("<!doctype html>")


def test_a_search_from_the_top_line_looks_into_closed_appeals_too(scene, client):
    closed = file_appeal(scene.rival)
    actions.withdraw_appeal(closed, actor=scene.rival, reason="已自行解决")
    client.force_login(scene.office)

    found = client.get(LIST, {"q": closed.number}).context["page"].rows

    assert [row.appeal.number for row in found] == [closed.number]
    assert [
        tab["label"] for tab in client.get(LIST, {"q": "x"}).context["views"] if tab["active"]
    ] == ["全部"]


def test_the_next_page_keeps_the_filters_and_comes_back(scene, client):
    for _ in range(55):
        file_appeal(scene.rival)
    client.force_login(scene.office)

    first = client.get(LIST, {"kind": "help"}).context["page"]
    second = client.get(LIST + first.next_url).context["page"]
    again = client.get(LIST + second.previous_url).context["page"]

    assert (len(first.rows), len(second.rows), first.count_text) == (50, 6, "共 56 件")
    assert first.next_url.startswith("?kind=help&cursor=")
    assert [row.appeal.pk for row in again.rows] == [row.appeal.pk for row in first.rows]


def test_the_filters_of_the_board_are_said_in_words(scene, client):
    client.force_login(scene.office)

    page = client.get(LIST, {"view": "all", "owed_by": scene.lead.code, "light": "red"})

    assert page.context["notes"] == ["有逾期事项", f"由{scene.lead.name}应办"]


def test_an_empty_list_says_so(scene, client):
    client.force_login(scene.stranger)

    assert client.get(LIST).content.decode().count("没有符合条件的诉求。") == 1


# --- the record


def test_the_record_shows_the_clock_the_units_and_the_masked_phone(scene, client):
    client.force_login(scene.liaison)

    page = client.get(page_of(scene.appeal)).content.decode()

    shown = ["138****8000", "起算：", "意见未交", scene.helper.name, "查看号码", "已签收。"]
    assert [word for word in shown if word not in page] == []
    assert page.count("13800138000") == 0
    wanted = f"{reverse('kernel:reveal_phone')}?for=appeals.appeal:{scene.appeal.pk}:contact_phone"
    assert page.count(wanted) == 1


def test_the_timeline_says_to_whom_each_step_went_but_not_to_the_firm(scene, client):
    client.force_login(scene.liaison)
    to_unit = client.get(page_of(scene.appeal)).content.decode()
    client.force_login(scene.firm)
    to_firm = client.get(page_of(scene.appeal)).content.decode()

    told = f"已通知：{scene.lead.name}联络员、{scene.helper.name}联络员、{scene.appeal.enterprise}"
    assert (to_unit.count(told), to_firm.count("已通知：")) == (1, 0)


@pytest.mark.parametrize("who", ["aide", "discipline", "head"])
def test_who_may_not_see_the_number_is_not_offered_it(scene, client, who):
    client.force_login(getattr(scene, who))

    assert client.get(page_of(scene.appeal)).context["reveal_url"] == ""


def test_only_who_may_read_the_journal_sees_the_chain(scene, client):
    client.force_login(scene.discipline)
    shown = client.get(page_of(scene.appeal))
    client.force_login(scene.office)
    not_shown = client.get(page_of(scene.appeal))

    assert shown.context["audit"].broken_at == 0
    assert shown.content.decode().count('id="audit"') == 1
    assert not_shown.content.decode().count('id="audit"') == 0


def test_the_step_named_in_the_address_is_open_without_script(scene, client):
    client.force_login(scene.liaison)

    page = client.get(page_of(scene.appeal), {"step": "record_contact"}).content.decode()

    assert page.count(f'action="{step_of(scene.appeal, "record_contact")}"') == 1


@pytest.mark.parametrize("step", ["dispatch", "nonsense", ""])
def test_a_step_that_is_not_ones_own_is_not_opened(scene, client, step):
    client.force_login(scene.liaison)

    page = client.get(page_of(scene.appeal), {"step": step})

    assert (page.status_code, page.content.decode().count('class="form-column"')) == (200, 0)


def test_a_step_whose_time_has_passed_is_explained_in_its_place(scene, client):
    client.force_login(scene.liaison)

    page = client.get(page_of(scene.appeal), {"step": "sign"}).content.decode()

    assert page.count("这件诉求现在是“办理中”，不能“签收”：") == 1


@pytest.mark.parametrize("said", [1, 5])
def test_the_record_asks_the_same_queries_however_much_was_said(
    scene, client, django_assert_max_num_queries, said
):
    for _ in range(said):
        actions.report_stage(scene.appeal, actor=scene.liaison, content="已约供电公司。")
    client.force_login(scene.office)
    client.get(page_of(scene.appeal))

    with django_assert_max_num_queries(RECORD_QUERIES) as asked:
        page = client.get(page_of(scene.appeal))

    assert (len(asked), len(page.context["record"].communications)) == (RECORD_QUERIES, said)


# --- taking a step


def test_a_step_taken_from_the_form_goes_back_to_the_record(scene, client):
    client.force_login(scene.liaison)
    address = step_of(scene.appeal, "record_contact")
    kept = hidden(client.get(address))

    answer = client.post(address, {**kept, "note": "已电话联系。"})

    assert (answer.status_code, answer.url) == (302, page_of(scene.appeal))
    [said] = scene.appeal.communications.all()
    assert said.content == "已电话联系。"
    assert client.get(page_of(scene.appeal)).content.decode().count("已办：首次联系。") == 1


def test_htmx_gets_the_form_alone_and_is_sent_on_after_the_step(scene, client):
    client.force_login(scene.liaison)
    address = step_of(scene.appeal, "record_contact")

    part = client.get(address, headers=HTMX)
    answer = client.post(address, {**hidden(part), "note": "已联系。"}, headers=HTMX)

    assert part.content.decode().lstrip().startswith('<section class="panel"')
    assert (answer.status_code, answer["HX-Redirect"]) == (200, page_of(scene.appeal))


def test_a_double_click_takes_the_step_once(scene, client):
    client.force_login(scene.liaison)
    address = step_of(scene.appeal, "report_stage")
    sent = {**hidden(client.get(address)), "content": "已约供电公司周三现场查看。"}

    answers = [client.post(address, sent).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert scene.appeal.communications.count() == 1


def test_a_double_click_on_a_step_that_moves_the_appeal_is_no_conflict(scene, client):
    client.force_login(scene.liaison)
    address = step_of(scene.appeal, "request_closing")
    sent = {**hidden(client.get(address)), "outcome": "solved", "reply": "变压器已更换。"}

    answers = [client.post(address, sent).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert (
        JournalEntry.objects.about(scene.appeal).filter(verb="appeal.request_closing").count() == 1
    )


def test_an_empty_form_comes_back_with_the_field_to_fill(scene, client):
    client.force_login(scene.liaison)

    answer = client.post(step_of(scene.appeal, "record_contact"), {"note": ""})

    assert answer.status_code == 422
    assert answer.context["step_form"].errors["note"] == ["请填写这一项。"]


def test_a_broken_rule_is_said_beside_what_was_typed(scene, client):
    client.force_login(scene.liaison)
    address = step_of(scene.appeal, "request_closing")

    answer = client.post(
        address, {**hidden(client.get(address)), "outcome": "planned", "reply": "明年改造线路。"}
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("明年改造线路。") == 1
    # In the summary on top and beside its field.
    assert page.count("结果是“列入计划”时必须写承诺日期") == 2


def test_nobody_takes_a_step_that_is_not_theirs_by_posting(scene, client):
    client.force_login(scene.aide)

    answer = client.post(step_of(scene.appeal, "record_contact"), {"note": "冒充"})

    assert answer.status_code == 403
    assert scene.appeal.communications.count() == 0


def test_what_was_typed_stays_visible_when_the_step_has_become_unfit(scene, client):
    client.force_login(scene.liaison)
    address = step_of(scene.appeal, "record_contact")
    kept = hidden(client.get(address))
    actions.request_closing(scene.appeal, actor=scene.liaison, outcome="solved", reply="好了。")

    answer = client.post(address, {**kept, "note": "我刚打过电话。"})

    page = answer.content.decode()
    assert answer.status_code == 409
    back = f'href="{page_of(scene.appeal)}"'
    assert (page.count("我刚打过电话。"), page.count(back)) == (1, 1)
    assert page.count("这件诉求现在是“待领导签批”，不能“首次联系”") == 1


def test_a_form_opened_before_somebody_elses_step_asks_to_look_again(scene, client):
    client.force_login(scene.office)
    waiting = file_appeal(scene.rival)
    address = step_of(waiting, "request_supplement")
    kept = hidden(client.get(address))
    actions.accept_appeal(waiting, actor=scene.office)

    first = client.post(address, {**kept, "note": "请补充户号。"})
    second = client.post(address, {**hidden(first), "note": "请补充户号。"})

    waiting.refresh_from_db()
    assert (first.status_code, second.status_code) == (409, 302)
    assert first.content.decode().count("请补充户号。") == 1
    assert (waiting.state, waiting.resume_state) == (AppealState.SUPPLEMENT, AppealState.ACCEPTED)


def test_opening_a_step_that_does_not_fit_any_more_says_so(scene, client):
    client.force_login(scene.liaison)

    answer = client.get(step_of(scene.appeal, "sign"))

    assert (answer.status_code, answer.content.decode().count("不能“签收”")) == (409, 1)


def test_a_rejected_answer_is_there_to_be_improved(scene, client):
    actions.request_closing(scene.appeal, actor=scene.liaison, outcome="solved", reply="换好了。")
    actions.sign_closing(scene.appeal, actor=scene.leader)
    actions.reject_closing(scene.appeal, actor=scene.office, reason="请写明时间。")
    client.force_login(scene.liaison)

    form = client.get(step_of(scene.appeal, "request_closing")).context["step_form"]

    assert (form["reply"].value(), form["outcome"].value()) == ("换好了。", "solved")


def test_files_of_a_step_are_offered_in_the_timeline(scene, client):
    client.force_login(scene.liaison)
    address = step_of(scene.appeal, "report_stage")
    note = SimpleUploadedFile("现场记录.txt", "周三已到现场。".encode())

    client.post(address, {**hidden(client.get(address)), "content": "见附件。", "files": [note]})

    [file] = Attachment.objects.about(scene.appeal)
    page = client.get(page_of(scene.appeal)).content.decode()
    assert page.count(reverse("kernel:file_download", args=[file.pk])) == 1


def test_every_step_has_a_form_page(scene, client):
    """Each role opens each step it is offered along the whole way, so that no form is broken."""
    opened = set()
    offered = {
        "office": scene.office,
        "liaison": scene.liaison,
        "leader": scene.leader,
        "aide": scene.aide,
        "head": scene.head,
    }

    def open_all(appeal):
        for person in offered.values():
            client.force_login(person)
            page = client.get(page_of(appeal))
            for key in buttons(page) if page.status_code == 200 else []:
                assert client.get(step_of(appeal, key)).status_code == 200
                opened.add(key)

    fresh = file_appeal(scene.rival)
    open_all(fresh)
    actions.request_supplement(fresh, actor=scene.office, note="请补充合同。")
    open_all(fresh)
    actions.accept_appeal(fresh, actor=scene.office)
    open_all(fresh)
    actions.dispatch_appeal(fresh, actor=scene.office, lead_unit=scene.lead)
    open_all(fresh)
    actions.return_order(fresh, actor=scene.liaison, basis="按职责清单属供电公司")
    open_all(fresh)
    appeal = scene.appeal
    open_all(appeal)
    actions.request_extension(appeal, actor=scene.liaison, days=2, reason="等停电计划")
    open_all(appeal)
    for level in (1, 1):
        actions.request_closing(appeal, actor=scene.liaison, outcome="explained", reply="已解释。")
        open_all(appeal)
        actions.sign_closing(appeal, actor=scene.leader)
        open_all(appeal)
        actions.approve_closing(appeal, actor=scene.office)
        open_all(appeal)
        actions.rate_appeal(appeal, actor=scene.firm, level=level)
        open_all(appeal)
        if appeal.round == 1:
            actions.redo_appeal(appeal, actor=scene.office, note="重办")
    actions.close_appeal(appeal, actor=scene.head, note="已多次解释。")
    open_all(appeal)

    not_offered_to_officials = {
        "rate", "supplement", "nudge", "withdraw", "deny_promise", "lift_seal",
    }  # fmt: skip
    with_a_sealed_file = {"release_file"}
    after_a_promise = {"recheck_promise", "move_promise"}
    assert set(STEP_KEYS) - opened == (
        not_offered_to_officials | after_a_promise | with_a_sealed_file
    )


# --- filing


def told(firm, **changed):
    return {
        "enterprise": firm.uscc,
        "channel": "phone",
        "kind": "help",
        "title": "门前道路积水",
        "content": "雨后门前积水，货车进不来。",
        "contact_name": "李某",
        "contact_phone": "13800138000",
        **changed,
    }


def test_a_clerk_files_what_was_told_on_the_phone_once(scene, client):
    firm = EnterpriseFactory()
    client.force_login(scene.office)
    kept = hidden(client.get(NEW))

    answers = [client.post(NEW, {**kept, **told(firm)}) for _ in range(2)]

    filed = Appeal.objects.get(enterprise=firm)
    assert [answer.url for answer in answers] == [page_of(filed)] * 2
    assert (filed.channel, filed.filed_by, filed.state) == ("phone", scene.office, "submitted")


def test_the_firm_chosen_from_the_search_stands_in_the_form(scene, client):
    firm = EnterpriseFactory(name="新乡高远电气有限公司")
    client.force_login(scene.office)

    part = client.get(NEW, {"firm": "高远"}, headers={"HX-Request": "true", "HX-Target": "firms"})
    form = client.get(NEW, {"enterprise": firm.uscc}).context["form"]

    assert part.content.decode().count(f"{NEW}?enterprise={firm.uscc}") == 1
    assert form["enterprise"].value() == firm.uscc


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"enterprise": "91410700XXXXXXXXXX"}, "enterprise"),
        ({"title": "水"}, "title"),
        ({"contact_phone": "12"}, "contact_phone"),
        ({"content": "机密★10年 某项目情况说明"}, "content"),
    ],
)
def test_what_is_wrong_in_the_form_is_said_at_its_field(scene, client, changed, field):
    firm = EnterpriseFactory()
    client.force_login(scene.office)

    answer = client.post(NEW, told(firm, **changed))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert Appeal.objects.filter(enterprise=firm).count() == 0


# --- the board


def test_every_figure_of_the_board_leads_to_that_many_rows(scene, client):
    with time_machine.travel(datetime(2026, 12, 14, 2, 0, tzinfo=UTC), tick=False):
        client.force_login(scene.office)
        file_appeal(scene.rival)
        figures = client.get(BOARD).context["board"]
        units = [f for line in figures.units for f in (*line.now, line.answered, line.bad)]
        counted = [*figures.states, *figures.today, *figures.funnel, *units, figures.red]

        rows = [len(client.get(figure.url).context["page"].rows) for figure in counted]

    assert rows == [figure.value for figure in counted]
    assert figures.red.value == 1


def test_only_the_office_is_offered_to_urge_from_the_board(scene, client):
    urge = step_of(scene.appeal, "urge")
    with time_machine.travel(datetime(2026, 12, 14, 2, 0, tzinfo=UTC), tick=False):
        client.force_login(scene.office)
        office = client.get(BOARD).content.decode()
        client.force_login(scene.discipline)
        discipline = client.get(BOARD).content.decode()

    assert (office.count(urge), discipline.count(urge)) == (1, 0)


@pytest.mark.parametrize(("asked", "days"), [("30", 30), ("365", 365), ("7", 90), ("x", 90)])
def test_the_board_takes_one_of_its_periods(scene, client, asked, days):
    client.force_login(scene.office)

    [active] = [p for p in client.get(BOARD, {"days": asked}).context["periods"] if p["active"]]

    assert active["url"] == f"?days={days}"


@pytest.mark.parametrize("units", [1, 5])
def test_the_board_asks_the_same_queries_for_any_number_of_units(
    scene, client, django_assert_max_num_queries, units
):
    for _ in range(units - 1):
        appeal = file_appeal(scene.rival)
        actions.accept_appeal(appeal, actor=scene.office)
        actions.dispatch_appeal(appeal, actor=scene.office, lead_unit=UnitFactory())
    client.force_login(scene.office)
    client.get(BOARD)

    with django_assert_max_num_queries(BOARD_QUERIES) as asked:
        page = client.get(BOARD)

    assert (len(asked), len(page.context["board"].units)) == (BOARD_QUERIES, units)


@pytest.mark.django_db
def test_a_person_without_a_credit_code_is_filed_for_by_name(client):
    clerk = office_clerk()
    person = EnterpriseFactory(kind="person", uscc=None, name="孟某某")
    client.force_login(clerk)

    answer = client.post(
        "/appeals/new/",
        {
            "enterprise": "孟某某",
            "channel": "phone",
            "kind": "consult",
            "title": "返乡创业补贴怎么申请",
            "content": "想了解返乡创业补贴的条件和材料。",
            "contact_name": "孟某某",
            "contact_phone": "13800138000",
        },
    )

    assert answer.status_code == 302
    assert person.appeals.get().channel == "phone"


def test_a_secrecy_mark_is_refused_in_every_step(scene, client):
    client.force_login(scene.liaison)

    answer = client.post(
        step_of(scene.appeal, "report_stage"), {"content": "进展见附件。\n机密★5年"}
    )

    assert answer.status_code == 422
    assert list(answer.context["step_form"].errors) == ["content"]
