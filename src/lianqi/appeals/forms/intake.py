"""快速登记: a call or a visit taken down on one page, with the keyboard alone."""

from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianqi.appeals.actions import submit_appeal
from lianqi.appeals.enums import Channel, Kind
from lianqi.appeals.models import Appeal
from lianqi.appeals.queries.callers import Caller, callers
from lianqi.enterprises.actions import enter_enterprise
from lianqi.enterprises.actions.facts import kind_of_code
from lianqi.enterprises.enums import EnterpriseKind
from lianqi.enterprises.models import Enterprise
from lianqi.kernel.access import Actor
from lianqi.kernel.fields import LineField, LongField
from lianqi.kernel.phones import Phone, PhoneFormField

CHANNELS = [(channel.value, channel.label) for channel in (Channel.PHONE, Channel.WINDOW)]
LONGEST_TITLE = 40
_SENTENCE_ENDS = "。！？；!?;\n"


class IntakeForm(forms.Form):
    """What a caller says; what is known of the firm need not be typed."""

    caller = LineField(
        label=_("来电号码、企业名称或信用代码"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    enterprise = forms.IntegerField(required=False, min_value=1, max_value=2**53)
    new_name = LineField(label=_("企业名称（名录里没有的填这里）"), required=False, max_length=100)
    new_code = LineField(
        label=_("统一社会信用代码"),
        required=False,
        max_length=30,
        help_text=_("民营经济人士没有代码，留空并勾选下一项。"),
    )
    new_person = forms.BooleanField(label=_("是民营经济人士（个人）"), required=False)
    channel = forms.ChoiceField(label=_("渠道"), choices=CHANNELS, widget=forms.RadioSelect)
    kind = forms.ChoiceField(label=_("类别"), choices=Kind, widget=forms.RadioSelect)
    content = LongField(label=_("反映的情况"), min_length=5, rows=5)
    title = LineField(
        label=_("一句话说明"),
        required=False,
        max_length=100,
        help_text=_("不填就用第一句话。"),
    )
    contact_name = LineField(
        label=_("联系人"), required=False, max_length=40, help_text=_("不填就用已知的联系人。")
    )
    contact_phone = PhoneFormField(
        label=_("联系电话"), required=False, help_text=_("不填就用来电号码或已知的电话。")
    )
    urgent = forms.BooleanField(label=_("紧急（停水停电、安全、生产中断等）"), required=False)
    idempotency_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=120)

    # The firm's part of the page is laid out by hand; the rest in this order.
    TOLD = ("content", "kind", "urgent", "contact_name", "contact_phone", "title", "channel")
    NEW_FIRM = ("new_name", "new_code", "new_person")

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        """Look for the caller whose words came in."""
        super().__init__(*args, **kwargs)
        # Longer than the field takes is no caller; databases refuse patterns of any length.
        said = str(self["caller"].value() or "")[:60] if self.is_bound else ""
        self.found: list[Caller] = callers(user, said)

    @property
    def chosen(self) -> int | None:
        """Return the firm that is ticked: the one chosen, else the only one found."""
        asked = str(self["enterprise"].value() or "")
        if asked.isdecimal() and int(asked) in [caller.firm.pk for caller in self.found]:
            return int(asked)
        return self.found[0].firm.pk if len(self.found) == 1 and not self._is_new else None

    @property
    def told(self) -> list[forms.BoundField]:
        """The fields of what the caller says."""
        return [self[name] for name in self.TOLD]

    @property
    def new_firm(self) -> list[forms.BoundField]:
        """The fields of a firm that is not in the directory."""
        return [self[name] for name in self.NEW_FIRM]

    @property
    def _is_new(self) -> bool:
        return bool(str(self["new_name"].value() or "").strip())

    def clean(self) -> dict[str, Any]:
        """Find out who calls and whom to call back; say what is still missing."""
        data = super().clean() or {}
        caller = next((one for one in self.found if one.firm.pk == self.chosen), None)
        if caller is None and not data.get("new_name"):
            self.add_error(
                "caller",
                _("请选一家企业。")
                if self.found
                else _("名录里没有找到，请换个写法，或填企业名称。"),
            )
        elif caller is None and not (data.get("new_code") or data.get("new_person")):
            self.add_error("new_code", _("请填统一社会信用代码；个人请勾选“是民营经济人士”。"))
        data["known"] = caller
        self._add_contact(data, caller)
        return data

    def _add_contact(self, data: dict[str, Any], caller: Caller | None) -> None:
        calling = _phone(data.get("caller", ""))
        phone = data.get("contact_phone") or calling or (caller and caller.contact_phone)
        name = data.get("contact_name") or (caller.contact_name if caller else "")
        if not name:
            self.add_error("contact_name", _("请问清并填写联系人。"))
        if not phone and "contact_phone" not in self.errors:
            self.add_error("contact_phone", _("请填写联系电话。"))
        data["contact_name"], data["contact_phone"] = name, phone

    def content_sent(self) -> dict[str, object]:
        """Return what makes two submissions the same."""
        said = self.cleaned_data
        told = {name: str(said.get(name, "")) for name in (*self.TOLD, *self.NEW_FIRM)}
        phone = said["contact_phone"]
        return {**told, "contact_phone": phone.index, "firm": self.chosen or 0}

    @transaction.atomic
    def save(self, *, actor: Actor) -> Appeal:
        """Enter the firm if it is new, and file what it says."""
        said = self.cleaned_data
        return submit_appeal(
            said["known"].firm if said["known"] else self._enter_firm(actor),
            actor=actor,
            kind=said["kind"],
            title=said["title"] or _first_sentence(said["content"]),
            content=said["content"],
            contact_name=said["contact_name"],
            contact_phone=said["contact_phone"],
            channel=said["channel"],
            urgent=said["urgent"],
        )

    def _enter_firm(self, actor: Actor) -> Enterprise:
        said = self.cleaned_data
        person = said["new_person"]
        return enter_enterprise(
            actor=actor,
            uscc=None if person else said["new_code"],
            kind=EnterpriseKind.PERSON if person else kind_of_code(said["new_code"]),
            name=said["new_name"],
            contact_name=said["contact_name"],
            contact_phone=said["contact_phone"],
        )


def _phone(text: str) -> Phone | None:
    try:
        return Phone.of(text)
    except ValueError:
        return None


def _first_sentence(content: str) -> str:
    """Return the first sentence, short enough for a title."""
    ends = [at for at in (content.find(mark) for mark in _SENTENCE_ENDS) if at >= 4]
    first = content[: min(ends)] if ends else content
    return " ".join(first.split())[:LONGEST_TITLE]
