"""A hasty finger: two clicks on the button are one appeal."""

import pytest

from lianqi.appeals.models import Appeal

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_a_double_click_files_one_appeal_and_shows_its_number(window, width):
    before = Appeal.objects.count()
    firm = window("enterprise", width)
    firm.page.goto("/portal/new/")
    firm.fill_in(
        kind="help",
        title="夜间停电影响生产",
        content="最近两周夜间停电三次，生产线停工，请协调供电保障。",
        contact_name="王某",
        contact_phone="13800138000",
    )

    firm.page.locator("main form[method=post] button[type=submit]").last.dblclick()
    firm.page.wait_for_url("**/portal/filed/**")

    number = Appeal.objects.order_by("pk").last().number
    assert Appeal.objects.count() == before + 1
    assert firm.page.url.rstrip("/").endswith(number)
