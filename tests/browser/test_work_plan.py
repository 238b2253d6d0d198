"""The office's morning with a new plan: upload, put one doubt right, one click, and the units see it."""

import re
from pathlib import Path

import pytest

from lianqi.ledger.models import Item, WorkPlan

pytestmark = pytest.mark.browser
ANNEXES = Path(__file__).parents[1] / "data" / "annex_tasks.txt"


def test_the_annexes_are_uploaded_corrected_docketed_and_seen_by_a_unit(window):
    office = window("conference_office")
    page = office.page

    page.goto("/ledger/plans/new/")
    page.set_input_files("input[name=file]", ANNEXES)
    office.fill_in(title="专班工作方案", basis="管办〔2020〕21号", issued_on="2020-08-21")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/ledger/plans/\d+/$"))
    plan = WorkPlan.objects.get(title="专班工作方案")
    task = plan.tasks.get(title="研究评价体系")
    doubts = page.locator(f"#task-{task.pk} .note-warning").all_inner_texts()

    page.locator(f"#task-{task.pk} a[href*='/tasks/']").click()
    page.fill(f"#task-{task.pk} input[name=deadline_text]", "2020年10月底前")
    page.locator(f"#task-{task.pk} form button[type=submit]").click()
    page.wait_for_selector(f"#task-{task.pk} a[href*='/tasks/']")
    left = page.locator(f"#task-{task.pk} .note-warning").count()
    counts = page.locator("#plan-counts").inner_text()

    page.locator("[data-step=docket_plan]").click()
    page.locator("#step-panel form button[type=submit]").click()
    page.wait_for_selector("[data-step=docket_plan]", state="detached")

    assert doubts == ["存疑：“2021-2022年视情修订完善”没有固定日期，建议每年复核一次。"]
    assert (left, "其中存疑 2 项" in counts) == (0, True)
    assert Item.objects.filter(plan_tasks__plan=plan).count() == 29

    tax = window("swj_liaison", "phone")
    tax.page.goto("/ledger/?view=all&q=管办")
    seen = tax.page.locator("#rows .cell-main").all_inner_texts()
    assert sorted(title.split()[0] for title in seen) == ["加大小微企业帮扶力度", "开展政策宣讲"]


def test_a_task_is_corrected_without_script(window):
    office = window("conference_office")
    page = office.context.browser.new_context(
        java_script_enabled=False,
        base_url=office.base,
        storage_state=office.context.storage_state(),
    ).new_page()
    page.goto("/ledger/plans/new/")
    page.set_input_files("input[name=file]", ANNEXES)
    page.fill("input[name=title]", "没有脚本")
    page.locator("main form button[type=submit]").first.click()
    task = WorkPlan.objects.get(title="没有脚本").tasks.get(title="研究评价体系")

    page.locator(f"#task-{task.pk} a[href*='/tasks/']").click()
    page.fill("input[name=dates]", "2020-10-30")
    page.locator("main form button[type=submit]").first.click()

    task.refresh_from_db()
    assert (task.dates, page.url.endswith(f"#task-{task.pk}")) == (["2020-10-30"], True)
    page.context.close()
