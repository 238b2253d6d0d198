"""The filters of the ledger's list, as its address carries them."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.kernel.forms import DayField, offer
from lianqi.ledger.enums import ItemSource, ItemState
from lianqi.ledger.queries.items import VIEWS, programmes
from lianqi.ledger.queries.lights import LIGHTS
from lianqi.organisation.models import Unit, User

FIRST_VIEW = "open"


def _hidden() -> forms.CharField:
    return forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)


class ItemFilterForm(forms.Form):
    """What the list shows; the hidden filters come from the figures of the board."""

    q = forms.CharField(
        label=_("编号、事项、依据"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部状态")), *ItemState.choices]
    )
    light = forms.ChoiceField(
        label=_("灯号"), required=False, choices=[("", _("全部灯号")), *LIGHTS.items()]
    )
    unit = forms.ChoiceField(label=_("责任单位"), required=False)
    source = forms.ChoiceField(
        label=_("来源"), required=False, choices=[("", _("全部来源")), *ItemSource.choices]
    )
    programme = forms.ChoiceField(label=_("专项"), required=False)
    due_from = DayField(label=_("时限从"), required=False, help_text="")
    due_to = DayField(label=_("到"), required=False, help_text="")
    view = _hidden()
    year = _hidden()
    lead = _hidden()
    on_time = _hidden()
    judged = _hidden()

    def __init__(self, asked: Mapping[str, Any], user: User) -> None:
        """Read an address; the units in use and this person's programmes are offered."""
        super().__init__(asked, auto_id="filter_%s")
        units = list(Unit.objects.filter(active=True).values_list("code", "name"))
        offer(self, "unit", [("", _("全部单位")), *units])
        tags = [(tag, tag) for tag in programmes(user)]
        offer(self, "programme", [("", _("全部专项")), *tags])
        self.full_clean()

    @property
    def view_key(self) -> str:
        """The tab that is open."""
        asked = str(self.cleaned_data.get("view") or FIRST_VIEW)
        return asked if asked in VIEWS else FIRST_VIEW

    def asked(self) -> dict[str, Any]:
        """Return the filters as ``filtered_items`` takes them; what cannot be read is left out."""
        told = {name: value for name, value in self.cleaned_data.items() if value}
        told["view"] = self.view_key
        year = str(told.pop("year", ""))
        if year.isdecimal():
            told["year"] = int(year)
        return told
