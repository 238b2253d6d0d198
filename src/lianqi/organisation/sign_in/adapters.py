"""How allauth behaves here."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lianqi.kernel.clock import now
from lianqi.kernel.crypto import decrypt_field, encrypt_field
from lianqi.organisation.models import User
from lianqi.organisation.sign_in.journal import (
    failures_since_sign_in,
    write_failure,
    write_lock,
)
from lianqi.organisation.sign_in.rules import needs_second_factor

LOCK_NOTED_SECONDS = 600
MOST_FAILURES = 5  # as ACCOUNT_RATE_LIMITS says of a key


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by offices or by a firm's registration, never by allauth's sign-up.

    Unknown name, wrong password and suspended account get the same answer (ASVS 6.3.8).
    """

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _(
            "用户名或密码不正确。请核对大小写后再试；10分钟内输错5次将暂停登录。"
        ),
        "too_many_login_attempts": _(
            "输错次数过多，已暂停登录。请等10分钟再试；忘记密码，企业请联系专班办公室，工作人员请联系安全管理员。"
        ),
        "incorrect_password": _("密码不正确，请重新输入。"),
        "enter_current_password": _("当前密码不正确，请重新输入。"),
        "incorrect_code": _("验证码不正确或已用过，请输入验证器上新的6位数字。"),
        "rate_limited": _("操作太频繁，请等几分钟再试。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Close allauth's own sign-up."""
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # allauth puts the host name into the key, which a guesser could vary.
        return f"lianqi:{credentials.get('username', '').lower()}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse during a lock-out, and note the lock-out once."""
        try:
            super().pre_authenticate(request, **credentials)
            # The cache may be lost; what the journal knows keeps the lock.
            if failures_since_sign_in(credentials.get("username", "")) >= MOST_FAILURES:
                raise self.validation_error("too_many_login_attempts")
        except ValidationError:
            username = credentials.get("username", "")
            if cache.add(f"lock-noted:{username.lower()}", 1, LOCK_NOTED_SECONDS):
                write_lock(username)
            raise

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Treat a suspended account like an unknown one."""
        user = super().authenticate(request, **credentials)
        if user is not None and not user.is_active:
            self.authentication_failed(request, **credentials)
            return None
        return user  # type: ignore[return-value]

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Note a wrong password in the journal of the account, if there is one."""
        write_failure(credentials.get("username", ""), self.get_client_ip(request))

    def set_password(self, user: User, password: str) -> None:
        """Set the person's own password: the one-time password has done its service."""
        user.set_password(password)
        user.must_change_password = False
        user.password_set_at = now()
        user.save(update_fields=["password", "must_change_password", "password_set_at"])

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Go on to the work after a change of password."""
        return "/"


class MFAAdapter(DefaultMFAAdapter):
    """Second factor: secrets encrypted at rest, and kept by those who must have one."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("验证码不正确或已用过，请输入验证器上新的6位数字。"),
        "cannot_delete_authenticator": _(
            "您的岗位必须使用两步验证，不能停用；更换手机请联系安全管理员重置。"
        ),
    }

    def encrypt(self, text: str) -> str:
        """Encrypt a secret for the database."""
        return encrypt_field(text, "second_factor")

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret from the database."""
        return decrypt_field(encrypted_text, "second_factor")

    def get_totp_label(self, user: User) -> str:  # type: ignore[override]
        """Name the account in the authenticator by its username."""
        return user.username

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Let only those remove it who need none."""
        return not needs_second_factor(authenticator.user)
