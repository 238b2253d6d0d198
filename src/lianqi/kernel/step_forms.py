"""What every step's form does: keep its subject, inspect files, refuse secrecy marks, call its act."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.kernel.access import Actor
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.files import inspect_all
from lianqi.kernel.uploads import APPEAL_EVIDENCE, classification_mark


class SubjectStepForm(forms.Form):
    """Input of one step on one record; ``act`` is the action it calls."""

    act: ClassVar[Any]
    # Lays the visible fields out, where one under the other does not do.
    fields_template: ClassVar[str] = ""

    def __init__(self, subject: Any, *args: Any, **kwargs: Any) -> None:
        """Keep the record that the step is taken on."""
        self.subject = subject
        super().__init__(*args, **kwargs)

    def clean_files(self) -> Any:
        """Inspect the files before anything is written."""
        try:
            return inspect_all(self.cleaned_data["files"], rule=APPEAL_EVIDENCE)
        except RuleBroken as refused:
            raise forms.ValidationError(refused.message, code=refused.code) from refused

    def clean(self) -> dict[str, Any]:
        """Refuse secrecy marks in whatever is written: this is an unclassified system (A1-R-4)."""
        for name, value in self.cleaned_data.items():
            mark = classification_mark(value) if isinstance(value, str) else None
            if mark:
                self.add_error(
                    name, _("内容中有密级标志，本系统不得填报涉密事项，请删去后再提交。")
                )
                break
        return self.cleaned_data

    def save(self, *, actor: Actor) -> Any:
        """Take the step."""
        return type(self).act(self.subject, actor=actor, **self.cleaned_data)
