"""The entrepreneur's phone: keys alone, drafts that stay, links without a password."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from lianqi.appeals.enums import AppealState
from lianqi.appeals.links import progress_link, rating_link
from lianqi.appeals.models import Appeal

pytestmark = pytest.mark.browser


def tab_until(page, reached):
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate(reached):
            return
    raise AssertionError(f"Tab does not reach: {reached}")


def tab_to(page, name):
    tab_until(page, f"document.activeElement.getAttribute('name') === '{name}'")


def type_in(page, name, text):
    tab_to(page, name)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def test_tab_space_and_enter_file_an_appeal_from_the_front_page(window):
    page = window("enterprise", "phone").page
    page.goto("/portal/")
    tab_until(page, "document.activeElement.matches('a[href=\"/portal/new/\"]')")
    page.keyboard.press("Enter")
    page.wait_for_url("**/portal/new/")

    tab_to(page, "kind")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    type_in(page, "title", "厂门口路灯不亮")
    type_in(page, "content", "厂门口路灯坏了两周，夜班员工出入不安全。")
    type_in(page, "contact_name", "王某")
    type_in(page, "contact_phone", "13800138000")
    tab_to(page, "urgent")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/portal/filed/"))

    appeal = Appeal.objects.order_by("-pk").first()
    assert (appeal.title, appeal.kind) == ("厂门口路灯不亮", "help")
    assert page.locator("main").inner_text().count(appeal.number) == 1


def test_what_was_typed_is_still_there_after_the_phone_rang(window):
    page = window("enterprise", "phone").page
    page.goto("/portal/new/")
    page.get_by_label("投诉").check()
    page.get_by_label("具体情况").fill("写到一半，来了电话。")
    page.wait_for_timeout(600)

    page.once("dialog", lambda dialog: dialog.accept())
    page.goto("/portal/")
    page.goto("/portal/new/")

    assert page.get_by_label("具体情况").input_value() == "写到一半，来了电话。"
    assert page.get_by_label("投诉").is_checked()


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_a_link_rates_without_signing_in_and_its_pages_are_sound(window, width):
    person = window("", width)
    appeal = Appeal.objects.filter(state=AppealState.ANSWERED).first()
    rate, follow = rating_link(appeal), progress_link(appeal)
    found = {}

    def look(name):
        broken = Axe().run(person.page).response["violations"]
        across = person.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        found[name] = ([rule["id"] for rule in broken], across)

    person.page.goto(follow)
    look("follow")
    person.page.goto(rate)
    look("rate")
    person.page.get_by_text("非常满意", exact=True).click()
    person.page.get_by_text("办得快").click()
    person.page.get_by_role("button", name="提交评价").click()
    person.page.get_by_role("heading", name="已经评价过，谢谢").wait_for()
    look("rated")
    person.page.goto("/portal/r/abc/")
    look("dead")

    appeal.refresh_from_db()
    assert found == dict.fromkeys(["follow", "rate", "rated", "dead"], ([], False))
    assert (appeal.state, appeal.ratings.get().level, appeal.ratings.get().reasons) == (
        AppealState.RATED,
        5,
        ["办得快"],
    )
