"""What the office fills in: a new firm, a correction, a new code, the word on a step."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.enterprises.actions import (
    change_code,
    correct_enterprise,
    enter_enterprise,
    readmit_enterprise,
    refuse_enterprise,
    remove_enterprise,
    verify_enterprise,
)
from lianqi.enterprises.enums import EnterpriseKind
from lianqi.enterprises.forms.facts import FactsForm, IdentityForm, NamedFactsForm, UsccField
from lianqi.enterprises.models import Enterprise
from lianqi.kernel.access import Actor
from lianqi.kernel.fields import LineField, LongField


class EnterForm(IdentityForm):
    """A firm that the office knows; a contact may follow later."""

    idempotency_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask for a contact without insisting."""
        super().__init__(*args, **kwargs)
        self.fields["contact_name"].required = False
        self.fields["contact_phone"].required = False

    def clean(self) -> dict[str, Any]:
        """Take a contact only with name and number."""
        data = super().clean()
        if data.get("contact_name") and not data.get("contact_phone"):
            if "contact_phone" not in self.errors:
                self.add_error("contact_phone", _("填了联系人，请一并填写联系电话。"))
        elif data.get("contact_phone") and not data.get("contact_name"):
            self.add_error("contact_name", _("填了联系电话，请一并填写联系人。"))
        return data

    def content(self) -> dict[str, Any]:
        """Return what makes two submissions the same."""
        phone = self.cleaned_data["contact_phone"]
        rest = {k: v for k, v in self.cleaned_data.items() if k != "idempotency_key"}
        return {**rest, "contact_phone": phone.index if phone else ""}

    def save(self, *, actor: Actor) -> Enterprise:
        """Enter the firm."""
        data = self.cleaned_data
        return enter_enterprise(
            actor=actor,
            uscc=data["uscc"],
            kind=data["kind"],
            contact_name=data["contact_name"],
            contact_phone=data["contact_phone"],
            **self.facts(),
        )


class _Correcting:
    """Starts with what the directory has and saves what was corrected."""

    @classmethod
    def of(cls, enterprise: Enterprise, data: Any = None) -> Any:
        """Return the form with the firm's facts in it."""
        initial = {name: getattr(enterprise, name) for name in cls.base_fields}  # type: ignore[attr-defined]
        return cls(data, initial=initial)  # type: ignore[call-arg]

    def save(self, enterprise: Enterprise, *, actor: Actor) -> Enterprise:
        """Correct the firm."""
        return correct_enterprise(enterprise, actor=actor, **self.facts())  # type: ignore[attr-defined]


class CorrectOwnForm(_Correcting, FactsForm):
    """What a firm may correct itself."""


class CorrectForm(_Correcting, NamedFactsForm):
    """What the office may correct."""


class ChangeCodeForm(forms.Form):
    """A firm's new code, e.g. after 个转企."""

    kind = forms.ChoiceField(label=_("变更后的类别"), choices=EnterpriseKind)
    uscc = UsccField(
        label=_("新的统一社会信用代码"), required=False, help_text=_("民营经济人士不用填。")
    )
    reason = LineField(label=_("变更原因"), max_length=100, help_text=_("如：个体工商户转为企业。"))

    def clean(self) -> dict[str, Any]:
        """Ask for the code of everyone but a person."""
        data = super().clean() or self.cleaned_data
        person = data.get("kind") == EnterpriseKind.PERSON
        if not person and not data.get("uscc") and "uscc" not in self.errors:
            self.add_error("uscc", _("请填写统一社会信用代码（18位，见营业执照）。"))
        return data

    def save(self, enterprise: Enterprise, *, actor: Actor) -> Enterprise:
        """Change the code and keep the old one."""
        return change_code(enterprise, actor=actor, **self.cleaned_data)


class VerifyForm(forms.Form):
    """A word on the verification, if there is one."""

    note = LongField(
        label=_("核验说明"), required=False, max_length=500, rows=3, help_text=_("企业会看到。")
    )

    def save(self, enterprise: Enterprise, *, actor: Actor) -> Enterprise:
        """Verify the firm."""
        return verify_enterprise(enterprise, actor=actor, note=self.cleaned_data["note"])


class _ReasonForm(forms.Form):
    note = LongField(
        label=_("理由"),
        min_length=4,
        max_length=500,
        rows=3,
        help_text=_("企业会看到，请写明怎么办，如补正哪一项后重新联系。"),
    )


class RefuseForm(_ReasonForm):
    """Why the registration is refused."""

    def save(self, enterprise: Enterprise, *, actor: Actor) -> Enterprise:
        """Refuse the registration."""
        return refuse_enterprise(enterprise, actor=actor, **self.cleaned_data)


class RemoveForm(_ReasonForm):
    """Why the firm leaves the directory."""

    def save(self, enterprise: Enterprise, *, actor: Actor) -> Enterprise:
        """Take the firm off the directory."""
        return remove_enterprise(enterprise, actor=actor, **self.cleaned_data)


class ReadmitForm(_ReasonForm):
    """Why the firm comes back."""

    def save(self, enterprise: Enterprise, *, actor: Actor) -> Enterprise:
        """Take the firm back."""
        return readmit_enterprise(enterprise, actor=actor, **self.cleaned_data)


STEP_FORMS: dict[str, type[Any]] = {
    "verify": VerifyForm,
    "refuse": RefuseForm,
    "remove": RemoveForm,
    "readmit": ReadmitForm,
}
