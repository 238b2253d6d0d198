"""axe finds no violation on any page, on desk and phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from lianqi.kernel.clock import local, now

pytestmark = pytest.mark.browser

PAGES = {
    "": ["/accounts/login/", "/enterprises/register/"],
    "appeals_office": [
        "/desk/", "/duties/", "/notices/", "/appeals/", "/appeals/new/", "/appeals/board/", "/enterprises/",
        "/organisation/roster/", "/settings/limits/", "/appeals/{year}-00007/",
        "/appeals/{year}-00016/steps/accept/", "/appeals/{year}-00013/steps/dispatch/",
        "/appeals/intake/", "/appeals/promises/", "/appeals/precedents/", "/appeals/{year}-00004/",
    ],
    "jjfzj_liaison": ["/desk/", "/appeals/{year}-00003/", "/organisation/units/jjfzj/"],
    "rlzyb_liaison": ["/organisation/handovers/new/", "/appeals/{year}-00011/"],
    "shzlw_leader": ["/desk/", "/organisation/handovers/", "/organisation/handovers/1/"],
    "conference_office": ["/organisation/roster-changes/", "/settings/calendar/"],
    "auditor": ["/journal/", "/jobs/"],
    "secadmin": ["/organisation/accounts/"],
    "enterprise": [
        "/portal/", "/portal/new/", "/portal/appeals/", "/appeals/{year}-00004/", "/notices/", "/enterprises/mine/",
    ],
}  # fmt: skip


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_axe_finds_nothing(window, width):
    year = f"SQ{local(now()).year}"
    found = {}
    for username, paths in PAGES.items():
        person = window(username, width)
        for path in paths:
            answer = person.page.goto(path.format(year=year))
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
