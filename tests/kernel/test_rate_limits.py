"""Budgets: how often somebody may do something, counted for all workers together."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from lianqi.kernel.chores import clear_counts
from lianqi.kernel.errors import TooManyRequests
from lianqi.kernel.models import RateCount
from lianqi.kernel.rate_limits import spend
from tests.api.programs import program_of, refusal
from tests.factories import entrepreneur, office_clerk
from tests.kernel.threads import together

pytestmark = pytest.mark.django_db

FILED = {
    "kind": "help",
    "title": "厂区夜间停电",
    "content": "最近两周停电三次。",
    "contact_name": "王某",
    "contact_phone": "13800138000",
}


@pytest.fixture(autouse=True)
def two_each(settings):
    settings.LIANQI_RATE_LIMITS = {"api": "2/m", "submit": "2/h", "export": "2/h"}


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def test_a_budget_is_used_up_and_comes_back_with_the_next_hour():
    with time_machine.travel("2026-11-23 09:50+08:00", tick=False) as clock:
        spend("submit", 1)
        spend("submit", 1)
        with pytest.raises(TooManyRequests) as refused:
            spend("submit", 1)
        spend("submit", 2)
        clock.shift(timedelta(minutes=10))
        spend("submit", 1)

    assert (refused.value.retry_after, refused.value.message) == (
        600,
        "操作太频繁：每小时最多2次，请约10分钟后再试。",
    )


def test_counts_of_hours_that_are_over_are_cleared():
    with time_machine.travel("2026-11-23 09:50+08:00", tick=False) as clock:
        spend("submit", 1)
        kept = clear_counts()
        clock.shift(timedelta(hours=1))

        assert (kept, clear_counts()) == ("清理 0 条频次计数", "清理 1 条频次计数")


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_none_is_counted_as_another(settings):
    settings.LIANQI_RATE_LIMITS = {"submit": "3/h"}

    results = together(*[lambda: spend("submit", 1)] * 8)

    assert sum(isinstance(result, TooManyRequests) for result in results) == 5
    assert RateCount.objects.get().used == 8


def test_a_program_that_calls_too_often_is_told_when_to_come_again():
    program, other = program_of(office_clerk()), program_of(office_clerk())
    with time_machine.travel("2026-06-10 09:30:15+08:00", tick=False):
        answers = [program.get("/units") for _ in range(3)]

        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert other.get("/units").status_code == 200
    assert answers[2]["Retry-After"] == "45"
    assert refusal(answers[2]) == (429, "application/problem+json", "too_many_requests", [])


def test_a_firm_that_files_too_often_keeps_what_it_typed():
    client = signed_in(entrepreneur())

    answers = [
        client.post("/portal/new/", {**FILED, "title": f"厂区夜间停电{n}"}) for n in range(3)
    ]

    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert answers[2].content.decode().count('value="厂区夜间停电2"') == 1


def test_what_was_refused_or_repeated_costs_nothing():
    client = signed_in(entrepreneur())
    again = {**FILED, "idempotency_key": "one"}

    answers = [client.post("/portal/new/", post) for post in (again, {}, again, {}, again)]

    assert [answer.status_code for answer in answers] == [302, 422, 302, 422, 302]
    assert RateCount.objects.get().used == 1


def test_a_firm_s_program_and_its_page_share_the_budget():
    firm = entrepreneur()
    client, program = signed_in(firm), program_of(firm)
    client.post("/portal/new/", FILED)
    told = {"kind": "help", "title": "厂区夜间停电", "content": "最近两周停电三次。"}
    told |= {"contact_name": "王某", "contact_phone": "13800138000"}

    answers = [program.post("/appeals", told).status_code for _ in range(2)]

    assert answers == [201, 429]


@pytest.mark.parametrize(
    "address",
    [
        "/appeals/export/",
        "/appeals/promises/export/",
        "/appeals/rates/export/",
        "/appeals/rates/exclusions/export/",
        "/appeals/rates/rows/?cell=dispatched&export=1",
        "/enterprises/export.xlsx",
        "/organisation/roster/export/",
    ],
)
def test_exports_have_a_budget_each_and_a_page_that_says_so(address):
    client = signed_in(office_clerk())

    answers = [client.get(address) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2]["Retry-After"]) <= 3600
    assert answers[2].content.decode().count("操作太频繁：每小时最多2次") == 1
    assert client.get("/desk/").status_code == 200
