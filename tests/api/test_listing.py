"""GET /appeals: filters, pages, and who sees what."""

from datetime import timedelta

import pytest

from lianqi.appeals import actions
from lianqi.appeals.workflow.holders import keep_for_lists
from lianqi.kernel.clock import now
from lianqi.kernel.models import Duty
from lianqi.organisation.enums import Post
from tests.api.programs import problem, program_of, refusal
from tests.factories import UnitFactory, entrepreneur, file_appeal, office_clerk, person

pytestmark = pytest.mark.django_db


def numbers(response):
    return [item["number"] for item in response.json()["items"]]


def dispatched(office, unit, **facts):
    appeal = file_appeal(**facts)
    actions.accept_appeal(appeal, actor=office)
    return actions.dispatch_appeal(appeal, actor=office, lead_unit=unit)


def test_an_item_says_what_a_list_shows():
    unit, office = UnitFactory(), office_clerk()
    appeal = dispatched(office, unit)

    [item] = program_of(office).get("/appeals").json()["items"]

    firm = appeal.enterprise
    assert {name: item[name] for name in ("number", "state", "state_label", "kind", "title")} == {
        "number": appeal.number,
        "state": "dispatched",
        "state_label": "待签收",
        "kind": "help",
        "title": appeal.title,
    }
    assert item["enterprise"] == {"id": firm.pk, "name": firm.name, "uscc": firm.uscc}
    assert item["lead_unit"] == {"code": unit.code, "name": unit.name}
    assert item["due_at"].endswith("+08:00")
    assert (item["light"] in ("green", "amber"), item["overdue"]) == (True, False)


def test_each_caller_sees_only_what_the_pages_would_show():
    unit, other_unit, office = UnitFactory(), UnitFactory(), office_clerk()
    firm = entrepreneur()
    own = file_appeal(firm)
    theirs = dispatched(office, unit)

    seen = {
        "office": numbers(program_of(office).get("/appeals")),
        "firm": numbers(program_of(firm).get("/appeals")),
        "unit": numbers(program_of(person(Post.LIAISON, unit=unit)).get("/appeals")),
        "other": numbers(program_of(person(Post.LIAISON, unit=other_unit)).get("/appeals")),
        "sysadmin": numbers(program_of(person(Post.SYSADMIN)).get("/appeals")),
    }

    assert seen == {
        "office": [theirs.number, own.number],
        "firm": [own.number],
        "unit": [theirs.number],
        "other": [],
        "sysadmin": [],
    }


def test_filters_narrow_the_list():
    unit, office = UnitFactory(), office_clerk()
    consult = file_appeal(kind="consult", title="咨询研发费用加计扣除")
    sent = dispatched(office, unit)
    program = program_of(office)

    found = {
        "state": numbers(program.get("/appeals", state="dispatched")),
        "open": numbers(program.get("/appeals", state="open")),
        "done": numbers(program.get("/appeals", state="done")),
        "unit": numbers(program.get("/appeals", unit=unit.code)),
        "kind": numbers(program.get("/appeals", kind="consult")),
        "q": numbers(program.get("/appeals", q="加计扣除")),
        "number": numbers(program.get("/appeals", q=sent.number)),
    }

    assert found == {
        "state": [sent.number],
        "open": [sent.number, consult.number],
        "done": [],
        "unit": [sent.number],
        "kind": [consult.number],
        "q": [consult.number],
        "number": [sent.number],
    }


def test_overdue_means_that_a_duty_has_turned_red():
    office = office_clerk()
    late, fresh = file_appeal(), file_appeal()
    long_ago = now() - timedelta(days=30)
    Duty.objects.about(late).update(due_at=long_ago, amber_at=long_ago, red_at=long_ago)
    keep_for_lists(late)
    program = program_of(office)

    [item] = program.get("/appeals", overdue="true").json()["items"]

    assert (item["number"], item["light"], item["overdue"]) == (late.number, "red", True)
    assert numbers(program.get("/appeals", overdue="false")) == [fresh.number, late.number]


def test_pages_follow_each_other_without_gaps_while_new_rows_arrive():
    office = office_clerk()
    appeals = [file_appeal().number for _ in range(5)]
    program = program_of(office)

    first = program.get("/appeals", limit=2).json()
    file_appeal()
    second = program.get("/appeals", limit=2, cursor=first["next_cursor"]).json()
    third = program.get("/appeals", limit=2, cursor=second["next_cursor"]).json()

    pages = [[item["number"] for item in page["items"]] for page in (first, second, third)]
    newest = appeals[::-1]
    assert pages == [newest[:2], newest[2:4], newest[4:]]
    assert third["next_cursor"] is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cursor", "nonsense"),
        ("cursor", "WyJhIl0"),
        ("cursor", "WzFlOTldCg"),
        ("cursor", "W1tbW1tbW1tbW1s"),
        ("cursor", "WzEwMDAwMDAwMDAwMDAwMDAwMDAwMDBd"),
        ("cursor", "中文"),
        ("limit", "0"),
        ("limit", "201"),
        ("limit", "many"),
        ("limit", "1" * 5000),
        ("state", "lost"),
        ("kind", "wish"),
        ("unit", "no-such-unit"),
        ("unit", "a\x00"),
        ("q", "a\x00b"),
        ("q", "长" * 101),
        ("overdue", "perhaps"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused_by_its_field(field, value):
    response = program_of(office_clerk()).get("/appeals", **{field: value})

    assert refusal(response) == problem(422, "invalid_fields", field)


@pytest.mark.parametrize("path", ["/appeals", "/enterprises", "/duties"])
def test_a_misspelt_filter_is_refused_instead_of_ignored(path):
    response = program_of(office_clerk()).get(path, overdeu="true")

    assert refusal(response) == problem(422, "invalid_fields", "overdeu")


@pytest.mark.parametrize("count", [1, 5])
def test_the_list_costs_the_same_queries_for_1_and_5_rows(count, django_assert_num_queries):
    unit, office = UnitFactory(), office_clerk()
    for _ in range(count):
        dispatched(office, unit)
    program = program_of(office)

    with django_assert_num_queries(5):
        response = program.get("/appeals")

    assert len(response.json()["items"]) == count
