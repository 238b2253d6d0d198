"""Whom to call at a firm and who signs in for it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.enterprises.actions import add_contact, correct_contact, end_account, open_account
from lianqi.enterprises.forms.registration import UsernameField
from lianqi.enterprises.models import Contact, Enterprise, Membership
from lianqi.kernel.access import Actor
from lianqi.kernel.fields import LineField
from lianqi.kernel.phones import PhoneFormField
from lianqi.organisation.models import User


class ContactForm(forms.Form):
    """A person to call."""

    name = LineField(label=_("姓名"), max_length=40)
    title = LineField(label=_("职务"), required=False, max_length=40)
    phone = PhoneFormField(label=_("联系电话"))
    main = forms.BooleanField(label=_("主要联系人"), required=False)

    def __init__(self, *args: Any, contact: Contact | None = None, **kwargs: Any) -> None:
        """Start with the contact that is corrected; its number shows masked."""
        if contact is not None:
            kwargs["initial"] = {name: getattr(contact, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        self.contact = contact
        if contact is not None:
            self.fields["phone"].help_text = _("号码已遮盖；不改就原样保留。")
            if contact.main:
                # There is always a main one: another takes over, nobody steps down.
                del self.fields["main"]

    def save(self, enterprise: Enterprise, *, actor: Actor) -> Contact:
        """Add or correct the contact."""
        if self.contact is None:
            return add_contact(enterprise, actor=actor, **self.cleaned_data)
        return correct_contact(self.contact, actor=actor, **self.cleaned_data)


class AccountForm(forms.Form):
    """A further account of a firm."""

    full_name = LineField(label=_("使用人姓名"), max_length=40)
    username = UsernameField()
    phone = PhoneFormField(label=_("手机"), required=False)

    def save(self, enterprise: Enterprise, *, actor: Actor) -> tuple[User, str]:
        """Open the account and return its one-time password."""
        return open_account(enterprise, actor=actor, **self.cleaned_data)


class EndAccountForm(forms.Form):
    """Why an account acts for the firm no longer."""

    reason = LineField(label=_("停用原因"), min_length=2, max_length=100)

    def save(self, membership: Membership, *, actor: Actor) -> Membership:
        """End the account."""
        return end_account(membership, actor=actor, reason=self.cleaned_data["reason"])
