"""Session rules: idle, longest session, first password, 90 days, second factor."""

import time
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache

from lianqi.kernel.clock import now
from lianqi.organisation.actions import reset_password
from lianqi.organisation.enums import BodyCode, Post
from lianqi.organisation.sign_in.rules import needs_second_factor
from tests.factories import UnitFactory, entrepreneur, office_clerk, person
from tests.organisation.people import secadmin, verbs

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
ROSTER = "/organisation/roster/"
ACTIVATE = "/accounts/2fa/totp/activate/"
AUTHENTICATE = "/accounts/2fa/authenticate/"
PASSWORD = "Lianqi-2026"
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.fixture
def strict(settings):
    settings.LIANQI_MFA_REQUIRED = True


def sign_in(client, username="clerk", password=PASSWORD):
    return client.post(LOGIN, {"login": username, "password": password})


def code(secret=SECRET):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def told(answer):
    return [str(message) for message in answer.context["messages"]]


# --- time


def test_half_an_hour_without_work_signs_out_and_leads_back(client):
    user = office_clerk(username="clerk")
    with time_machine.travel("2026-11-23 09:00+08:00", tick=False) as clock:
        sign_in(client)
        clock.shift(timedelta(minutes=29))
        assert client.get(ROSTER).status_code == 200
        clock.shift(timedelta(minutes=29))
        assert client.get(ROSTER).status_code == 200
        clock.shift(timedelta(minutes=31))
        answer = client.get(f"{ROSTER}?q=a")
        page = client.get(answer.url)

    assert (answer.status_code, answer.url) == (
        302,
        "/accounts/login/?next=%2Forganisation%2Froster%2F%3Fq%3Da",
    )
    assert told(page) == ["登录已超时，请重新登录；没有提交的内容可能需要重填。"]
    assert verbs(user) == ["user.sign_in", "user.sign_out"]


def test_twelve_hours_are_the_longest_session(client):
    office_clerk(username="clerk")
    with time_machine.travel("2026-11-23 08:00+08:00", tick=False) as clock:
        sign_in(client)
        for _ in range(36):
            clock.shift(timedelta(minutes=20))
            assert client.get(ROSTER).status_code == 200
        clock.shift(timedelta(minutes=1))

        assert client.get(ROSTER).status_code == 302


def test_htmx_is_sent_to_the_sign_in_page_as_a_whole(client):
    office_clerk(username="clerk")
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{ROSTER}"}
    with time_machine.travel("2026-11-23 09:00+08:00", tick=False) as clock:
        sign_in(client)
        clock.shift(timedelta(minutes=31))
        answer = client.get(ROSTER, headers=headers)

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (
        200,
        "/accounts/login/?next=%2Forganisation%2Froster%2F",
    )


def test_a_late_post_does_nothing_and_does_not_come_back_to_the_post(client):
    office_clerk(username="clerk")
    with time_machine.travel("2026-11-23 09:00+08:00", tick=False) as clock:
        sign_in(client)
        clock.shift(timedelta(minutes=31))
        answer = client.post("/organisation/roster/import/confirm/")

    assert answer.url == LOGIN


def test_the_idle_time_is_a_setting(client, settings):
    settings.LIANQI_IDLE_SECONDS = 60
    office_clerk(username="clerk")
    with time_machine.travel("2026-11-23 09:00+08:00", tick=False) as clock:
        sign_in(client)
        clock.shift(timedelta(seconds=61))

        assert client.get(ROSTER).status_code == 302


# --- password


def test_a_one_time_password_is_changed_before_anything_else(client):
    user = office_clerk(username="clerk")
    password = reset_password(user, actor=secadmin())
    sign_in(client, password=password)

    led = client.get(ROSTER)
    changed = client.post(
        led.url,
        {"oldpassword": password, "password1": "Qiang-Mima-77", "password2": "Qiang-Mima-77"},
    )

    user.refresh_from_db()
    assert (led.url, changed.status_code) == ("/accounts/password/change/", 302)
    assert (user.must_change_password, client.get(ROSTER).status_code) == (False, 200)


@pytest.mark.parametrize(("days", "led"), [(89, 200), (91, 302)])
def test_an_official_s_password_is_renewed_after_ninety_days(client, days, led):
    client.force_login(office_clerk(password_set_at=now() - timedelta(days=days)))

    assert client.get(ROSTER).status_code == led


def test_a_firm_s_password_does_not_age(client):
    client.force_login(entrepreneur(password_set_at=now() - timedelta(days=400)))

    assert client.get("/organisation/me/").status_code == 200


def test_who_must_change_the_password_can_still_sign_out(client):
    client.force_login(office_clerk(must_change_password=True))

    assert client.post("/accounts/logout/").status_code == 302
    assert "_auth_user_id" not in client.session


# --- second factor


