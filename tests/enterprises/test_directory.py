"""The directory: search, filters, pages, export, entering a firm."""

import io
import threading

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from lianqi.enterprises.exports import enterprise_sheet
from lianqi.enterprises.models import Contact, Enterprise, FormerCode
from lianqi.enterprises.queries.directory import enterprise_list, enterprise_page
from lianqi.kernel.clock import today
from lianqi.kernel.journal import verify_journal
from lianqi.organisation.enums import Post
from tests.enterprises.samples import code
from tests.factories import EnterpriseFactory, UnitFactory, entrepreneur, office_clerk, person

pytestmark = pytest.mark.django_db
URL = "/enterprises/"


def firms(number):
    known = Enterprise.objects.count()
    made = [
        EnterpriseFactory(name=f"第{n}厂", uscc=code(n), industry_code="C34")
        for n in range(known, known + number)
    ]
    for firm in made:
        Contact.objects.create(enterprise=firm, name="王某", phone="13800138000", main=True)
    return made


def names(response):
    return [row.firm.name for row in response.context["page"].rows]


@pytest.mark.parametrize("number", [1, 5])
def test_the_rows_ask_the_database_three_times_however_many_they_are(
    office, number, django_assert_num_queries
):
    firms(number)
    assert office.posts_now

    with django_assert_num_queries(3):
        page = enterprise_page(enterprise_list(office, {}), QueryDict())
        contacts = [str(row.contact.phone) for row in page.rows]

    assert contacts == ["138****8000"] * number


def test_the_page_asks_the_database_as_often_for_five_firms_as_for_one(client, office):
    asked = []
    for number in (1, 4):
        firms(number)
        client.get(URL)
        with CaptureQueriesContext(connection) as queries:
            client.get(URL)
        asked.append(len(queries))

    assert asked[0] == asked[1]


def test_the_newest_firm_stands_first_with_its_masked_contact(client, office):
    firms(2)

    response = client.get(URL)

    text = response.content.decode()
    assert (names(response), text.count("138****8000"), "13800138000" in text) == (
        ["第1厂", "第0厂"],
        2,
        False,
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "1厂"}, ["第1厂"]),
        ({"q": code(2)}, ["第2厂"]),
        ({"q": code(2).lower().replace("MA", " ma ")}, ["第2厂"]),
        ({"q": code(7)}, ["第0厂"]),
        ({"q": "138-0013-8001"}, ["第1厂"]),
        ({"q": "1380013"}, []),
        ({"q": "%"}, []),
        ({"state": "pending"}, ["第2厂"]),
        ({"size": "small"}, ["第1厂"]),
        ({"size": "none"}, ["第2厂", "第0厂"]),
        ({"section": "F"}, ["第2厂"]),
        ({"kind": "self_employed"}, ["第0厂"]),
        ({"kind": "self_employed", "q": "1厂"}, []),
        ({"kind": "nonsense", "size": "x", "after": "!!"}, ["第2厂", "第1厂", "第0厂"]),
    ],
)
def test_a_search_or_filter_finds_what_it_names(client, office, query, found):
    first = EnterpriseFactory(name="第0厂", uscc=code(0), kind="self_employed", industry_code="C34")
    second = EnterpriseFactory(name="第1厂", uscc=code(1), size="small", industry_code="C13")
    EnterpriseFactory(name="第2厂", uscc=code(2), state="pending", industry_code="F51")
    FormerCode.objects.create(enterprise=first, uscc=code(7), until=today(), reason="迁入")
    Contact.objects.create(enterprise=second, name="王某", phone="13800138001", main=False)

    assert names(client.get(URL, query)) == found


def test_the_views_count_their_firms_and_lead_to_them(client, office):
    for state in ("pending", "pending", "refused", "left", "verified"):
        EnterpriseFactory(state=state)

    views = client.get(URL, {"state": "pending"}).context["views"]

    assert [(view.label, view.count, view.active) for view in views] == [
        ("待核验", "2", True),
        ("已入库", "1", False),
        ("未通过", "1", False),
        ("已退出", "1", False),
        ("全部", "5", False),
    ]
    assert views[0].url == "/enterprises/?state=pending"


def test_pages_follow_each_other_without_gap_or_repetition(client, office):
    firms(120)

    seen, url = [], URL
    while url:
        page = client.get(url).context["page"]
        seen += [row.firm.pk for row in page.rows]
        url = f"{URL}{page.next_url}" if page.next_url else ""

    assert seen == sorted(seen, reverse=True)
    assert (len(seen), page.count_text) == (120, "共 120 家")


