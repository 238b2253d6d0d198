"""Opening, closing and rescuing the accounts of natural persons."""

import secrets
from collections.abc import Iterable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import IntegrityError, transaction

from lianqi.kernel.access import Actor
from lianqi.kernel.clock import now
from lianqi.kernel.errors import RuleBroken, StepUnfit
from lianqi.kernel.journal import write_line
from lianqi.organisation.actions.permissions import require
from lianqi.organisation.actions.tokens import revoke_tokens
from lianqi.organisation.models import User


def one_time_password() -> str:
    """Draw a password that keeps the rules and is changed at its first use."""
    return f"{secrets.token_urlsafe(9)}Aa1!"


@transaction.atomic
def open_account(
    *, actor: Actor, username: str, full_name: str, phone: Any = None, email: str = ""
) -> tuple[User, str]:
    """Open an account for a person; return it with its one-time password, which is kept nowhere.

    Raises:
        RuleBroken: the username is taken (in any case of letters).
    """
    require(actor, "organisation.open_account")
    taken = RuleBroken(f"用户名“{username}”已被使用，请换一个。", field="username")
    if User.objects.filter(username__iexact=username).exists():
        raise taken
    password = one_time_password()
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                username,
                password,
                full_name=full_name,
                phone=phone,
                email=email,
                must_change_password=True,
                password_set_at=now(),
            )
    except IntegrityError as raced:
        raise taken from raced
    write_line(user, actor=actor, verb="user.open", label="开户", text=f"为{full_name}开户。")
    return user, password


@transaction.atomic
def reset_password(user: User, *, actor: Actor) -> str:
    """Give an account a one-time password, to be changed at first sign-in; return it once.

    Open sessions end with the old password's hash; API tokens are revoked.
    """
    require(actor, "organisation.open_account", user)
    password = one_time_password()
    user.set_password(password)
    user.must_change_password = True
    user.password_set_at = now()
    user.save(update_fields=["password", "must_change_password", "password_set_at"])
    revoke_tokens(user)
    write_line(
        user, actor=actor, verb="user.reset_password", label="重置密码", text="已设一次性密码。"
    )
    return password


@transaction.atomic
def reset_second_factor(user: User, *, actor: Actor, reason: str) -> User:
    """Remove a lost second factor, so that the person sets up a new one at the next sign-in.

    Raises:
        StepUnfit: the account has none.
    """
    require(actor, "organisation.open_account", user)
    if not Authenticator.objects.filter(user=user).delete()[0]:
        raise StepUnfit("这个账号没有启用两步验证，无需重置。")
    _end_sessions(user)
    write_line(
        user, actor=actor, verb="user.reset_second_factor", label="重置两步验证", text=reason
    )
    return user


@transaction.atomic
def suspend_account(user: User, *, actor: Actor, reason: str) -> User:
    """Close an account's door at once, sessions and tokens included; its history stays.

    Raises:
        StepUnfit: it is closed already, perhaps by somebody else just now.
        RuleBroken: the actor would close his own door.
    """
    require(actor, "organisation.open_account", user)
    if user.pk == actor.pk:
        raise RuleBroken("不能停用自己的账号，请由另一位安全管理员办理。")
    if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        raise StepUnfit("这个账号已经停用，请刷新页面看最新情况。")
    user.is_active = False
    _end_sessions(user)
    revoke_tokens(user)
    write_line(user, actor=actor, verb="user.suspend", label="停用账号", text=reason)
    return user


@transaction.atomic
def suspend_unused(users: Iterable[User], *, actor: Actor, reason: str) -> int:
    """Close several accounts at once, all or none; return how many."""
    return len([suspend_account(user, actor=actor, reason=reason) for user in users])


@transaction.atomic
def restore_account(user: User, *, actor: Actor, reason: str) -> User:
    """Open a suspended account again.

    Raises:
        StepUnfit: it is open already.
    """
    require(actor, "organisation.open_account", user)
    if not User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        raise StepUnfit("这个账号没有停用，请刷新页面看最新情况。")
    user.is_active = True
    write_line(user, actor=actor, verb="user.restore", label="启用账号", text=reason)
    return user


@transaction.atomic
def end_sessions(user: User, *, actor: Actor, reason: str) -> int:
    """Sign a person out everywhere; return how many sessions ended."""
    require(actor, "organisation.open_account", user)
    ended = _end_sessions(user)
    write_line(
        user,
        actor=actor,
        verb="user.end_sessions",
        label="强制退出",
        text=f"结束{ended}个登录会话。{reason}",
    )
    return ended


def _end_sessions(user: User) -> int:
    sessions = list(UserSession.objects.filter(user=user))
    for session in sessions:
        session.end()
    return len(sessions)
