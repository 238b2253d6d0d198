"""Signing in: the same answer for all failures, the lock-out, the journal, the addresses."""

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import check_password
from django.core.cache import cache
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse

from lianqi.kernel.models import JournalEntry, OutboxMessage
from lianqi.organisation.models import User
from lianqi.organisation.sign_in.views import SignInForm
from tests.factories import UserFactory, entrepreneur, office_clerk
from tests.organisation.people import verbs

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
CHANGE = "/accounts/password/change/"
PASSWORD = "Lianqi-2026"


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


def sign_in(client, username="clerk", password=PASSWORD, **more):
    return client.post(LOGIN, {"login": username, "password": password, **more})


def told(answer):
    return (answer.status_code, answer.context["form"].errors.get("__all__"))


def signed_in(client):
    return "_auth_user_id" in client.session


def test_signing_in_leads_on_and_leaves_a_line(client):
    user = office_clerk(username="clerk")

    answer = sign_in(client, next="/organisation/roster/")

    assert (answer.status_code, answer.url) == (302, "/organisation/roster/")
    assert verbs(user) == ["user.sign_in"]


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:1"])
def test_nobody_is_led_off_to_another_site(client, target):
    office_clerk(username="clerk")

    assert sign_in(client, next=target).url == "/"


def test_unknown_name_wrong_password_and_suspended_account_get_the_same_answer(client):
    office_clerk(username="clerk")
    UserFactory(username="gone", is_active=False)
    said = "用户名或密码不正确。请核对大小写后再试；10分钟内输错5次将暂停登录。"

    answers = [
        sign_in(client, "nobody"),
        sign_in(client, "clerk", "wrong"),
        sign_in(client, "gone", PASSWORD),
        sign_in(client, "gone", "wrong"),
    ]

    assert [told(answer) for answer in answers] == [(422, [said])] * 4


@pytest.mark.parametrize("username", ["clerk", "nobody"])
def test_five_failures_bar_even_the_right_password(client, username):
    user = office_clerk(username="clerk")
    for _ in range(5):
        sign_in(client, username, "wrong")

    answer = sign_in(client, username, PASSWORD)

    said = (
        "输错次数过多，已暂停登录。请等10分钟再试；"
        "忘记密码，企业请联系专班办公室，工作人员请联系安全管理员。"
    )
    assert (told(answer), signed_in(client)) == ((422, [said]), False)
    lines = ["user.sign_in_failed"] * 5 + ["user.sign_in_locked"]
    assert verbs(user) == (lines if username == "clerk" else [])


