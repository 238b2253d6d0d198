"""Lists that people shape: own views as tabs, own columns; nobody sees another's."""

import pytest
from django.http import QueryDict

from lianqi.appeals.queries.columns import APPEAL_LIST
from lianqi.kernel.actions import choose_columns, open_with_view, rename_view, save_view
from lianqi.kernel.actions.lists import MOST_VIEWS
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.lists import lasting
from lianqi.kernel.models import SavedView
from lianqi.kernel.queries.lists import own_list
from tests.factories import file_appeal, office_clerk

pytestmark = pytest.mark.django_db
SAVE, COLUMNS = "/lists/appeals/views/", "/lists/appeals/columns/"


@pytest.fixture
def clerk(client):
    """Return a clerk who is signed in."""
    user = office_clerk()
    client.force_login(user)
    return user


def view_of(user, name="停电", query="q=停电", **more):
    return SavedView.objects.create(user=user, list_key="appeals", name=name, query=query, **more)


def tabs(page):
    return [(tab["label"], tab["active"]) for tab in page.context["views"]][6:]


def test_filters_are_saved_as_a_tab_and_found_again(clerk, client):
    answer = client.post(SAVE, {"name": "停电", "query": "q=停电&state=open&cursor=abc"})
    page = client.get(answer["Location"])

    [view] = SavedView.objects.all()
    assert (view.user, view.query) == (clerk, "q=%E5%81%9C%E7%94%B5&state=open")
    assert (answer.status_code, tabs(page)) == (302, [("停电", True)])
    assert page.context["form"].cleaned_data["q"] == "停电"


@pytest.mark.parametrize(
    ("name", "query", "said"),
    [
        ("", "q=停电", "请填写这一项。"),
        ("长" * 21, "q=停电", "最多20个字"),
        ("空", "cursor=abc", "还没有筛选条件"),
        ("长", "q=" + "停" * 400, "筛选条件太长"),
        ("停电", "q=别的", "同名"),
    ],
)
def test_a_view_that_cannot_be_saved_says_why(clerk, client, name, query, said):
    view_of(clerk)

    answer = client.post(SAVE, {"name": name, "query": query})

    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert SavedView.objects.count() == 1


def test_views_do_not_pile_up(clerk):
    for number in range(MOST_VIEWS):
        view_of(clerk, name=f"视图{number}")

    with pytest.raises(RuleBroken) as refusal:
        save_view(APPEAL_LIST, actor=clerk, name="再一个", query="q=1")

    assert refusal.value.message == "最多保存20个视图，请先删去不用的。"


def test_a_view_is_renamed_and_dropped(clerk, client):
    view = view_of(clerk)

    renamed = client.post(f"/views/{view.pk}/rename/", {"name": "停水"})
    view.refresh_from_db()
    dropped = client.post(f"/views/{view.pk}/drop/")

    assert (view.name, renamed.status_code, dropped.status_code) == ("停水", 302, 302)
    assert SavedView.objects.count() == 0


def test_the_list_opens_with_the_chosen_view_until_it_no_longer_is(clerk, client):
    one, other = view_of(clerk), view_of(clerk, name="停水", query="q=water")
    client.post(f"/views/{one.pk}/first/", {"first": "1"})
    client.post(f"/views/{other.pk}/first/", {"first": "1"})
    opened = client.get("/appeals/")
    client.post(f"/views/{other.pk}/first/", {"first": "0"})

    assert opened["Location"] == f"/appeals/?q=water&saved={other.pk}"
    assert client.get("/appeals/").status_code == 200


def test_clearing_the_filters_does_not_lead_back_into_the_chosen_view(clerk, client):
    view_of(clerk, is_default=True)

    assert client.get("/appeals/?view=open").status_code == 200


@pytest.mark.parametrize("act", ["rename", "drop", "first"])
def test_the_views_of_others_do_not_exist(clerk, client, act):
    view = view_of(office_clerk())

    answer = client.post(f"/views/{view.pk}/{act}/", {"name": "我的", "first": "1"})

    view.refresh_from_db()
    assert (answer.status_code, view.name, view.is_default) == (404, "停电", False)
    assert tabs(client.get("/appeals/")) == []


@pytest.mark.parametrize("act", [rename_view, open_with_view])
def test_no_door_changes_the_view_of_another(clerk, act):
    view = view_of(office_clerk())

    with pytest.raises(RuleBroken):
        act(view, actor=clerk, **({"name": "我的"} if act is rename_view else {"first": True}))


def test_chosen_columns_are_those_of_the_page_and_of_the_export(clerk, client):
    file_appeal(title="停电")

    client.post(COLUMNS, {"columns": ["outcome", "title", "number", "round", "bosh"], "query": ""})
    page = client.get("/appeals/").content.decode()
    own = own_list(APPEAL_LIST, clerk, QueryDict())

    assert own.columns == ["number", "title", "outcome", "round"]
    assert ('data-label="办理轮次">1<' in page, 'data-label="企业"' in page) == (True, False)


def test_no_column_chosen_shows_the_list_as_at_first(clerk, client):
    choose_columns(APPEAL_LIST, actor=clerk, columns=["round"])
    choose_columns(APPEAL_LIST, actor=clerk, columns=[])

    assert own_list(APPEAL_LIST, clerk, QueryDict()).columns == list(APPEAL_LIST.shown_first)
    assert SavedView.objects.count() == 1


@pytest.mark.parametrize("path", [SAVE, COLUMNS])
def test_a_list_that_does_not_exist_is_a_404(clerk, client, path):
    assert client.post(path.replace("appeals", "nothing"), {"name": "x"}).status_code == 404


@pytest.mark.parametrize("path", [SAVE, COLUMNS, "/views/1/drop/"])
def test_visitors_are_sent_to_sign_in(client, path):
    assert client.post(path)["Location"].startswith("/accounts/login/")


def test_what_belongs_to_one_page_is_no_part_of_a_view():
    assert lasting("q=a&q=&cursor=x&saved=3&csrfmiddlewaretoken=t&urgent=on") == "q=a&urgent=on"
