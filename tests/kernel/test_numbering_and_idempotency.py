import contextlib

import pytest
from django.db import transaction

from lianqi.kernel.errors import KeyReused
from lianqi.kernel.idempotency import once
from lianqi.kernel.models import IdempotencyKey
from lianqi.kernel.numbering import next_number
from lianqi.organisation.models import Unit
from tests.factories import RegionFactory, UnitFactory, UserFactory
from tests.kernel.threads import together


@pytest.mark.django_db
def test_a_rolled_back_number_is_given_out_again():
    with transaction.atomic():
        first = next_number("SQ", 2026)
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        next_number("SQ", 2026)
        raise ZeroDivisionError
    with transaction.atomic():
        again = next_number("SQ", 2026)

    assert (first, again) == (1, 2)


@pytest.mark.django_db
def test_each_year_and_series_counts_for_itself():
    with transaction.atomic():
        numbers = [next_number("SQ", 2026), next_number("SQ", 2027), next_number("BA", 2026)]

    assert numbers == [1, 1, 1]


@pytest.mark.django_db(transaction=True)
def test_a_number_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError):
        next_number("SQ", 2026)


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gaps_whoever_asks_at_once():
    def draw():
        drawn = []
        for turn in range(10):
            try:
                with transaction.atomic():
                    drawn.append(next_number("SQ", 2026))
                    if turn % 3 == 0:
                        raise ZeroDivisionError
            except ZeroDivisionError:
                drawn.pop()
        return drawn

    results = together(draw, draw, draw, draw)

    assert sorted(number for drawn in results for number in drawn) == list(range(1, 25))


def make_unit(region, code="one"):
    return lambda: Unit.objects.create(code=code, name=code, region=region)


@pytest.mark.django_db
def test_the_same_key_returns_the_first_record():
    user, region = UserFactory(), RegionFactory()

    first = once(user, "k", {"code": "one"}, make_unit(region))
    again = once(user, "k", {"code": "one"}, make_unit(region))

    assert (first[1], again) == (True, (first[0], False))


@pytest.mark.django_db
def test_the_same_key_with_other_content_is_refused():
    user, region = UserFactory(), RegionFactory()
    once(user, "k", {"code": "one"}, make_unit(region))

    with pytest.raises(KeyReused):
        once(user, "k", {"code": "two"}, make_unit(region, "two"))


@pytest.mark.django_db
def test_a_key_belongs_to_its_person_and_no_key_means_no_memory():
    region = RegionFactory()
    once(UserFactory(), "k", {}, make_unit(region, "a"))
    once(UserFactory(), "k", {}, make_unit(region, "b"))
    user = UserFactory()
    once(user, "", {}, make_unit(region, "c"))
    once(user, "", {}, make_unit(region, "d"))

    assert (Unit.objects.count(), IdempotencyKey.objects.count()) == (4, 2)


@pytest.mark.django_db
def test_a_failed_first_call_leaves_the_key_free():
    user, region = UserFactory(), RegionFactory()
    with pytest.raises(ZeroDivisionError):
        once(user, "k", {}, lambda: 1 / 0)

    assert once(user, "k", {}, make_unit(region))[1] is True


@pytest.mark.django_db(transaction=True)
def test_two_calls_with_one_key_at_once_make_one_record():
    user, region = UserFactory(), UnitFactory().region
    codes = iter(["x", "y", "z", "w"])

    def call():
        record, fresh = once(user, "k", {"same": 1}, lambda: make_unit(region, next(codes))())
        return record.pk, fresh

    results = together(call, call, call, call)

    assert len({pk for pk, _ in results}) == 1
    assert (sum(fresh for _, fresh in results), Unit.objects.count()) == (1, 2)
