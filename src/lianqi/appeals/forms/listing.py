"""The filters of the appeal list, as its address carries them."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.appeals.enums import AppealState, Channel, Kind, Outcome
from lianqi.appeals.queries.listing import STAGES
from lianqi.appeals.queries.search import appeal_query
from lianqi.kernel.forms import DayField, offer
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
FOLDED = (
    "since", "until", "channel", "outcome", "co_unit", "firm", "again", "promised", "joined",
)  # fmt: skip
OPEN_FILTERS = ("state", "kind", "unit", "urgent")
_STATES = [("", _("全部状态")), ("open", _("在办")), ("done", _("已办结")), *AppealState.choices]


def _hidden() -> forms.CharField:
    return forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)


class AppealFilterForm(forms.Form):
    """What the list shows; the hidden filters come from the figures of the board."""

    # However long it is: the grammar says what it does not read.
    q = forms.CharField(
        label=_("编号、标题、内容、答复、企业"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    state = forms.ChoiceField(label=_("状态"), required=False, choices=_STATES)
    kind = forms.ChoiceField(
        label=_("类别"), required=False, choices=[("", _("全部类别")), *Kind.choices]
    )
    unit = forms.ChoiceField(label=_("主办单位"), required=False)
    urgent = forms.BooleanField(label=_("只看紧急"), required=False)
    since = DayField(label=_("提交日期从"), required=False, help_text="")
    until = DayField(label=_("到"), required=False, help_text="")
    channel = forms.ChoiceField(
        label=_("渠道"), required=False, choices=[("", _("全部渠道")), *Channel.choices]
    )
    outcome = forms.ChoiceField(
        label=_("办理结果"), required=False, choices=[("", _("全部结果")), *Outcome.choices]
    )
    co_unit = forms.ChoiceField(label=_("协办单位"), required=False)
    firm = forms.CharField(label=_("企业全称或信用代码"), required=False, max_length=120)
    again = forms.BooleanField(label=_("重办过的"), required=False)
    promised = forms.BooleanField(label=_("有承诺日期的"), required=False)
    joined = forms.BooleanField(label=_("有并案的"), required=False)
    view = _hidden()
    sort = _hidden()
    light = _hidden()
    owed_by = _hidden()
    rating = _hidden()
    reached = _hidden()
    on = _hidden()

    def __init__(self, asked: Mapping[str, Any]) -> None:
        """Read an address; the units in use are offered."""
        super().__init__(asked, auto_id="filter_%s")
        self.units = tuple(Unit.objects.filter(active=True).values_list("code", "name"))
        for name in ("unit", "co_unit"):
            offer(self, name, [("", _("全部单位")), *self.units])
        self.full_clean()

    @property
    def kept_key(self) -> tuple[Any, ...] | None:
        """What the look of all filters but the words searched depends on; None: of no use again."""
        if self.errors or self.data.get("firm"):
            return None
        return (self.units, *(self.data.get(name, "") for name in self.fields if name != "q"))

    @property
    def searched(self) -> forms.BoundField:
        """The words searched, which come first."""
        return self["q"]

    @property
    def first(self) -> list[forms.BoundField]:
        """The other filters that always stand above the list."""
        return [self[name] for name in OPEN_FILTERS]

    @property
    def more(self) -> list[forms.BoundField]:
        """The filters that are folded away, until one of them is used."""
        return [self[name] for name in FOLDED]

    @property
    def more_in_use(self) -> bool:
        """Whether one of the folded filters is used, or wrong."""
        return any(self.cleaned_data.get(name) or name in self.errors for name in FOLDED)

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
        """Return the order: "due" or "new"; what was searched comes newest first."""
        asked = self.cleaned_data.get("sort")
        usual = "new" if self.cleaned_data.get("q") else "due"
        return asked if asked in ("due", "new") else usual

    @property
    def view_alone(self) -> str:
        """Return the saved view, if nothing else is asked for."""
        return self.view_key if self.asked() == VIEWS[self.view_key][1] else ""

    def asked(self) -> dict[str, Any]:
        """Return the filters of ``filtered_appeals``; what cannot be read is left out."""
        given = {
            name: value
            for name, value in self.cleaned_data.items()
            if value and name not in ("view", "sort")
        }
        for name in {"since", "until"} & given.keys():
            given[name] = given[name].isoformat()
        return {**VIEWS[self.view_key][1], **given}

    def notes(self) -> list[str]:
        """Say in words what is asked for, beyond what the open filters show."""
        said = self.cleaned_data
        boxes = [self[name].label for name in ("again", "promised", "joined") if said.get(name)]
        light = {"red": _("有逾期事项"), "amber": _("有临期事项")}.get(said.get("light", ""), "")
        rating = {"bad": _("有差评"), "any": _("已评价")}.get(said.get("rating", ""), "")
        notes = [
            light,
            _("由%s应办") % self._unit_name(said["owed_by"]) if said.get("owed_by") else "",
            rating,
            _("%s 以来提交") % said["since"] if said.get("since") else "",
            _("%s 以前提交") % said["until"] if said.get("until") else "",
            dict(Channel.choices).get(said.get("channel", ""), ""),
            dict(Outcome.choices).get(said.get("outcome", ""), ""),
            _("%s协办") % self._unit_name(said["co_unit"]) if said.get("co_unit") else "",
            said.get("firm", ""),
            *boxes,
            _("已%s") % STAGES[said["reached"]] if said.get("reached") in STAGES else "",
            said.get("on", ""),
        ]
        return [str(note) for note in notes if note] + list(appeal_query(said.get("q", "")).notes)

    def _unit_name(self, code: str) -> str:
        return Unit.objects.filter(code=code).values_list("name", flat=True).first() or code
