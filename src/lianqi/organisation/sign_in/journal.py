"""What the journal keeps of signing in; subject of each line is the account.

Signals are used here alone: allauth offers no other hook for these moments.
"""

from datetime import timedelta
from itertools import takewhile
from typing import Any

from allauth.account.signals import password_changed, user_logged_in, user_logged_out
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from lianqi.kernel.access import SYSTEM
from lianqi.kernel.clock import local, now
from lianqi.kernel.journal import write_line
from lianqi.kernel.models import JournalEntry
from lianqi.kernel.models.outbox import Channel
from lianqi.kernel.outbox import enqueue
from lianqi.organisation.models import User

SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"
LOCKED_FOR = timedelta(minutes=10)
MOST_COUNTED = 20


def _write(user: User, verb: str, label: str, text: str = "", *, actor: Any = None) -> None:
    with transaction.atomic():
        write_line(user, actor=actor or user, verb=verb, label=label, text=text)


def _by_name(username: str) -> User | None:
    return User.objects.filter(username__iexact=username).first()


def write_failure(username: str, ip: str) -> None:
    """Note a failed sign-in; a name that nobody has is not kept: it may be a mistyped password."""
    user = _by_name(username)
    if user is not None:
        _write(user, "user.sign_in_failed", "登录失败", f"来自 {ip}", actor=SYSTEM)


def write_lock(username: str) -> None:
    """Note that signing in is barred for a while."""
    user = _by_name(username)
    if user is not None:
        _write(user, "user.sign_in_locked", "暂停登录", "连续输错密码。", actor=SYSTEM)


def failures_since_sign_in(username: str) -> int:
    """Count the wrong passwords of the last ten minutes that no sign-in came after."""
    user = _by_name(username)
    if user is None:
        return 0
    lines = JournalEntry.objects.about(user).filter(
        verb__in=("user.sign_in_failed", "user.sign_in")
    )
    newest = lines.filter(at__gt=now() - LOCKED_FOR).order_by("-seq").values_list("verb", flat=True)
    return len(list(takewhile(lambda verb: verb == "user.sign_in_failed", newest[:MOST_COUNTED])))


def begin_session(request: HttpRequest) -> None:
    """Start the session's two clocks."""
    moment = now().timestamp()
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = moment


@receiver(user_logged_in)
def _signed_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    begin_session(request)
    _write(user, "user.sign_in", "登录", f"来自 {request.META.get('REMOTE_ADDR', '')}")


@receiver(user_logged_out)
def _signed_out(request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        _write(user, "user.sign_out", "退出登录", getattr(request, "sign_out_reason", ""))


@receiver(password_changed)
def _password_changed(request: HttpRequest, user: User, **kwargs: Any) -> None:
    _write(user, "user.change_password", "修改密码", "其他浏览器已退出登录。")
    _warn(user, "您的联企账号修改了密码")


@receiver(authenticator_added)
def _factor_added(request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    if authenticator.type != Authenticator.Type.TOTP:
        return  # recovery codes come along by themselves
    # The session from before the second factor gets a new key (ASVS 7.2.4).
    request.session.cycle_key()
    UserSession.objects.create_from_request(request)
    _factor_changed(user, "user.add_second_factor", "启用两步验证")


@receiver(authenticator_removed)
def _factor_removed(request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    if authenticator.type == Authenticator.Type.TOTP:
        _factor_changed(user, "user.remove_second_factor", "停用两步验证")


@receiver(authenticator_reset)
def _codes_renewed(request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    _factor_changed(user, "user.renew_recovery_codes", "更换备用验证码")


@receiver(authentication_failed)
def _code_wrong(request: HttpRequest, user: User, **kwargs: Any) -> None:
    _write(user, "user.second_factor_failed", "两步验证失败", actor=SYSTEM)


def _factor_changed(user: User, verb: str, label: str) -> None:
    _write(user, verb, label)
    _warn(user, f"您的联企账号{label}")


def _warn(user: User, title: str) -> None:
    """Tell the person by mail, where an address is known (ASVS 6.3.7)."""
    if user.email:
        with transaction.atomic():
            enqueue(
                Channel.EMAIL,
                user.email,
                title=title,
                text=f"时间：{local(now()):%Y年%m月%d日 %H:%M}。"
                "如果不是您本人操作，请立即联系安全管理员。",
            )
