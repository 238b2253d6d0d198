"""Password rules of the level-3 profile (GB/T 22239)."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# 定期更换：GB/T 22239 8.1.4.1 a); officials are led to the change after this time.
PASSWORD_LIFE = timedelta(days=90)
LONGEST = 128


class LongEnoughValidator(MinimumLengthValidator):
    """Django's rule of a least length, in our words."""

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse shorter passwords."""
        if len(password) < self.min_length:
            raise ValidationError(self.get_help_text(), code="password_too_short")

    def get_help_text(self) -> str:
        """Say the rule."""
        return _("密码至少%(least)s个字符。") % {"least": self.min_length}


class ThreeKindsValidator:
    """At least three of: lower case, upper case, digits, signs."""

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse passwords with fewer kinds."""
        kinds = [str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum()]
        if sum(any(kind(letter) for letter in password) for kind in kinds) < 3:
            raise ValidationError(self.get_help_text(), code="too_few_kinds")

    def get_help_text(self) -> str:
        """Say the rule."""
        return _("密码要含小写字母、大写字母、数字、符号中的三种。")


class ContextWordsValidator:
    """No words of this system and place, which are guessed first; not longer than 128."""

    words = ("lianqi", "gaoxin", "gaoxinqu", "xinxiang", "minying", "password", "admin")

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse passwords that are a context word with a few digits around it."""
        if len(password) > LONGEST:
            raise ValidationError(_("密码最长128个字符。"), code="too_long")
        letters = "".join(c for c in password.lower() if c.isalpha())
        if letters in self.words:
            raise ValidationError(self.get_help_text(), code="context_word")

    def get_help_text(self) -> str:
        """Say the rule."""
        return _("不要用“系统名、地名加数字”这样的密码。")


class NotTheSameValidator:
    """A new password must differ from the present one."""

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse the password that the account has now."""
        if getattr(user, "pk", None) and user.check_password(password):
            raise ValidationError(_("新密码不能与现在的密码相同。"), code="unchanged")

    def get_help_text(self) -> str:
        """Say the rule."""
        return _("新密码不能与现在的密码相同。")
