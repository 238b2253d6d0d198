"""Accounts: opened, rescued, closed; who may, and what it does to open doors."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.urls import reverse

from lianqi.kernel.access import SYSTEM
from lianqi.kernel.clock import now
from lianqi.kernel.errors import NotPermitted, RuleBroken, StepUnfit
from lianqi.organisation import actions
from lianqi.organisation.enums import Post
from lianqi.organisation.models import ApiToken, User
from lianqi.organisation.queries.accounts import Door, account_rows, looks_shared
from tests.factories import UnitFactory, UserFactory, entrepreneur, office_clerk, person
from tests.organisation.people import conference_clerk, secadmin, verbs

pytestmark = pytest.mark.django_db

LIST = "/organisation/accounts/"
NEW = "/organisation/accounts/new/"


def act_url(user, key):
    return reverse("organisation:account_act", args=[user.pk, key])


def test_an_account_opens_with_a_password_for_one_time():
    user, password = actions.open_account(
        actor=secadmin(), username="li.si", full_name="李四", phone="13800138000"
    )

    assert (user.check_password(password), user.must_change_password) == (True, True)
    assert (str(user.phone), verbs(user)) == ("138****8000", ["user.open"])


def test_a_username_is_taken_in_any_case_of_letters():
    UserFactory(username="li.si")

    with pytest.raises(RuleBroken) as refused:
        actions.open_account(actor=secadmin(), username="Li.Si", full_name="李四")

    assert (refused.value.field, refused.value.message) == (
        "username",
        "用户名“Li.Si”已被使用，请换一个。",
    )


@pytest.mark.parametrize(
    "call",
    [
        lambda user, actor: actions.open_account(actor=actor, username="abc", full_name="某"),
        lambda user, actor: actions.reset_password(user, actor=actor),
        lambda user, actor: actions.reset_second_factor(user, actor=actor, reason="遗失"),
        lambda user, actor: actions.suspend_account(user, actor=actor, reason="离职"),
        lambda user, actor: actions.restore_account(user, actor=actor, reason="返岗"),
        lambda user, actor: actions.end_sessions(user, actor=actor, reason="可疑"),
    ],
)
@pytest.mark.parametrize(
    "actor", [lambda: person(Post.SYSADMIN), lambda: person(Post.AUDITOR), conference_clerk]
)
def test_nobody_but_the_security_administrator_touches_accounts(call, actor):
    user = UserFactory()
    before = (User.objects.count(), user.password)

    actor = actor()
    with pytest.raises(NotPermitted):
        call(user, actor)

    user.refresh_from_db()
    assert (User.objects.count(), user.password) == (before[0] + 1, before[1])
    assert (user.is_active, verbs(user)) == (True, [])


def test_a_suspended_account_loses_session_and_tokens_at_once(client):
    user = office_clerk()
    token = actions.issue_token(user, actor=SYSTEM, label="接口")
    client.force_login(user)
    before = client.get("/organisation/roster/").status_code

    actions.suspend_account(user, actor=secadmin(), reason="离职")

    assert (before, client.get("/organisation/roster/").status_code) == (200, 302)
    assert (actions.user_of_token(token), ApiToken.objects.get().revoked_at is None) == (
        None,
        False,
    )


def test_a_restored_account_does_not_get_its_tokens_back():
    user, admin = office_clerk(), secadmin()
    token = actions.issue_token(user, actor=SYSTEM, label="接口")
    actions.suspend_account(user, actor=admin, reason="离职")

    actions.restore_account(user, actor=admin, reason="返岗")

    assert (user.is_active, actions.user_of_token(token)) == (True, None)
    assert verbs(user) == ["user.issue_token", "user.suspend", "user.restore"]


@pytest.mark.parametrize("act", ["suspend_account", "restore_account"])
def test_of_two_who_act_at_once_the_second_hears_of_it(act):
    user = UserFactory(is_active=act == "suspend_account")
    twin = User.objects.get(pk=user.pk)
    getattr(actions, act)(user, actor=secadmin(), reason="先")

    with pytest.raises(StepUnfit):
        getattr(actions, act)(twin, actor=secadmin(), reason="后")

    assert len(verbs(user)) == 1


def test_nobody_suspends_the_own_account():
    me = secadmin()

    with pytest.raises(RuleBroken):
        actions.suspend_account(me, actor=me, reason="误点")


def test_a_new_password_ends_sessions_and_tokens(client):
    user = office_clerk()
    token = actions.issue_token(user, actor=SYSTEM, label="接口")
    client.force_login(user)

    actions.reset_password(user, actor=secadmin())

    assert client.get("/organisation/roster/").status_code == 302
    assert actions.user_of_token(token) is None


def test_a_lost_second_factor_is_removed():
    user = office_clerk()
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")

    actions.reset_second_factor(user, actor=secadmin(), reason="换手机")

    assert Authenticator.objects.count() == 0
    with pytest.raises(StepUnfit):
        actions.reset_second_factor(user, actor=secadmin(), reason="再来")


def test_a_token_is_issued_by_the_operator_or_the_person_alone():
    user = UserFactory()

    assert actions.user_of_token(actions.issue_token(user, actor=user, label="a")) == user
    with pytest.raises(NotPermitted):
        actions.issue_token(user, actor=secadmin(), label="b")


def test_an_expired_token_opens_nothing():
    token = actions.issue_token(user := UserFactory(), actor=user, label="接口")

    with time_machine.travel(now() + timedelta(days=366)):
        assert actions.user_of_token(token) is None


# --- lists


def test_the_views_of_the_list():
    admin = secadmin(last_login=now())
    idle = office_clerk(last_login=now() - timedelta(days=91))
    firm = entrepreneur(last_login=now())
    gone = UserFactory(is_active=False)

    found = {
        view: set(account_rows(admin, view=view))
        for view in ("", "active", "suspended", "unused", "no_post")
    }

    assert found == {
        "": {admin, idle, firm, gone},
        "active": {admin, idle, firm},
        "suspended": {gone},
        "unused": {idle},
        "no_post": {firm},
    }


def test_a_never_used_account_counts_from_its_opening():
    admin = secadmin(last_login=now())
    user = UserFactory()
    User.objects.filter(pk=user.pk).update(joined_at=now() - timedelta(days=91))

    assert set(account_rows(admin, view="unused")) == {user}


def test_the_list_costs_the_same_queries_with_one_row_and_with_five(
    client, django_assert_max_num_queries
):
    client.force_login(secadmin())
    client.get(LIST)
    with django_assert_max_num_queries(20) as small:
        client.get(LIST)
    for _ in range(4):
        person(Post.LIAISON, unit=UnitFactory())
    with django_assert_max_num_queries(20) as large:
        client.get(LIST)

    assert len(large) == len(small)


def test_search_finds_name_and_username(client):
    client.force_login(secadmin())
    wanted = UserFactory(username="zhao.liu", full_name="赵六")

    for text in ("zhao", "赵六"):
        rows = client.get(LIST, {"q": text}).context["page"].rows
        assert rows == [wanted]


def test_unused_accounts_are_suspended_in_bulk(client):
    idle = [office_clerk(last_login=now() - timedelta(days=100)) for _ in range(2)]
    busy = office_clerk(last_login=now())
    client.force_login(secadmin(last_login=now()))
    chosen = [user.pk for user in (*idle, busy)]

    answer = client.post(f"{LIST}?view=unused", {"chosen": chosen, "reason": "90天未用"})

    assert answer.status_code == 302
    assert set(User.objects.filter(is_active=False)) == set(idle)


def test_bulk_suspension_wants_a_choice_and_a_reason(client):
    office_clerk(last_login=now() - timedelta(days=100))
    client.force_login(secadmin(last_login=now()))

    nothing = client.post(f"{LIST}?view=unused", {"reason": "90天未用"})
    no_reason = client.post(f"{LIST}?view=unused", {"chosen": ["1"]})

    assert (nothing.status_code, no_reason.status_code) == (422, 422)


# --- pages


def opening(**facts):
    return {"full_name": "李四", "username": "li.si", "idempotency_key": "k1", **facts}


def test_an_account_is_opened_in_the_browser_and_its_password_shown_once(client):
    client.force_login(secadmin())

    first, second = client.post(NEW, opening()), client.post(NEW, opening())

    user = User.objects.get(username="li.si")
    assert user.check_password(first.context["password"])
    assert (second.status_code, second.context["password"]) == (200, "")
    assert first.headers["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("username", ["李四", "ab", "1abc", "a b c", "A.B.C"])
def test_usernames_keep_to_plain_letters(client, username):
    client.force_login(secadmin())

    answer = client.post(NEW, opening(username=username))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["username"])


def test_a_password_is_reset_in_the_browser(client):
    user = office_clerk()
    client.force_login(secadmin())
    asked = client.get(act_url(user, "reset_password"))

    answer = client.post(act_url(user, "reset_password"))

    user.refresh_from_db()
    assert (asked.status_code, user.check_password(answer.context["password"])) == (200, True)


def test_an_account_is_suspended_with_a_reason_in_the_browser(client):
    user = office_clerk()
    client.force_login(secadmin())

    assert client.post(act_url(user, "suspend"), {}).status_code == 422
    assert client.post(act_url(user, "suspend"), {"reason": "离职"}).status_code == 302
    assert client.post(act_url(user, "suspend"), {"reason": "离职"}).status_code == 409
    assert client.get(act_url(user, "delete")).status_code == 404
    steps = client.get(f"{LIST}{user.pk}/").context["steps"]
    assert [step.key for step in steps] == ["restore"]


@pytest.mark.parametrize("post", [Post.SYSADMIN, Post.AUDITOR])
def test_the_other_administrators_reach_no_act(client, post):
    user = office_clerk()
    client.force_login(person(post))

    for key in ("reset_password", "suspend", "restore", "end_sessions", "reset_second_factor"):
        assert client.post(act_url(user, key), {"reason": "x"}).status_code == 403


def test_an_account_signed_in_from_two_networks_looks_shared():
    def doors(*ips):
        return [Door(now(), ip, "Firefox") for ip in ips]

    assert looks_shared(doors("10.1.1.7", "10.1.1.9", "10.1.1.7")) is False
    assert looks_shared(doors("10.1.1.7", "10.1.2.7")) is True
    assert looks_shared(doors("10.1.1.7", "2001:db8::1")) is True


def test_a_person_is_signed_out_everywhere_by_the_administrator(client):
    user = office_clerk(username="clerk")
    client.post("/accounts/login/", {"login": "clerk", "password": "Lianqi-2026"})
    assert UserSession.objects.count() == 1

    ended = actions.end_sessions(user, actor=secadmin(), reason="可疑")

    assert (ended, client.get("/organisation/roster/").status_code) == (1, 302)
