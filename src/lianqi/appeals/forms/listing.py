"""The filters of the appeal list, as its address carries them."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.appeals.enums import AppealState, Kind
from lianqi.appeals.queries.listing import STAGES
from lianqi.organisation.models import Unit

DEFAULT_VIEW = "open"
# A saved view is a tab: its name and the filters it stands for.
VIEWS: dict[str, tuple[Any, dict[str, Any]]] = {
    "desk": (_("待我办"), {"mine": "desk"}),
    "open": (_("在办"), {"state": "open"}),
    "overdue": (_("逾期"), {"overdue": True}),
    "unrated": (_("待评价"), {"state": AppealState.ANSWERED.value}),
    "done": (_("已办结"), {"state": "done"}),
    "all": (_("全部"), {}),
}
_STATES = [("", _("全部状态")), ("open", _("在办")), ("done", _("已办结")), *AppealState.choices]


def _hidden() -> forms.CharField:
    return forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)


class AppealFilterForm(forms.Form):
    """What the list shows; the hidden filters come from the figures of the board."""

    q = forms.CharField(
        label=_("编号、标题、内容、企业"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    state = forms.ChoiceField(label=_("状态"), required=False, choices=_STATES)
    kind = forms.ChoiceField(
        label=_("类别"), required=False, choices=[("", _("全部类别")), *Kind.choices]
    )
    unit = forms.ModelChoiceField(
        label=_("主办单位"),
        required=False,
        queryset=Unit.objects.none(),
        to_field_name="code",
        empty_label=_("全部单位"),
    )
    urgent = forms.BooleanField(label=_("只看紧急"), required=False)
    view = _hidden()
    sort = _hidden()
    light = _hidden()
    owed_by = _hidden()
    rating = _hidden()
    since = _hidden()
    reached = _hidden()
    on = _hidden()

    def __init__(self, asked: Mapping[str, Any]) -> None:
        """Read an address; the units in use are offered."""
        super().__init__(asked, auto_id="filter_%s")
        self.fields["unit"].queryset = Unit.objects.filter(active=True)  # type: ignore[attr-defined]
        self.full_clean()

    @property
    def view_key(self) -> str:
        """Return the saved view shown; a state or a search asked for by itself looks everywhere."""
        view = self.cleaned_data.get("view", "")
        state = self.cleaned_data.get("state", "")
        if view not in VIEWS:
            view = "all" if state or self.cleaned_data.get("q") else DEFAULT_VIEW
        return "all" if state and "state" in VIEWS[view][1] else view

    @property
    def sort_key(self) -> str:
        """Return the order: "due" or "new"."""
        return "new" if self.cleaned_data.get("sort") == "new" else "due"

    def asked(self) -> dict[str, Any]:
        """Return the filters of ``filtered_appeals``; what cannot be read is left out."""
        given = {
            name: value
            for name, value in self.cleaned_data.items()
            if value and name not in ("view", "sort")
        }
        if "unit" in given:
            given["unit"] = given["unit"].code
        return {**VIEWS[self.view_key][1], **given}

    def notes(self) -> list[str]:
        """Say the hidden filters in words."""
        said = self.cleaned_data
        light = {"red": _("有逾期事项"), "amber": _("有临期事项")}.get(said.get("light", ""), "")
        rating = {"bad": _("有差评"), "any": _("已评价")}.get(said.get("rating", ""), "")
        notes = [
            light,
            _("由%s应办") % self._unit_name(said["owed_by"]) if said.get("owed_by") else "",
            rating,
            _("%s 以来提交") % said["since"] if said.get("since") else "",
            _("已%s") % STAGES[said["reached"]] if said.get("reached") in STAGES else "",
            said.get("on", ""),
        ]
        return [str(note) for note in notes if note]

    def _unit_name(self, code: str) -> str:
        return Unit.objects.filter(code=code).values_list("name", flat=True).first() or code
