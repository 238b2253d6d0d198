"""Form fields for what officials and firms write: plain lines, long texts, yes or no."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LONGEST_TEXT = 20_000
_LAYOUT = "\n\t"
_JOINER = "\u200d"
# The variation selector and the skin tones may stand between an emoji and its joiner.
_EMOJI_MODIFIERS = "\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
# Letters and signs that print as nothing, though Unicode counts them as visible.
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
YES, NO = _("是"), _("否")


def without_invisible(text: str) -> str:
    """Drop what nobody sees: zero-width and direction marks, fillers, byte order marks.

    They make two texts that look the same differ, hide words from a search, turn a line around,
    and let an empty text pass for one. The joiner inside an emoji stays: it is seen.
    """
    if text.isascii():
        return text
    text = text.replace("\u2028", "\n").replace("\u2029", "\n")
    return "".join(
        character
        for place, character in enumerate(text)
        if not _invisible(character) or _joins_emoji(text, place)
    )


def _invisible(character: str) -> bool:
    return character in _FILLERS or unicodedata.category(character) == "Cf"


def _joins_emoji(text: str, place: int) -> bool:
    if text[place] != _JOINER:
        return False
    before, after = text[:place].rstrip(_EMOJI_MODIFIERS), text[place + 1 :]
    sides = (before[-1:], after[:1])
    return all(side and unicodedata.category(side) in ("So", "Sm") for side in sides)


def refuse_control_characters(text: str) -> None:
    """Refuse what cannot be seen and breaks files and journals; emoji and rare characters pass."""
    for number, line in enumerate(text.split("\n"), 1):
        hidden = [c for c in line if c not in _LAYOUT and unicodedata.category(c) in ("Cc", "Cs")]
        if hidden:
            raise ValidationError(
                _("第%(line)s行有看不见的控制字符（%(code)s），请删除或重新键入这一行。"),
                code="control_character",
                params={"line": number, "code": f"U+{ord(hidden[0]):04X}"},
            )


def _say_lengths(field: forms.CharField) -> None:
    field.error_messages["min_length"] = _(
        "至少写%(limit_value)d个字，现有%(show_value)d个，请写具体些。"
    )
    field.error_messages["required"] = _("请填写这一项。")


class LineField(forms.CharField):
    """One line of text; line breaks become spaces."""

    def __init__(self, **kwargs: Any) -> None:
        """Limit the length to 100 characters if nothing else is said."""
        kwargs.setdefault("max_length", 100)
        super().__init__(**kwargs)
        _say_lengths(self)
        self.error_messages["max_length"] = _(
            "最多%(limit_value)d个字，现有%(show_value)d个，请缩短。"
        )

    def to_python(self, value: Any) -> str:
        """Return the text on one line, without what is not seen, checked for control characters."""
        text = without_invisible(super().to_python(value) or "")
        text = " ".join(text.replace("\r", "\n").split("\n")).strip()
        refuse_control_characters(text)
        return text

    def run_validators(self, value: Any) -> None:
        """Leave NUL to the check above, whose message names the place."""
        super().run_validators(value)


class LongField(forms.CharField):
    """Paragraphs of text, up to about forty pages; more belongs into an attachment."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        """Limit the length to ``LONGEST_TEXT`` characters if nothing else is said."""
        kwargs.setdefault("max_length", LONGEST_TEXT)
        rows = kwargs.pop("rows", 5)
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)
        _say_lengths(self)
        self.error_messages["max_length"] = _(
            "最多%(limit_value)d个字，现有%(show_value)d个；太长的材料请作为附件上传。"
        )

    def to_python(self, value: Any) -> str:
        """Return the text with plain line breaks, else as the line field does."""
        text = without_invisible(super().to_python(value) or "")
        text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
        refuse_control_characters(text)
        return text


class YesNoField(forms.TypedChoiceField):
    """A decision that must be made: no box that is "no" when overlooked."""

    widget = forms.RadioSelect

    def __init__(self, *, yes: Any = YES, no: Any = NO, **kwargs: Any) -> None:
        """Label the two answers in the words of the decision."""
        super().__init__(
            choices=[("true", yes), ("false", no)],
            coerce=lambda value: value == "true",
            empty_value=None,
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        """Show a Python truth value as the choice it stands for."""
        return str(value).lower() if isinstance(value, bool) else value

    def to_python(self, value: Any) -> str:
        """Take JSON's true and false as well."""
        return str(value).lower() if isinstance(value, bool) else super().to_python(value)
