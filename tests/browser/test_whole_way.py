"""A newcomer's proof: every role takes its part of one appeal in its own window, on desk and phone."""

import re

import pytest

from lianqi.appeals.models import Appeal
from lianqi.kernel.journal import verify_journal

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_one_appeal_goes_all_the_way_through_the_pages(window, width):
    firm = window("enterprise", "phone" if width == "phone" else "desktop")
    office = window("appeals_office", width)
    liaison, leader = window("jjfzj_liaison", width), window("jjfzj_leader", width)
    aide = window("gtghj_liaison", width)

    firm.page.goto("/portal/new/")
    firm.fill_in(
        kind="help", title="车间屋顶光伏并网手续", content="并网申请提交两个月没有回音，请协调。"
    )
    firm.fill_in(contact_name="王某", contact_phone="13800138000")
    firm.page.locator("main form[method=post] button[type=submit]").first.click()
    firm.page.wait_for_url(re.compile("/portal/filed/"))
    number = re.search(r"SQ\d{4}-\d+", firm.page.url).group()
    steps = f"/appeals/{number}/steps"

    office.take(f"{steps}/accept/")
    office.take(f"{steps}/dispatch/", lead_unit="jjfzj", co_units=["gtghj", "gxtz"])
    liaison.take(f"{steps}/sign/")
    liaison.take(f"{steps}/record_contact/", note="已与企业负责人通话。")
    aide.take(f"{steps}/submit_opinion/", content="屋顶荷载已复核，无意见。")
    liaison.take(f"{steps}/report_stage/", content="供电公司已安排现场勘察。")
    liaison.take(f"{steps}/request_extension/", days="2", reason="等待勘察报告")
    office.take(f"{steps}/decide_extension/", approve="true")
    liaison.take(f"{steps}/request_closing/", outcome="solved", reply="并网手续已办结。")
    leader.take(f"{steps}/sign_closing/")
    office.take(f"{steps}/approve_closing/")
    rating = f"/portal/appeals/{number}/steps/rate/"
    firm.take(rating, level="2", comment="还没有并上网")
    office.take(f"{steps}/redo/", note="核实属实，请重办。")
    leader.take(f"{steps}/record_contact/", note="带队到现场。")
    liaison.take(f"{steps}/request_closing/", outcome="solved", reply="已并网发电。")
    leader.take(f"{steps}/sign_closing/")
    office.take(f"{steps}/approve_closing/")
    firm.take(rating, level="5")
    office.take(f"{steps}/close/", note="企业满意。")

    appeal = Appeal.objects.get(number=number)
    assert (appeal.state, appeal.round) == ("closed", 2)
    assert verify_journal().broken == ""


def test_the_keyboard_alone_files_and_accepts_an_appeal(window):
    firm, office = window("enterprise", "phone"), window("appeals_office")

    firm.page.goto("/portal/new/")
    firm.page.locator("[name=kind]").first.focus()
    firm.page.keyboard.press("Space")
    _tab_to(firm.page, "title")
    firm.page.keyboard.type("门前道路积水")
    _tab_to(firm.page, "content")
    firm.page.keyboard.type("每逢下雨厂门口积水，货车进不来。")
    _tab_to(firm.page, "contact_name")
    firm.page.keyboard.press("Control+A")
    firm.page.keyboard.type("王某")
    _tab_to(firm.page, "contact_phone")
    firm.page.keyboard.press("Control+A")
    firm.page.keyboard.type("13800138000")
    firm.page.keyboard.press("Enter")
    firm.page.wait_for_url(re.compile("/portal/filed/"))
    number = re.search(r"SQ\d{4}-\d+", firm.page.url).group()

    office.page.goto(f"/appeals/{number}/")
    button = office.page.locator("a", has_text=re.compile("^受理$")).first
    _tab_until(office.page, button)
    office.page.keyboard.press("Enter")
    office.page.wait_for_selector("[name=note]")
    _tab_to(office.page, "note")
    _tab_until(office.page, office.page.locator("main form[method=post] button[type=submit]").first)
    office.page.keyboard.press("Enter")
    office.page.wait_for_load_state("networkidle")

    assert Appeal.objects.get(number=number).state == "accepted"


def _tab_to(page, name):
    for _ in range(80):
        if page.evaluate("document.activeElement.getAttribute('name')") == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {name}")


def _tab_until(page, target):
    handle = target.element_handle()
    for _ in range(150):
        if page.evaluate("e => e === document.activeElement", handle):
            return
        page.keyboard.press("Tab")
    raise AssertionError("the keyboard does not reach the button")