def test_a_lock_out_is_noted_once_and_cannot_be_dodged_by_host_or_case(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    user = office_clerk(username="clerk")
    for number in range(8):
        client.post(
            LOGIN,
            {"login": "CLERK" if number % 2 else "clerk", "password": "wrong"},
            headers={"host": f"host{number}.example"},
        )

    assert verbs(user) == ["user.sign_in_failed"] * 5 + ["user.sign_in_locked"]


def test_one_account_s_lock_out_leaves_the_others_alone(client):
    office_clerk(username="clerk")
    office_clerk(username="colleague")
    for _ in range(6):
        sign_in(client, "clerk", "wrong")

    assert sign_in(client, "colleague").status_code == 302


def test_the_wrong_name_is_not_kept_for_it_may_be_a_password(client):
    sign_in(client, "My-Secret-1", "x")

    assert JournalEntry.objects.count() == 0


def test_the_session_key_changes_at_sign_in(client):
    office_clerk(username="clerk")
    client.get(LOGIN)
    session = client.session
    session["planted"] = "yes"
    session.save()
    before = session.session_key

    sign_in(client)

    assert client.session.session_key != before
    assert not client.session.exists(before)


def test_signing_out_ends_the_session_on_the_server(client):
    user = office_clerk(username="clerk")
    sign_in(client)
    key = client.session.session_key
    asked = client.get("/accounts/logout/")

    client.post("/accounts/logout/")

    assert (asked.status_code, client.session.exists(key)) == (200, False)
    assert verbs(user) == ["user.sign_in", "user.sign_out"]


@pytest.mark.parametrize(
    "name",
    [
        "account_signup",
        "account_email",
        "account_set_password",
        "account_confirm_login_code",
        "account_reset_password_from_key_done",
        "socialaccount_connections",
    ],
)
def test_addresses_that_this_system_does_not_want_do_not_exist(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize("page", ["signup", "email", "social/signup", "3rdparty", "password/set"])
def test_guessed_addresses_are_not_found(client, page):
    assert client.get(f"/accounts/{page}/").status_code == 404


def test_a_forgotten_password_leads_to_the_security_administrator(client):
    page = client.get("/accounts/password/reset/")

    assert (page.status_code, client.post("/accounts/password/reset/").status_code) == (200, 405)


def test_the_sign_in_page_of_a_real_district_shows_no_accounts(client):
    assert "演示账号" not in client.get(LOGIN).content.decode()


def test_demo_accounts_sign_in_with_one_click(rf):
    account = {"username": "clerk", "password": PASSWORD, "label": "诉求受理办公室"}
    form = SignInForm()

    page = render_to_string(
        "account/login.html", {"demo_accounts": [account], "form": form}, request=rf.get(LOGIN)
    )

    assert page.count('<input type="hidden" name="login" value="clerk">') == 1
    assert page.count(f'<input type="hidden" name="password" value="{PASSWORD}">') == 1


# --- password


def new_password(client, password, again=None, old=PASSWORD):
    return client.post(
        CHANGE,
        {"oldpassword": old, "password1": password, "password2": again or password},
    )


def test_changing_the_password_ends_other_sessions_and_warns_by_mail(client):
    user = office_clerk(username="clerk", email="clerk@example.org")
    sign_in(client)
    before = client.session.session_key

    answer = new_password(client, "Qiang-Mima-77")

    user.refresh_from_db()
    assert (answer.status_code, answer.url) == (302, "/")
    assert check_password("Qiang-Mima-77", user.password)
    assert client.session.session_key != before
    assert verbs(user) == ["user.sign_in", "user.change_password"]
    [mail] = OutboxMessage.objects.filter(channel="email")
    assert (mail.recipient, mail.title) == ("clerk@example.org", "您的联企账号修改了密码")


@pytest.mark.parametrize(
    "password",
    [
        "Short-1",
        "onlylowercase",
        "1234567890",
        "alllower12345",
        "Password123!",
        "Gaoxin-2026",
        "Lianqi2026!!",
        PASSWORD,
        "clerk-Clerk-1",
        "x" * 126 + "A1-",
    ],
)
def test_weak_passwords_are_refused(client, password):
    office_clerk(username="clerk-clerk")
    sign_in(client, "clerk-clerk")

    answer = new_password(client, password)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["password1"])


@pytest.mark.parametrize(
    "password", ["Qiang-Mima-77", "三个字Abc12345", "correct horse Battery", "x" * 125 + "A1-"]
)
def test_strong_passwords_are_taken(client, password):
    office_clerk(username="clerk")
    sign_in(client)

    assert new_password(client, password).status_code == 302


def test_the_present_password_is_asked_for(client):
    office_clerk(username="clerk")
    sign_in(client)

    answer = new_password(client, "Qiang-Mima-77", old="wrong")

    assert answer.context["form"].errors["oldpassword"] == ["当前密码不正确，请重新输入。"]


# --- sessions


def test_a_person_sees_and_ends_the_other_sessions(client):
    entrepreneur(username="clerk")
    elsewhere = type(client)()
    sign_in(elsewhere)
    sign_in(client)
    page = client.get("/accounts/sessions/")

    answer = client.post("/accounts/sessions/")

    assert (page.context["session_count"], answer.status_code) == (2, 302)
    assert UserSession.objects.count() == 1
    assert elsewhere.get("/organisation/me/").status_code == 302
    assert client.get("/organisation/me/").status_code == 200
    assert User.objects.count() == 1
