"""Password rules of the level-3 profile (GB/T 22239)."""

from django.core.exceptions import ValidationError


class ThreeKindsValidator:
    """At least three of: lower case, upper case, digits, signs."""

    def validate(self, password, user=None):
        """Refuse passwords with fewer kinds."""
        kinds = [str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum()]
        if sum(any(kind(letter) for letter in password) for kind in kinds) < 3:
            raise ValidationError(self.get_help_text(), code="too_few_kinds")

    def get_help_text(self):
        """Say the rule."""
        return "密码要含小写字母、大写字母、数字、符号中的三种。"
