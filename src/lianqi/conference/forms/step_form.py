"""What every form of the room does: keep its record and reader, refuse secrecy marks, call its act."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.kernel.access import Actor
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.fields import LongField
from lianqi.kernel.files import inspect_all
from lianqi.kernel.uploads import APPEAL_EVIDENCE, classification_mark
from lianqi.organisation.models import Unit, User


class MarkedForm(forms.Form):
    """A form whose texts and files carry no secrecy mark: this is an unclassified system (A1-R-4)."""

    def clean_files(self) -> Any:
        """Inspect the files before anything is written."""
        try:
            return inspect_all(self.cleaned_data["files"], rule=APPEAL_EVIDENCE)
        except RuleBroken as refused:
            raise forms.ValidationError(refused.message, code=refused.code) from refused

    def clean(self) -> dict[str, Any]:
        """Refuse secrecy marks in whatever is written."""
        for name, value in self.cleaned_data.items():
            if isinstance(value, str) and classification_mark(value):
                self.add_error(
                    name, _("内容中有密级标志，本系统不得填报涉密事项，请删去后再提交。")
                )
                break
        return self.cleaned_data


class StepForm(MarkedForm):
    """Input of one step on one record; ``act`` is the action it calls."""

    act: ClassVar[Any]

    def __init__(self, subject: Any, user: User, *args: Any, **kwargs: Any) -> None:
        """Keep the record that the step is taken on, and who takes it."""
        self.subject, self.user = subject, user
        super().__init__(*args, **kwargs)
        self.offer()

    def offer(self) -> None:
        """Set what depends on the record or the reader."""

    def save(self, *, actor: Actor) -> Any:
        """Take the step."""
        return type(self).act(self.subject, actor=actor, **self.cleaned_data)


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
