"""The ledger for programs: the rows of the page, the steps of the page, the refusals in one form."""

from datetime import date

import pytest

from lianqi.kernel.access import SYSTEM
from lianqi.ledger.models import Item, ProgressReport
from lianqi.organisation.actions import issue_token
from tests.ledger.stage import Stage, at

pytestmark = pytest.mark.django_db
LIST = "/api/v1/ledger/items"


@pytest.fixture
def stage():
    with at(date(2026, 11, 2)):
        yield Stage()


class Program:
    """A program that asks with the token of one person."""

    def __init__(self, client, user):
        self._client = client
        token = issue_token(user, actor=SYSTEM, label="测试")
        self._headers = {"authorization": f"Bearer {token}"}

    def get(self, path=LIST, **asked):
        return self._client.get(path, asked, headers=self._headers)

    def numbers(self, **asked):
        return [item["number"] for item in self.get(**asked).json()["items"]]

    def step(self, item, key, body=None, once=""):
        headers = {**self._headers, **({"Idempotency-Key": once} if once else {})}
        path = f"{LIST}/{item.number}/steps/{key}"
        return self._client.post(path, body or {}, "application/json", headers=headers)


def test_the_list_narrows_as_the_page_does(stage, client):
    early = stage.underway(dates=[date(2026, 11, 20)], programme="营商环境")
    late = stage.docketed(dates=[date(2026, 12, 20)], lead_unit=stage.other, units=[])
    program = Program(client, stage.office)

    found = [
        program.numbers(),
        program.numbers(state="underway"),
        program.numbers(lead=stage.other.code),
        program.numbers(unit=stage.other.code),
        program.numbers(programme="营商环境"),
        program.numbers(due_from="2026-12-01"),
        program.numbers(q=late.number),
        program.numbers(light="amber"),
    ]

    first, second = early.number, late.number
    assert found == [
        [first, second], [first], [second], [first, second], [first], [second], [second], [],
    ]  # fmt: skip


def test_a_unit_gets_its_own_and_no_draft(stage, client):
    mine = stage.docketed()
    stage.drafted()
    others = stage.docketed(lead_unit=stage.other, units=[])

    liaison = Program(client, stage.liaison)

    assert (liaison.numbers(), Program(client, stage.stranger).numbers()) == ([mine.number], [])
    assert liaison.get(f"{LIST}/{others.number}").status_code == 404


def test_pages_follow_each_other_by_cursor(stage, client):
    numbers = [stage.docketed(dates=[date(2026, 12, day)]).number for day in (3, 1, 2)]
    program = Program(client, stage.office)

    first = program.get(limit=2).json()
    second = program.get(limit=2, cursor=first["next_cursor"]).json()

    told = [item["number"] for page in (first, second) for item in page["items"]]
    assert (told, second["next_cursor"]) == ([numbers[1], numbers[2], numbers[0]], None)


def test_a_record_tells_what_its_page_tells(stage, client):
    item = stage.underway()

    told = Program(client, stage.liaison).get(f"{LIST}/{item.number}").json()

    assert (told["light"], told["owner"]["name"], told["due_on"]) == (
        "green", stage.liaison.full_name, "2026-12-15",
    )  # fmt: skip
    assert [duty["key"] for duty in told["duties"]] == ["report_progress", "apply_closing"]
    assert [line["label"] for line in told["timeline"]] == [
        "签收",
        "交办",
        "发文",
        "立项",
        "拟立项",
    ]
    report = next(step for step in told["permitted_steps"] if step["key"] == "report_progress")
    assert [(field["name"], field["type"]) for field in report["fields"]] == [
        ("percent", "integer"), ("text", "string"),
    ]  # fmt: skip


def test_a_step_is_taken_once_for_its_key(stage, client):
    item, program = stage.underway(), Program(client, stage.liaison)
    body = {"percent": 40, "text": "完成初稿。"}

    first, again = (program.step(item, "report_progress", body, once="k1") for _ in range(2))
    other = program.step(item, "report_progress", {**body, "percent": 50}, once="k1")

    assert (first.status_code, first.json()["percent"]) == (200, 40)
    assert (again.headers["Idempotent-Replay"], ProgressReport.objects.count()) == ("true", 1)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")


def test_refusals_are_problems(stage, client):
    item, program = stage.underway(), Program(client, stage.liaison)
    answers = [
        program.step(item, "grade_closing", {"grade": "good"}),  # the office's
        program.step(item, "sign"),  # signed already
        program.step(item, "report_progress", {"percent": 140, "text": "多"}),
        program.step(item, "report_progress", {"percent": 40}),
        program.step(item, "report_progress", {"percent": 40, "text": "好", "grade": "good"}),
        program.step(item, "nothing"),
        program.get(light="purple"),
        program.get(unit="nowhere"),
        program.get(colour="red"),
    ]

    told = [(answer.status_code, answer.headers["Content-Type"]) for answer in answers]
    statuses = [403, 409, 422, 422, 422, 404, 422, 422, 422]
    assert told == [(status, "application/problem+json") for status in statuses]
    assert Item.objects.get(pk=item.pk).percent == 0


def test_an_item_is_signed_with_a_person_named_by_id(stage, client):
    item, program = stage.assigned(), Program(client, stage.liaison)
    told = program.get(f"{LIST}/{item.number}").json()
    [owner] = next(step for step in told["permitted_steps"] if step["key"] == "sign")["fields"]

    taken = program.step(item, "sign", {"owner": owner["choices"][0]["value"]})

    assert (owner["type"], taken.status_code, taken.json()["state"]) == ("person", 200, "underway")


def test_the_list_asks_a_constant_number_of_questions(stage, client, django_assert_max_num_queries):
    program = Program(client, stage.office)
    counts = []
    for number in (1, 4):
        for _ in range(number):
            stage.underway()
        program.get()
        with django_assert_max_num_queries(12) as asked:
            program.get()
        counts.append(len(asked))

    assert counts[0] == counts[1]
