"""A firm registers itself: who it is, whom to call, how it signs in, what it agrees to."""

import re
from typing import Any

from django import forms
from django.contrib.auth.password_validation import (
    validate_password,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lianqi.engines.identifiers import normalise_phone
from lianqi.enterprises.actions import register_enterprise
from lianqi.enterprises.forms.facts import IdentityForm
from lianqi.enterprises.models import Enterprise
from lianqi.kernel.fields import LineField
from lianqi.organisation.models import User

# Version of the data notice below the form; it is kept with the consent.
DATA_NOTICE = "2026-11"
USERNAME = re.compile(r"[a-z0-9][a-z0-9_.-]{3,29}")


class UsernameField(LineField):
    """A username nobody has yet, whatever its case: people sign in without minding it."""

    def __init__(self, **kwargs: Any) -> None:
        """Label it and say what it may hold."""
        kwargs.setdefault("label", _("用户名"))
        kwargs.setdefault("max_length", 30)
        kwargs.setdefault(
            "help_text", _("4 至 30 位小写字母、数字、下划线、点或短横，不要用手机号。")
        )
        super().__init__(**kwargs)
        self.widget.attrs.update({"autocomplete": "username", "autocapitalize": "none"})

    def clean(self, value: Any) -> str:
        """Return it in lower case."""
        name = super().clean(value).lower()
        if not USERNAME.fullmatch(name):
            raise ValidationError(
                _("用户名应为 4 至 30 位小写字母、数字、下划线、点或短横，以字母或数字开头。")
            )
        if _is_phone(name):
            # "Taken" would tell strangers whose number is registered here.
            raise ValidationError(_("请不要用电话号码作用户名，以免泄露号码。"))
        if User.objects.filter(username__iexact=name).exists():
            raise ValidationError(_("用户名“%(name)s”已被使用，请换一个。"), params={"name": name})
        return name


def _is_phone(text: str) -> bool:
    try:
        normalise_phone(text)
    except ValueError:
        return False
    return True


class RegistrationForm(IdentityForm):
    """What a firm tells when it registers; ``website`` is a trap for programs."""

    username = UsernameField()
    password = forms.CharField(
        label=_("密码"),
        help_text=_("至少 10 位，含小写字母、大写字母、数字、符号中的三种；不要用常见密码。"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password_again = forms.CharField(
        label=_("再输一次密码"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    consent = forms.BooleanField(
        label=_("我已阅读并同意《个人信息处理告知》"),
        error_messages={"required": _("请先阅读告知；不同意就不能注册，可以到窗口或电话反映。")},
    )
    website = forms.CharField(
        label=_("请留空"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    @property
    def by_program(self) -> bool:
        """Whether the trap was filled in."""
        return bool(self.data.get("website"))

    def clean(self) -> dict[str, Any]:
        """Compare the two passwords and hold them against the rules."""
        data = super().clean()
        password = data.get("password")
        if not password:
            return data
        if data.get("password_again") and data["password_again"] != password:
            self.add_error("password_again", _("两次输入的密码不一致，请重新输入。"))
        person = User(username=data.get("username", ""), full_name=data.get("contact_name", ""))
        try:
            validate_password(password, user=person)
        except ValidationError as weak:
            self.add_error("password", weak)
        return data

    def save(self) -> Enterprise:
        """Register the firm with its first account."""
        data = self.cleaned_data
        return register_enterprise(
            kind=data["kind"],
            uscc=data["uscc"],
            contact_name=data["contact_name"],
            contact_phone=data["contact_phone"],
            username=data["username"],
            password=data["password"],
            consent=DATA_NOTICE,
            **self.facts(),
        )
