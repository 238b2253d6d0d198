"""Searching appeals: every text is indexed with its act, and found by those alone who may read it."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from lianqi.appeals import actions
from lianqi.appeals.models import Appeal
from lianqi.appeals.queries import appeal_page, every_row
from lianqi.appeals.queries.listing import filtered_appeals
from lianqi.appeals.queries.search import ABOUT_APPEALS, search_texts
from lianqi.enterprises.actions import correct_enterprise
from lianqi.kernel.models import SearchEntry
from lianqi.kernel.models.search import Scope
from lianqi.kernel.search import fill_index, finding
from lianqi.kernel.search.index import stored
from lianqi.organisation.enums import Post
from tests.appeals.stage import MORNING, STEPS, WAYS, Stage
from tests.factories import entrepreneur, file_appeal, person

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(MORNING, tick=False)]
# Beside the usual ways: steps that say something without leading to a new state.
ASIDE = [
    ["accept", "dispatch", "sign", "record_contact", "report_stage", "submit_opinion"],
    ["accept", "dispatch", "sign", "request_extension", "decide_extension", "urge", "nudge"],
    ["accept", "dispatch", "return_order", "rule_return"],
    ["accept", "dispatch", "sign", "request_closing", "return_draft"],
    ["accept", "dispatch", "sign", "request_closing", "sign_closing", "reject_closing"],
    [*WAYS["answered"], "callback"],
    ["request_supplement", "supplement"],
    ["request_supplement", "waive_supplement"],
    [*WAYS["closed"], "reopen"],
    [*WAYS["escalated"], "instruct"],
    ["accept", "answer_directly"],
    ["seal", "accept", "dispatch", "supplement_file", "release_file", "lift_seal"],
    [*WAYS["handling"], "request_planned", "sign_closing", "approve_closing", "move_promise"],
]


def kept():
    rows = SearchEntry.objects.filter(subject_type=ABOUT_APPEALS).order_by("subject_id")
    return {
        row.subject_id: tuple(getattr(row, f"{scope.value}_text") for scope in Scope)
        for row in rows
    }


def composed():
    texts = search_texts(list(Appeal.objects.all()))
    return {key: stored(one) for key, one in texts.items()}


def found(user, text, **asked):
    return [row.appeal.pk for row in appeal_page(user, q=text, sort="new", **asked).rows]


# --- the index follows the acts


@pytest.mark.parametrize("way", [*WAYS.values(), *ASIDE], ids="-".join)
def test_after_every_step_the_index_holds_what_is_composed_anew(way):
    stage = Stage()
    assert kept() == composed()

    for step in way:
        stage.take(step)
        assert kept() == composed()


def test_every_step_of_the_table_has_been_taken_above():
    taken = {step for way in [*WAYS.values(), *ASIDE] for step in way}

    # A kept and a denied promise have tests of their own.
    assert set(STEPS) - taken == {"recheck_promise", "deny_promise"}


def test_a_promise_kept_is_found():
    stage = Stage()
    stage.go("accept", "dispatch", "sign", "request_planned", "sign_closing", "approve_closing")

    stage.take("recheck_promise")

    assert kept() == composed()
    assert found(stage.who["office"], "路灯已装") == [stage.appeal.pk]


@pytest.mark.parametrize("said", [["move_promise"], ["recheck_promise", "deny_promise"]])
def test_after_a_promise_is_moved_or_denied_the_index_is_what_is_composed_anew(said):
    stage = Stage()
    stage.go("accept", "dispatch", "sign", "request_planned", "sign_closing", "approve_closing")

    stage.go(*said)

    assert kept() == composed()


def test_a_firm_that_is_renamed_is_found_by_its_new_name():
    stage = Stage()
    firm = stage.appeal.enterprise

    correct_enterprise(firm, actor=stage.who["office"], name="新乡更名电缆有限公司")

    assert found(stage.who["office"], "更名电缆") == [stage.appeal.pk]
    assert kept() == composed()


def test_a_lost_index_is_rebuilt(capsys):
    stage = Stage.at("answered")
    SearchEntry.objects.all().delete()

    call_command("rebuild_search")

    assert kept() == composed()
    said = capsys.readouterr().out.splitlines()
    assert said[:2] == ["appeals.appeal：1 件", "enterprises.enterprise：2 件"]
    assert found(stage.who["office"], "变压器") == [stage.appeal.pk]


def test_appeals_of_a_version_without_index_are_filled_in_once():
    Stage.at("answered")
    SearchEntry.objects.all().delete()

    counts = fill_index(ABOUT_APPEALS), fill_index(ABOUT_APPEALS)

    assert (counts, kept()) == ((1, 0), composed())


# --- who finds what


@pytest.fixture
def told():
    """Return a stage with a planted word in each kind of text."""
    stage = Stage(title="标题暗号甲", content="内容暗号乙")
    stage.go("accept")
    stage.take("dispatch", note="派单暗号丙")
    stage.go("sign")
    stage.take("report_stage", content="阶段暗号丁")
    stage.take("submit_opinion", content="意见暗号戊")
    stage.take("request_closing", reply="草稿暗号己")
    stage.take("return_draft", reason="退回暗号庚")
    stage.take("request_closing", reply="答复暗号辛")
    stage.go("sign_closing", "approve_closing")
    stage.take("callback", note="回访暗号壬", level=None)
    return stage


OPEN, INTERNAL = "甲乙丁辛", "丙戊己庚壬"
WHO_FINDS = {
    "office": OPEN + INTERNAL,
    "discipline": OPEN + INTERNAL,
    "liaison": OPEN + INTERNAL,
    "co_liaison": OPEN + INTERNAL,
    "firm": OPEN,
    "rival": "",
    "stranger": "",
    "sysadmin": "",
}


@pytest.mark.parametrize(("role", "words"), WHO_FINDS.items())
def test_a_planted_word_is_found_by_those_alone_who_may_read_it(told, role, words):
    user = told.who[role]

    finds = [word for word in OPEN + INTERNAL if found(user, f"暗号{word}")]

    assert "".join(finds) == words


def test_each_word_is_asked_of_what_the_reader_may_see_not_only_the_first(told):
    assert [
        found(told.who["firm"], "暗号甲 暗号戊"),
        found(told.who["office"], "暗号甲 暗号戊"),
    ] == [
        [],
        [told.appeal.pk],
    ]


def test_who_filed_for_a_firm_and_handles_another_matter_sees_internal_texts_of_the_latter_only(
    told,
):
    both = person(Post.LIAISON, unit=told.lead)
    firm = entrepreneur()
    both.memberships.create(
        enterprise=firm.memberships.get().enterprise, since=firm.memberships.get().since
    )
    own = file_appeal(firm, title="自己的事")
    actions.request_supplement(own, actor=told.who["office"], note="请补充。")
    actions.supplement_appeal(own, actor=firm, content="补充暗号癸")
    actions.accept_appeal(own, actor=told.who["office"])
    actions.dispatch_appeal(
        own, actor=told.who["office"], lead_unit=told.other, note="派单暗号丙之二"
    )

    assert (found(both, "暗号丙"), found(both, "暗号癸")) == ([told.appeal.pk], [own.pk])


def test_names_are_found_by_whoever_may_see_the_appeal(told):
    name = told.appeal.enterprise.name

    assert [bool(found(told.who[role], name)) for role in ("office", "liaison", "stranger")] == [
        True,
        True,
        False,
    ]
    assert found(told.who["office"], f"企业:{name}") == [told.appeal.pk]
    assert found(told.who["office"], "企业:暗号甲") == []
    assert found(told.who["office"], f"编号:{told.appeal.number}") == [told.appeal.pk]


# --- page, export and API agree


def test_page_export_and_api_find_the_same(told, client):
    file_appeal(told.who["rival"], title="别的事")
    office = told.who["office"]
    client.force_login(office)

    rows = [row.appeal.pk for row in every_row(office, q="暗号戊")]

    assert rows == found(office, "暗号戊") == [told.appeal.pk]
    assert list(filtered_appeals(office, q="暗号戊").values_list("pk", flat=True)) == rows


def test_the_page_marks_the_words_and_says_in_which_text_they_stand(told, client):
    client.force_login(told.who["office"])

    page = client.get("/appeals/", {"q": "暗号甲 答复"}).content.decode()

    assert "标题<mark>暗号甲</mark>" in page
    assert "审核通过：<mark>答复</mark>暗号辛" in page


def test_a_firm_name_with_markup_is_shown_as_text(client):
    stage = Stage(title="停电<script>alert(1)</script>")
    client.force_login(stage.who["office"])

    page = client.get("/appeals/", {"q": "停电<script>"}).content.decode()

    assert "<mark>停电&lt;script&gt;</mark>alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize("rows", [1, 5])
def test_a_search_asks_the_same_queries_for_any_number_of_hits(
    rows, client, django_assert_num_queries
):
    stage = Stage()
    firm = stage.who["rival"]
    for _ in range(rows):
        file_appeal(firm, title="重复的词")
    client.force_login(stage.who["office"])
    client.get("/appeals/", {"q": "重复的词"})

    with django_assert_num_queries(16):
        page = client.get("/appeals/", {"q": "重复的词"})

    assert len(page.context["page"].rows) == rows


@pytest.mark.parametrize(
    "text", ["'", '"', "%", "_", "\\", "a" * 10_000, "电" * 10_000, "( OR ) AND NOT *", "{x}:^"]
)
def test_hostile_words_are_read_plainly(text, client):
    stage = Stage()
    client.force_login(stage.who["office"])

    answer = client.get("/appeals/", {"q": text})

    assert answer.status_code == 200


def test_a_list_that_is_walked_pages_through_all_of_its_hits(monkeypatch):
    monkeypatch.setattr(finding, "RARE", 1)
    monkeypatch.setattr(finding, "OFTEN", 1)
    stage = Stage()
    for number in range(6):
        file_appeal(stage.who["rival"], title=f"路灯不亮{number}")
    office = stage.who["office"]

    seen, cursor = [], ""
    for _ in range(4):
        page = appeal_page(office, q="路灯", sort="new", per_page=2, cursor=cursor)
        seen += [row.appeal.title for row in page.rows]
        cursor = page.next_cursor
        if not cursor:
            break

    assert seen == [f"路灯不亮{number}" for number in range(5, -1, -1)]


@pytest.mark.parametrize(
    ("among", "words"), [(100, "共 6 件"), (3, "至少 3 件")], ids=["all seen", "the newest seen"]
)
def test_a_count_that_does_not_look_at_all_rows_says_so(monkeypatch, among, words):
    monkeypatch.setattr(finding, "RARE", 1)
    monkeypatch.setattr(finding, "OFTEN", 1)
    monkeypatch.setattr("lianqi.appeals.queries.listing.COUNTED_AMONG", among)
    stage = Stage()
    for number in range(6):
        file_appeal(stage.who["rival"], title=f"路灯不亮{number}")

    page = appeal_page(stage.who["office"], q="路灯", state="submitted", sort="new", per_page=2)

    assert page.count_text == words


# --- the other filters


def test_each_filter_finds_its_own(client):
    stage = Stage(channel="phone")
    office = stage.who["office"]
    other = stage.twin
    actions.merge_appeal(file_appeal(stage.who["rival"]), actor=office, into=other)
    stage.go(*WAYS["dissatisfied"], "redo", "request_planned", "sign_closing", "approve_closing")
    mine, firm = [stage.appeal.pk], stage.appeal.enterprise

    asked = [
        {"channel": "phone"},
        {"outcome": "planned"},
        {"co_unit": stage.helping.code},
        {"firm": firm.name},
        {"firm": firm.uscc},
        {"again": True},
        {"promised": True},
    ]

    assert [found(office, "", **one) for one in asked] == [mine] * len(asked)
    assert found(office, "", joined=True) == [other.pk]
    assert found(office, "", until="2020-01-01") == []


def test_a_day_that_cannot_be_read_is_named_beside_its_field(client):
    stage = Stage()
    client.force_login(stage.who["office"])

    page = client.get(reverse("appeals:appeal_list"), {"since": "昨天"})

    assert page.context["form"].errors.keys() == {"since"}
    assert "日期看不懂" in page.content.decode()
