"""Every address, asked by every role in every way, answers exactly as the reviewed table says."""

from itertools import groupby

import pytest

from tests.authorisation.addresses import addresses
from tests.authorisation.asking import (
    REQUESTS,
    answer_to,
    expanded,
    in_order,
    read_manifest,
    requests_of,
    roles_asked,
)
from tests.authorisation.cases import forgotten

pytestmark = pytest.mark.django_db

MANIFEST = expanded(read_manifest())


def test_every_address_is_in_the_manifest_and_nothing_else():
    assert sorted({address for address, _case, _request in MANIFEST}) == sorted(addresses())


def test_every_case_is_in_the_manifest_and_nothing_else(world):
    tried = {
        (route, case.name, request)
        for route, case, _path, first in in_order(world)
        for request in requests_of(case, first)
    }

    assert (sorted(set(MANIFEST) - tried), sorted(tried - set(MANIFEST))) == ([], [])
    assert forgotten(world) == []


def test_every_method_is_tried_on_every_address():
    tried = {
        route: {request for _, _, request in asked}
        for route, asked in groupby(sorted(MANIFEST), key=lambda asked: asked[0])
    }

    assert {r: set(REQUESTS) - tried[r] - {"POST+"} for r in tried} == {
        route: set() for route in tried
    }


def test_no_answer_in_the_manifest_is_a_failure_of_ours():
    assert [
        asked for asked, told in MANIFEST.items() if any(a[0] == "5" for a in told.values())
    ] == []


def test_every_address_takes_a_well_filled_form_from_somebody():
    """Else the form was filled in badly, and the table would prove nothing about it."""
    filled = [(asked[0], told) for asked, told in MANIFEST.items() if asked[2] == "POST+"]
    taken = {address for address, told in filled if {"200", "201", "302"} & set(told.values())}

    assert {address for address, _told in filled} - taken == set()


@pytest.mark.parametrize("address", sorted({asked[0] for asked in MANIFEST}))
def test_each_role_is_answered_as_the_manifest_says(world, address):
    told = {
        (case.name, request, role): answer_to(world, role, request, path, case)
        for route, case, path, first in in_order(world)
        if route == address
        for request in requests_of(case, first)
        for role in roles_asked(request, case.name)
    }
    expected = {
        (case, request, role): answer
        for (route, case, request), answers in MANIFEST.items()
        if route == address
        for role, answer in answers.items()
    }

    assert {k: (told[k], expected[k]) for k in told if told[k] != expected.get(k)} == {}
