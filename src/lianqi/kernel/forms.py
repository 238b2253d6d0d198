"""Form rendering and the few fields and widgets Django lacks: typed days, faces, several files."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _

# Best first, as the five levels of 好差评 are listed.
FACES = ("mood-happy", "mood-smile", "mood-empty", "mood-sad", "mood-angry")
DAY_FORMATS = ("%Y-%m-%d", "%Y%m%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日")
MOMENT_FORMATS = tuple(f"{day} %H:%M" for day in DAY_FORMATS)


class Renderer(TemplatesSetting):
    """Renders every form and field with the templates of ``templates/ui``."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"


class DayInput(forms.DateInput):
    """A typed date with a button for the browser's calendar.

    Not ``type=date`` alone: that shows the order of day and month of the browser's language.
    """

    template_name = "ui/day_input.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"autocomplete": "off", **(attrs or {})}, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day typed as 2026-11-23, 20261123 or 2026年11月23日; its help says so."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", DayInput)
        kwargs.setdefault("input_formats", DAY_FORMATS)
        kwargs.setdefault("help_text", _("格式：2026-11-23"))
        super().__init__(**kwargs)
        self.error_messages["invalid"] = _("日期看不懂。请写成 2026-11-23 这样的格式。")


class MomentField(forms.DateTimeField):
    """A day and time typed as 2026-11-23 17:30, read in the current time zone."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.DateTimeInput(attrs={"autocomplete": "off"}, format="%Y-%m-%d %H:%M")
        )
        kwargs.setdefault("input_formats", MOMENT_FORMATS)
        kwargs.setdefault("help_text", _("格式：2026-11-23 17:30（24 小时制）"))
        super().__init__(**kwargs)
        self.error_messages["invalid"] = _("时间看不懂。请写成 2026-11-23 17:30 这样的格式。")


class FaceRating(forms.RadioSelect):
    """Five labelled faces for a choice field of five levels, best first, one tap each."""

    template_name = "ui/faces.html"

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the face of the option's place; IndexError if there are more than five."""
        option = super().create_option(*args, **kwargs)
        return {**option, "face": FACES[int(option["index"])]}


class MultipleFileInput(forms.FileInput):
    """A file input that takes several files at once."""

    allow_multiple_selected = True


class MultipleFileField(forms.FileField):
    """Several uploads, cleaned one by one to a list; an empty list if nothing was chosen."""

    widget = MultipleFileInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Return the list of files; ValidationError names what is wrong with any of them."""
        files: Sequence[Any] = data if isinstance(data, list | tuple) else [data] if data else []
        if not files:
            super().clean(None, initial)
        return [super(MultipleFileField, self).clean(file, initial) for file in files]


def in_words(choices: Sequence[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Return choices whose labels are kept in Chinese in the records, in the reader's language."""
    return [(value, gettext_lazy(label)) for value, label in choices]


def offer(form: forms.BaseForm, name: str, choices: Sequence[tuple[str, Any]]) -> None:
    """Set what a choice field of this form offers, when only the request tells."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} is no choice field")
    field.choices = list(choices)
