"""Who signs in for a firm: the office opens further accounts, renews passwords, ends accounts."""

import secrets
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction

from lianqi.enterprises.models import Enterprise, Membership
from lianqi.kernel.access import Actor, may
from lianqi.kernel.clock import now, today
from lianqi.kernel.errors import NotPermitted, RuleBroken
from lianqi.kernel.journal import write_line
from lianqi.kernel.models.journal import Audience
from lianqi.organisation.models import User


def _require(actor: Actor, enterprise: Enterprise) -> None:
    if not may(actor, "enterprises.open_account", enterprise):
        raise NotPermitted("只有专班办公室或联席会议办公室可以管理企业账号。")


def _one_time_password(user: User) -> str:
    password = f"{secrets.token_urlsafe(9)}Aa1!"
    user.set_password(password)
    user.must_change_password = True
    user.password_set_at = now()
    return password


def open_account(
    enterprise: Enterprise, *, actor: Actor, username: str, full_name: str, phone: Any = None
) -> tuple[User, str]:
    """Open a further account for a firm; return it with its one-time password, kept nowhere.

    Raises:
        NotPermitted: only the offices may.
        RuleBroken: the username is taken.
    """
    _require(actor, enterprise)
    user = User(username=username, full_name=full_name, phone=phone)
    password = _one_time_password(user)
    try:
        with transaction.atomic():
            user.save()
            Membership.objects.create(user=user, enterprise=enterprise, since=today())
            _tell(enterprise, actor, "account_open", "开通企业账号", f"{full_name}（{username}）")
    except IntegrityError as taken:
        raise RuleBroken(f"用户名“{username}”已被使用，请换一个。", field="username") from taken
    return user, password


@transaction.atomic
def renew_password(membership: Membership, *, actor: Actor) -> str:
    """Give a firm's account a new one-time password and return it once."""
    user, enterprise = membership.user, membership.enterprise
    _require(actor, enterprise)
    if user.posts_now:
        # Else this office could take over an official's account through a firm.
        raise NotPermitted("这个账号有公职岗位，请安全管理员重置密码。")
    password = _one_time_password(user)
    user.save(update_fields=["password", "must_change_password", "password_set_at"])
    _tell(enterprise, actor, "account_password", "重置账号密码", f"{user}（{user.username}）")
    return password


@transaction.atomic
def end_account(membership: Membership, *, actor: Actor, reason: str) -> Membership:
    """Let an account act for the firm no longer, from this moment on."""
    _require(actor, membership.enterprise)
    # The last day counts as inside, so the last day was yesterday.
    membership.until = today() - timedelta(days=1)
    membership.save(update_fields=["until"])
    user = membership.user
    text = f"{user}（{user.username}）：{reason}"
    _tell(membership.enterprise, actor, "account_end", "停用企业账号", text)
    return membership


def _tell(enterprise: Enterprise, actor: Actor, verb: str, label: str, text: str) -> None:
    write_line(
        enterprise,
        actor=actor,
        verb=f"enterprise.{verb}",
        label=label,
        text=text,
        audience=Audience.ENTERPRISE,
    )