def test_htmx_gets_the_rows_only(client, office):
    part = client.get(URL, headers={"HX-Request": "true", "HX-Target": "rows"}).content.decode()

    assert (part.lstrip().startswith('<div id="rows"'), "<html" in part) == (True, False)


def sheet(response):
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_the_export_holds_exactly_the_list_with_masked_numbers(client, office):
    firms(3)
    EnterpriseFactory(name="别的行业", industry_code="F51")

    response = client.get(f"{URL}export.xlsx", {"section": "C"})

    rows = sheet(response)
    assert (rows[0][0], [row[0] for row in rows[1:]]) == ("名称", ["第2厂", "第1厂", "第0厂"])
    assert (rows[1][1], rows[1][5], rows[1][11]) == (code(2), "C34 制造业", "138****8000")
    assert (b"13800138000" in response.content, response["Cache-Control"]) == (
        False,
        "private, no-store",
    )


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_name_that_looks_like_a_formula_is_exported_as_text(client, office, start):
    EnterpriseFactory(name=f'{start}HYPERLINK("http://x")')

    rows = sheet(client.get(f"{URL}export.xlsx"))

    assert rows[1][0] == f'{start}HYPERLINK("http://x")'


@pytest.mark.parametrize("number", [1, 5])
def test_the_export_asks_the_database_twice_however_long_it_is(
    office, number, django_assert_num_queries
):
    firms(number)
    assert office.posts_now

    with django_assert_num_queries(2):
        enterprise_sheet(enterprise_list(office, {}))


# --- entering a firm

ENTERED = {
    "kind": "company",
    "uscc": code(1),
    "name": "新乡示例机械有限公司",
    "industry_code": "K7010",
    "employees": "50",
    "revenue_wan": "1000",
    "assets_wan": "5000",
    "address": "",
    "contact_name": "王某",
    "contact_phone": "13800138000",
    "idempotency_key": "k1",
}


def test_a_firm_entered_by_the_office_is_verified_at_once(client, office):
    response = client.post(f"{URL}new/", ENTERED)

    firm = Enterprise.objects.get()
    assert (response.status_code, response["Location"]) == (302, firm.get_absolute_url())
    assert (firm.state, firm.size, firm.origin) == ("verified", "medium", "entered")
    assert (firm.contacts.get().main, verify_journal().broken) == (True, "")


def test_sending_twice_enters_one_firm(client, office):
    first, second = (client.post(f"{URL}new/", ENTERED) for _ in range(2))

    assert (first["Location"], Enterprise.objects.count()) == (second["Location"], 1)


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_enter_one_firm_and_lead_both_to_it():
    clerk, answers, start = office_clerk(), [], threading.Barrier(2)

    def click():
        client = Client()
        client.force_login(clerk)
        start.wait()
        answers.append(client.post(f"{URL}new/", ENTERED).status_code)
        connection.close()

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (answers, Enterprise.objects.count()) == ([302, 302], 1)


def test_the_same_key_with_another_firm_is_refused(client, office):
    client.post(f"{URL}new/", ENTERED)

    response = client.post(f"{URL}new/", {**ENTERED, "uscc": code(2)})

    assert (response.status_code, Enterprise.objects.count()) == (422, 1)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"uscc": code(9)}, "uscc"),
        ({"contact_phone": ""}, "contact_phone"),
        ({"contact_name": ""}, "contact_name"),
        ({"industry_code": "98"}, "industry_code"),
    ],
)
def test_a_wrong_entry_is_said_at_its_field(client, office, facts, field):
    EnterpriseFactory(uscc=code(9))

    response = client.post(f"{URL}new/", {**ENTERED, **facts})

    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert Enterprise.objects.count() == 1


def test_a_firm_may_be_entered_before_its_contact_is_known(client, office):
    response = client.post(f"{URL}new/", {**ENTERED, "contact_name": "", "contact_phone": ""})

    assert (response.status_code, Contact.objects.count()) == (302, 0)


def test_an_official_of_a_unit_sees_the_list_but_enters_nothing(client):
    client.force_login(person(Post.LIAISON, unit=UnitFactory()))

    page = client.get(URL)

    assert (page.status_code, page.context["may_enter"], page.context["may_import"]) == (
        200,
        False,
        False,
    )
    assert client.post(f"{URL}new/", ENTERED).status_code == 403


def test_a_firm_does_not_see_the_directory(client):
    client.force_login(entrepreneur())

    assert [client.get(f"{URL}{part}").status_code for part in ("", "export.xlsx", "new/")] == [
        403
    ] * 3