@pytest.mark.parametrize(
    ("holder", "needed"),
    [
        (office_clerk, True),
        (secadmin, True),
        (lambda: person(Post.SYSADMIN), True),
        (lambda: person(Post.AUDITOR), True),
        (lambda: person(Post.CONVENER, body=BodyCode.JC), True),
        (lambda: person(Post.DISCIPLINE, unit=UnitFactory()), True),
        (lambda: person(Post.LIAISON, unit=UnitFactory()), False),
        (entrepreneur, False),
    ],
)
def test_offices_and_administrators_need_a_second_factor(strict, holder, needed):
    assert needs_second_factor(holder()) is needed


def test_the_demonstration_asks_for_none():
    assert needs_second_factor(secadmin()) is False


@pytest.mark.django_db(transaction=True)
def test_a_clerk_binds_an_authenticator_before_anything_else(strict, client):
    user = office_clerk(username="clerk")
    sign_in(client)
    led = client.get(ROSTER)
    asked = client.get(ACTIVATE)
    again = client.post(asked.url, {"password": PASSWORD})
    page = client.get(again.url)
    before = client.session.session_key

    secret = page.context["form"].secret
    bound = client.post(ACTIVATE, {"code": code(secret)})

    assert (led.url, asked.url) == (
        ACTIVATE,
        "/accounts/reauthenticate/?next=%2Faccounts%2F2fa%2Ftotp%2Factivate%2F",
    )
    assert page.context["totp_svg_data_uri"][:26] == "data:image/svg+xml;base64,"
    assert bound.url == "/accounts/2fa/recovery-codes/"
    assert len(client.get(bound.url).context["unused_codes"]) == 10
    assert client.session.session_key != before
    assert client.get(ROSTER).status_code == 200
    assert verbs(user) == ["user.sign_in", "user.add_second_factor"]
    assert secret not in str(Authenticator.objects.get(type="totp").data)


@pytest.mark.parametrize("page", ["/accounts/logout/", "/accounts/2fa/", "/healthz"])
def test_what_stays_open_without_a_second_factor(strict, client, page):
    client.force_login(office_clerk())

    assert client.get(page).status_code == 200


def test_every_other_page_leads_to_the_binding(strict, client):
    client.force_login(office_clerk())

    for page in ("/", "/desk/", ROSTER, "/organisation/me/", "/accounts/sessions/"):
        assert client.get(page).url == ACTIVATE
    assert client.post("/organisation/appointments/new/").url == ACTIVATE


def test_the_password_alone_does_not_sign_in_who_has_a_second_factor(strict, client):
    user = office_clerk(username="clerk")
    TOTP.activate(user, SECRET)

    first = sign_in(client)
    barred = client.get(ROSTER)
    wrong = client.post(AUTHENTICATE, {"code": "000000"})
    right = client.post(AUTHENTICATE, {"code": code()})

    assert (first.url, barred.url) == (AUTHENTICATE, f"/accounts/login/?next={ROSTER}")
    assert (wrong.status_code, right.status_code, client.get(ROSTER).status_code) == (422, 302, 200)
    assert verbs(user) == ["user.second_factor_failed", "user.sign_in"]


def test_a_code_works_once(client):
    TOTP.activate(office_clerk(username="clerk"), SECRET)
    other = type(client)()
    with time_machine.travel("2026-11-23 09:00+08:00", tick=False):
        for each in (client, other):
            sign_in(each)
        first = client.post(AUTHENTICATE, {"code": code()})
        second = other.post(AUTHENTICATE, {"code": code()})

    assert (first.status_code, second.status_code) == (302, 422)


def test_five_wrong_codes_bar_the_sixth(client):
    TOTP.activate(office_clerk(username="clerk"), SECRET)
    sign_in(client)
    for _ in range(5):
        client.post(AUTHENTICATE, {"code": "000000"})

    answer = client.post(AUTHENTICATE, {"code": code()})

    assert (answer.status_code, "_auth_user_id" in client.session) == (422, False)


def test_a_recovery_code_opens_once(client):
    user = office_clerk(username="clerk")
    TOTP.activate(user, SECRET)
    spare = RecoveryCodes.activate(user).get_unused_codes()[0]
    sign_in(client)

    first = client.post(AUTHENTICATE, {"code": spare})
    client.post("/accounts/logout/")
    sign_in(client)
    second = client.post(AUTHENTICATE, {"code": spare})

    assert (first.status_code, second.status_code) == (302, 422)


def test_who_needs_the_second_factor_cannot_remove_it(strict, client):
    user = office_clerk(username="clerk")
    TOTP.activate(user, SECRET)
    sign_in(client)
    client.post(AUTHENTICATE, {"code": code()})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    page = client.post("/accounts/2fa/totp/deactivate/")

    assert (page.status_code, Authenticator.objects.count()) == (200, 1)
    assert page.context["form"].non_field_errors() == [
        "您的岗位必须使用两步验证，不能停用；更换手机请联系安全管理员重置。"
    ]


def test_who_needs_none_may_remove_it_and_leaves_a_line(client):
    user = entrepreneur(username="clerk")
    TOTP.activate(user, SECRET)
    sign_in(client)
    client.post(AUTHENTICATE, {"code": code()})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    client.post("/accounts/2fa/totp/deactivate/")

    assert Authenticator.objects.count() == 0
    assert verbs(user) == ["user.sign_in", "user.remove_second_factor"]
