import pytest

from tests.factories import office_clerk

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.kernel.refusing_urls")]


@pytest.mark.parametrize(
    ("how", "status", "said"),
    [
        ("rule", 422, "请先指定主办单位。"),
        ("stale", 409, "别人刚刚处理过这件事，请刷新页面看最新情况后再操作。"),
        ("person", 403, "您的岗位不能派单。"),
        ("data", 400, "浏览器发来的内容不完整或被改动过，系统没有办理，也没有改动任何数据。"),
        ("cut", 400, "浏览器发来的内容不完整或被改动过，系统没有办理，也没有改动任何数据。"),
    ],
)
def test_a_refusal_that_no_view_caught_becomes_a_page_that_says_it(client, how, status, said):
    client.force_login(office_clerk())

    page = client.get(f"/refuse/{how}/")

    assert (page.status_code, page.content.decode().count(said)) == (status, 1)


@pytest.mark.parametrize("how", ["rule", "data"])
def test_a_visitor_gets_the_same_pages(client, how):
    assert client.get(f"/refuse/{how}/").status_code == {"rule": 422, "data": 400}[how]


@pytest.mark.urls("lianqi.config.urls")
def test_opening_the_address_of_a_button_says_what_to_do(client):
    client.force_login(office_clerk())

    page = client.get("/notices/read/")

    assert (page.status_code, page["Allow"]) == (405, "POST")
    assert page.content.decode().count("请回到刚才的页面，再点一次那个按钮。") == 1
