"""F17: the cache is lost."""

import pytest
from django.core.cache import cache
from django.test import Client

from tests.factories import office_clerk
from tests.faults.measure import record

pytestmark = pytest.mark.django_db
PASSWORD = "Lianqi-2026"


def sign_in(client, password):
    return client.post("/accounts/login/", {"login": "clerk", "password": password}).status_code


def test_a_lost_cache_signs_nobody_out_and_opens_no_lock():
    cache.clear()
    clerk, inside, guesser = office_clerk(username="clerk"), Client(), Client()
    inside.force_login(clerk)
    wrong = [sign_in(guesser, f"wrong{number}") for number in range(5)]

    cache.clear()

    assert (wrong, sign_in(guesser, PASSWORD)) == ([422] * 5, 422)
    assert inside.get("/desk/").status_code == 200
    record("F17", "缓存清空", signed_out=0, locks_opened=0)


def test_failures_before_the_last_sign_in_lock_nobody():
    cache.clear()
    office_clerk(username="clerk")
    for _ in range(4):
        sign_in(Client(), "wrong")
    cache.clear()
    first = sign_in(Client(), PASSWORD)
    sign_in(Client(), "wrong")

    assert (first, sign_in(Client(), PASSWORD)) == (302, 302)
