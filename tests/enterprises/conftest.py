"""Who works in these tests."""

import pytest

from tests.factories import office_clerk


@pytest.fixture
def office(client, db):
    """A clerk of the appeal task force's office, signed in."""
    clerk = office_clerk()
    client.force_login(clerk)
    return clerk
