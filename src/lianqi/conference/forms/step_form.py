"""What the forms of the room share: who takes the step, and fields for units."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.kernel.fields import LongField
from lianqi.kernel.step_forms import SubjectStepForm
from lianqi.organisation.models import Unit, User


class MarkedForm(SubjectStepForm):
    """A form that begins something: no record yet, but the same care for secrecy marks and files."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Begin without a record."""
        super().__init__(None, *args, **kwargs)


class StepForm(SubjectStepForm):
    """Input of one step; what it offers may depend on the record and on who takes it."""

    def __init__(self, subject: Any, *args: Any, user: User, **kwargs: Any) -> None:
        """Keep who takes the step."""
        self.user = user
        super().__init__(subject, *args, **kwargs)
        self.offer()

    def offer(self) -> None:
        """Set what depends on the record or the reader."""


class PlainForm(StepForm):
    """A step that takes no input."""


class NoteForm(StepForm):
    """A step with an optional remark."""

    note = LongField(label=_("意见"), required=False, rows=3)


class MustNoteForm(StepForm):
    """A step that says why."""

    note = LongField(label=_("理由"), rows=3)


def units() -> Any:
    """Return the units that may be named, those without an account included."""
    return Unit.objects.filter(active=True)


def one_unit(label: Any, *, required: bool = True, help_text: Any = "") -> forms.ModelChoiceField:
    """Return a field for one unit; the form offers which."""
    return forms.ModelChoiceField(
        label=label,
        queryset=Unit.objects.none(),
        to_field_name="code",
        empty_label=_("请选择"),
        required=required,
        help_text=help_text,
        error_messages={"invalid_choice": _("没有这个单位，请从名单中选择。")},
    )


def many_units(
    label: Any, *, required: bool = False, help_text: Any = ""
) -> forms.ModelMultipleChoiceField:
    """Return a field for several units; the form offers which."""
    return forms.ModelMultipleChoiceField(
        label=label,
        queryset=Unit.objects.none(),
        to_field_name="code",
        required=required,
        widget=forms.CheckboxSelectMultiple,
        help_text=help_text,
    )


def offer_rows(form: forms.Form, name: str, rows: Any) -> None:
    """Set which rows a field offers."""
    form.fields[name].queryset = rows
