"""The office's busy hour: calls taken down by keyboard, ten appeals cleared at once, promises ticked."""

import re

import pytest

from lianqi.appeals.models import Appeal
from lianqi.enterprises.models import Enterprise
from lianqi.kernel.clock import today
from lianqi.kernel.models import JournalEntry
from tests.factories import file_appeal

pytestmark = pytest.mark.browser


class Hands:
    """Counts what the clerk's hands do."""

    def __init__(self, page):
        self.page, self.acts = page, 0

    def click(self, selector):
        self.page.locator(selector).first.click()
        self.acts += 1

    def choose(self, selector, value):
        self.page.locator(selector).first.select_option(value)
        self.acts += 1


def test_a_clerk_clears_ten_appeals_with_a_handful_of_clicks(window):
    firm = Enterprise.objects.filter(memberships__isnull=False, state="verified").first()
    member = firm.memberships.select_related("user").first().user
    fresh = [file_appeal(member, title=f"批量办理的第{n}件").number for n in range(10)]
    office = window("appeals_office")
    hands = Hands(office.page)

    office.page.goto("/appeals/?q=批量办理的")
    hands.click("#tick-all")
    hands.click("#bulk button[value=accept]")
    hands.click(".form-end button")
    hands.click("main form[method=post] button")  # 接着派单这 10 件
    hands.choose("select[name=lead_unit]", "jjfzj")
    hands.click(".form-end button")
    office.page.wait_for_selector("[role=status]")

    assert "10 件已派单。" in office.page.locator("[role=status]").first.inner_text()
    assert set(Appeal.objects.filter(number__in=fresh).values_list("state", "lead_unit__code")) == {
        ("dispatched", "jjfzj")
    }
    assert hands.acts == 6


def test_the_bulk_bar_works_without_script(window):
    firm = Enterprise.objects.filter(memberships__isnull=False, state="verified").first()
    number = file_appeal(firm.memberships.first().user, title="没有脚本也能办").number
    office = window("appeals_office")
    plain = office.context.browser.new_context(
        java_script_enabled=False,
        base_url=office.base,
        storage_state=office.context.storage_state(),
    ).new_page()

    plain.goto("/appeals/?q=没有脚本")
    assert plain.locator("#tick-all").is_visible() is False
    plain.locator(f"input[value='{number}']").check()
    plain.locator("#bulk button[value=accept]").click()
    plain.locator(".form-end button").first.click()

    assert Appeal.objects.get(number=number).state == "accepted"
    plain.context.close()


def test_a_call_is_taken_down_with_the_keyboard_alone(window):
    office = window("appeals_office")
    page, keys = office.page, office.page.keyboard
    page.goto("/appeals/intake/")

    page.wait_for_function("document.activeElement.name === 'caller'")
    keys.type("新乡示例软件开发有限公司")
    page.wait_for_selector("#firms input[name=enterprise]:checked")
    for _ in range(20):
        keys.press("Tab")
        if page.evaluate("document.activeElement.name") == "content":
            break
    keys.type("办公楼门前道路积水。雨后车辆进不来，请协调排水。")
    keys.press("Control+Enter")
    page.wait_for_selector("text=已登记 SQ")

    appeal = Appeal.objects.order_by("-pk").first()
    assert (appeal.title, appeal.channel) == ("办公楼门前道路积水", "phone")
    assert page.locator(f"a[href='{appeal.get_absolute_url()}']").count() == 1
    page.wait_for_function("document.activeElement.name === 'caller'")


def test_a_promise_is_offered_while_the_answer_is_written_and_entered_as_ticked(window):
    appeal = Appeal.objects.filter(state="handling", lead_unit__code="jjfzj").first()
    liaison = window("jjfzj_liaison", "phone")
    page = liaison.page
    page.goto(f"/appeals/{appeal.number}/steps/report_stage/")

    year = today().year + 1  # the demonstration's calendar knows the coming year
    words = f"设备已到货，预计{year}年一季度投用。"
    page.fill("#id_content", words)
    page.press("#id_content", "Tab")
    page.wait_for_selector(".promise-row")
    page.locator(".form-end button").first.click()
    page.wait_for_url(re.compile(f"/appeals/{appeal.number}/$"))

    assert list(appeal.promises.values_list("text", "on__year", "on__month")) == [(words, year, 3)]
    assert JournalEntry.objects.about(appeal).filter(verb="appeal.report_stage").count() == 1
