"""axe finds no violation on any page, on desk and phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from lianqi.appeals.models import Appeal
from lianqi.briefings.models import Draft
from lianqi.conference.models import FieldStudy, Meeting, Topic
from lianqi.kernel.models import IssuedDocument
from lianqi.organisation.models import DeskHandover

pytestmark = pytest.mark.browser

PAGES = {
    "": ["/accounts/login/", "/enterprises/register/"],
    "appeals_office": [
        "/desk/", "/duties/", "/notices/", "/appeals/", "/appeals/new/", "/appeals/board/", "/enterprises/",
        "/organisation/roster/", "/settings/limits/", "/appeals/{closed}/",
        "/appeals/{submitted}/steps/accept/", "/appeals/{accepted}/steps/dispatch/",
        "/appeals/intake/", "/appeals/promises/", "/appeals/precedents/", "/appeals/{sealed}/",
    ],
    "jjfzj_liaison": ["/desk/", "/appeals/{jjfzj}/", "/organisation/units/jjfzj/"],
    "rlzyb_liaison": ["/organisation/handovers/new/", "/appeals/{rlzyb}/"],
    "shzlw_leader": ["/desk/", "/organisation/handovers/", "/organisation/handovers/{handover}/"],
    "conference_office": [
        "/organisation/roster-changes/", "/settings/calendar/", "/documents/", "/documents/drafts/",
        "/documents/drafts/new/", "/documents/drafts/{paper}/", "/issued/{document}/check/",
        "/conference/", "/conference/topics/", "/conference/topics/new/", "/conference/topics/{topic}/",
        "/conference/meetings/", "/conference/meetings/new/", "/conference/meetings/{meeting}/",
        "/conference/meetings/{notified}/?step=register", "/conference/meetings/{notified}/code/",
        "/conference/studies/{study}/", "/conference/rules/",
    ],
    "convener": ["/conference/", "/conference/topics/{waiting}/?step=approve"],
    "auditor": ["/journal/", "/jobs/", "/issued/readings/"],
    "secadmin": ["/organisation/accounts/"],
    "enterprise": [
        "/portal/", "/portal/new/", "/portal/appeals/", "/appeals/{own}/", "/notices/", "/enterprises/mine/",
    ],
}  # fmt: skip


def numbers():
    """Return the numbers of appeals that have what the pages need."""
    wanted = {
        "submitted": {"state": "submitted"},
        "accepted": {"state": "accepted"},
        "closed": {"state": "closed"},
        "sealed": {"sealed_at__isnull": False},
        "jjfzj": {"lead_unit__code": "jjfzj"},
        "rlzyb": {"lead_unit__code": "rlzyb"},
        "own": {"enterprise__memberships__user__username": "enterprise"},
    }
    found = {
        name: Appeal.objects.filter(**having).earliest("pk").number
        for name, having in wanted.items()
    }
    return found | {
        "handover": DeskHandover.objects.earliest("pk").pk,
        "topic": Topic.objects.get(state="consulting").number,
        "waiting": Topic.objects.get(state="consulted").number,
        "meeting": Meeting.objects.get(state="issued").number,
        "notified": Meeting.objects.get(state="notified").number,
        "study": FieldStudy.objects.get().number,
        "paper": Draft.objects.filter(state="issued").earliest("pk").pk,
        "document": IssuedDocument.objects.filter(kind="notice").earliest("pk").pk,
    }


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_axe_finds_nothing(window, width):
    known, found = numbers(), {}
    for username, paths in PAGES.items():
        person = window(username, width)
        for path in paths:
            answer = person.page.goto(path.format(**known))
            assert answer is not None
            assert (path, answer.status) == (path, 200)
            broken = Axe().run(person.page).response["violations"]
            if broken:
                found[(username, path)] = [
                    (rule["id"], [node["target"] for node in rule["nodes"]][:3]) for rule in broken
                ]
            across = person.page.evaluate("document.documentElement.scrollWidth > innerWidth")
            assert (path, across) == (path, False)

    assert found == {}
