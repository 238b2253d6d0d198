"""F6: the same submit many times at once. F7: many officers on one appeal at once."""

import re
from functools import partial
from uuid import uuid4

import pytest
from django.test import Client

from lianqi.appeals.models import Appeal
from lianqi.kernel.journal import verify_journal
from lianqi.kernel.models import Duty, JournalEntry, OutboxMessage
from tests.api.programs import program_of
from tests.factories import entrepreneur, file_appeal, office_clerk
from tests.faults.clients import told
from tests.faults.measure import record, rounds
from tests.kernel.threads import together

pytestmark = pytest.mark.usefixtures("transactional_db")
THREADS = 20
OFFICERS = 8
NUMBER = re.compile(r"SQ\d{4}-\d{5}")


def through_api(firm, key):
    answer = program_of(firm).post("/appeals", told(key), key=key)
    return answer.status_code, answer.json()["number"]


def through_page(client, key):
    answer = client.post("/portal/new/", told(key) | {"idempotency_key": key})
    return answer.status_code, NUMBER.search(answer.get("Location", ""))[0]


def browser_of(firm):
    client = Client()
    client.force_login(firm)
    return client


@pytest.mark.parametrize(("door", "created"), [("api", 201), ("page", 302)])
def test_twenty_at_once_with_one_key_make_one_appeal_and_get_one_answer(door, created):
    keys, firm = [uuid4().hex for _ in range(rounds(4, 30))], entrepreneur()
    answers = {}
    for key in keys:
        callers = [browser_of(firm) if door == "page" else firm for _ in range(THREADS)]
        press = through_page if door == "page" else through_api
        answers[key] = together(*(partial(press, caller, key) for caller in callers))

    made = {appeal.title.rpartition("#")[2]: appeal.number for appeal in Appeal.objects.all()}
    assert answers == {key: [(created, made[key])] * THREADS for key in keys}
    assert (len(made), Appeal.objects.count()) == (len(keys), len(keys))
    assert Duty.objects.filter(key="accept").count() == len(keys)
    assert OutboxMessage.objects.filter(title__startswith="待受理").count() == len(keys)
    assert verify_journal().broken == ""
    record("F6", f"同一防重键 20 次同时提交（{door}）", keys=len(keys), records=len(keys))


def test_of_eight_officers_one_takes_the_step_and_the_others_are_told_by_whom_and_when():
    officers = [office_clerk(full_name=f"科员{n}号") for n in range(OFFICERS)]
    clients = [browser_of(officer) for officer in officers]
    races = rounds(5, 60)
    for _ in range(races):
        address = f"/appeals/{file_appeal().number}/steps/accept/"
        answers = together(*(partial(client.post, address, {}) for client in clients))

        statuses = [answer.status_code for answer in answers]
        winner = officers[statuses.index(302)]
        refusals = [a.content.decode() for a in answers if a.status_code == 409]
        assert sorted(statuses) == [302] + [409] * (OFFICERS - 1)
        assert [
            text.count(f"已由{winner.signature()}于2026年11月23日（周一）") > 0 for text in refusals
        ] == [True] * (OFFICERS - 1)

    assert JournalEntry.objects.filter(verb="appeal.accept").count() == races
    assert Duty.objects.filter(key="accept", state="done").count() == races
    assert verify_journal().broken == ""
    record("F7", "8 人同时办同一步", races=races, winners=races, told_by_whom=races * 7)
