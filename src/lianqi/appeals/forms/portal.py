"""Filing on the entrepreneurs' page: the same facts, with cards to choose from and a firm."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.appeals.enums import Kind
from lianqi.appeals.forms.filing import AppealForm
from lianqi.appeals.models import Appeal
from lianqi.enterprises.models import Contact, Enterprise
from lianqi.kernel.idempotency import once
from lianqi.kernel.rate_limits import spend
from lianqi.organisation.models import User

# Per kind: an icon, what it is for, and how to write it.
_CARDS = {
    Kind.CONSULT: (
        "help-circle",
        _("想弄清政策、条件或手续"),
        _("可以这样写：我想了解什么；为什么要了解；已经问过哪里。"),
    ),
    Kind.HELP: (
        "heart-handshake",
        _("遇到难处，希望有人协调解决"),
        _("可以这样写：什么时候、在哪里、遇到什么困难；对经营有什么影响；希望怎么解决。"),
    ),
    Kind.SUGGESTION: (
        "bulb",
        _("对政策或服务有想法"),
        _("可以这样写：现在是怎么做的；哪里不方便；建议怎么改。"),
    ),
    Kind.COMPLAINT: (
        "speakerphone",
        _("办事不公、推诿、乱收费等"),
        _("可以这样写：哪个单位、什么时间、什么事；有什么依据或材料；希望怎么处理。"),
    ),
}


class KindCards(forms.RadioSelect):
    """The kinds as large cards with their explanation; the hint shows for the chosen one."""

    template_name = "portal/kind_cards.html"

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what the card says."""
        option = super().create_option(*args, **kwargs)
        icon, note, hint = _CARDS[Kind(str(option["value"]))]
        place = option["attrs"]["id"]
        option["attrs"] |= {
            "aria-labelledby": f"{place}_label",
            "aria-describedby": f"{place}_note {place}_hint",
        }
        return {**option, "icon": icon, "note": note, "hint": hint}


class PortalAppealForm(AppealForm):
    """What a firm files about itself; an account with several firms says for which."""

    field_order = ("enterprise", "kind", "title", "content", "files")
    like_url_name = "portal:appeal_like"

    enterprise = forms.ModelChoiceField(
        label=_("为哪家企业反映"),
        queryset=Enterprise.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("请选择是哪家企业的事。")},
    )
    kind = forms.ChoiceField(
        label=_("您要反映的是"),
        choices=Kind,
        widget=KindCards,
        error_messages={"required": _("请从四类中选一类，拿不准就选“求助”。")},
    )

    def __init__(self, firms: Sequence[Enterprise], user: User, *args: Any, **kwargs: Any) -> None:
        """Offer the firms, and suggest whom to call."""
        suggested = _contact(firms, user)
        kwargs["initial"] = {"idempotency_key": new_key(), **suggested}
        super().__init__(*args, **kwargs)
        self.only_firm = firms[0] if len(firms) == 1 else None
        if self.only_firm:
            del self.fields["enterprise"]
        else:
            offered = Enterprise.objects.filter(pk__in=[firm.pk for firm in firms])
            self.fields["enterprise"].queryset = offered  # type: ignore[attr-defined]
        for name in suggested:
            self.fields[name].widget.attrs["data-suggested"] = ""

    def facts(self) -> dict[str, Any]:
        """Return what the action takes besides the firm."""
        return {key: value for key, value in super().facts().items() if key != "enterprise"}

    def file(self, *, actor: User) -> tuple[Appeal, bool]:
        """File the appeal, once for this form; return it and whether it is new.

        Raises:
            KeyReused: the form was sent before with other content.
            TooManyRequests: the firm has filed too often in this hour.
        """
        firm = self.only_firm or self.cleaned_data["enterprise"]

        def file() -> Appeal:
            spend("submit", firm.pk)
            return self.save(firm, actor=actor)

        content = {"enterprise": firm.pk, **_said(self.facts())}
        return once(actor, self.cleaned_data["idempotency_key"], content, file)

    def draw_new_key(self) -> None:
        """Let the next submit of the same page count as another appeal."""
        typed = dict(self.data.items())
        self.data = {**typed, self.add_prefix("idempotency_key"): new_key()}


def new_key() -> str:
    """Return a key that no other form has."""
    return str(uuid4())


def _contact(firms: Sequence[Enterprise], user: User) -> dict[str, Any]:
    """Suggest the firm's main contact, else the person who is signed in."""
    main = Contact.objects.filter(enterprise=firms[0]).first() if len(firms) == 1 else None
    if main is not None:
        return {"contact_name": main.name, "contact_phone": main.phone}
    return {"contact_name": user.full_name, "contact_phone": user.phone}


def _said(facts: dict[str, Any]) -> dict[str, object]:
    """Return the facts as they are compared with an earlier submit: phone and files by digest."""
    said = {key: value for key, value in facts.items() if key not in ("contact_phone", "files")}
    return {
        **said,
        "contact_phone": facts["contact_phone"].index,
        "files": [file.sm3 for file in facts["files"]],
    }
