"""Every page tells the browser how to protect who reads it."""

import pytest

from tests.authorisation.asking import API, got
from tests.authorisation.cases import cases

pytestmark = pytest.mark.django_db

# Who between them reach every page.
READERS = ("visitor", "firm_a", "liaison_lead", "clerk", "conference_clerk", "sysadmin", "secadmin")


@pytest.mark.parametrize("role", READERS)
def test_every_answer_carries_the_protecting_headers(world, role):
    bare = []
    for _route, _case, path in cases(world):
        headers = got(world, role, path).headers
        policy = headers.get("Content-Security-Policy", "")
        sound = (
            ("default-src 'none'" in policy)
            and "unsafe" not in policy
            and headers.get("X-Content-Type-Options") == "nosniff"
            and headers.get("X-Frame-Options") == "DENY"
            and headers.get("Referrer-Policy") == "same-origin"
        )
        private = role == "visitor" or "no-store" in headers.get("Cache-Control", "")
        # The public pages read the same for everybody and are kept for a minute.
        if not (sound and (private or path.startswith((API, "/public/")))):
            bare.append(path)

    assert bare == []
