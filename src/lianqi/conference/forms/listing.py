"""The filter lines of the room's lists."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.conference.enums import MeetingKind, MeetingState, StudyState, TopicState
from lianqi.conference.forms.topics import BODIES_THAT_MEET
from lianqi.kernel.fields import LineField

ANY = [("", _("全部"))]


class _Filter(forms.Form):
    """Reads an address; what cannot be read is left out."""

    q = LineField(
        label=_("搜一搜"), required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    body = forms.ChoiceField(
        label=_("议事机构"),
        required=False,
        choices=[*ANY, *((code, code.label) for code in BODIES_THAT_MEET)],
    )

    def __init__(self, asked: Any) -> None:
        super().__init__(asked, auto_id="filter_%s")
        self.full_clean()

    def asked(self) -> dict[str, Any]:
        """Return the filters of the list's query."""
        return {name: value for name, value in self.cleaned_data.items() if value}


class TopicFilter(_Filter):
    """Which topics to show."""

    kind = forms.ChoiceField(
        label=_("会议形式"), required=False, choices=[*ANY, *MeetingKind.choices]
    )
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("在办")), ("all", _("全部")), *TopicState.choices],
    )
    mine = forms.BooleanField(label=_("要我办的"), required=False)


class MeetingFilter(_Filter):
    """Which meetings to show."""

    kind = forms.ChoiceField(
        label=_("会议形式"), required=False, choices=[*ANY, *MeetingKind.choices]
    )
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[*ANY, *MeetingState.choices]
    )
    year = forms.IntegerField(label=_("年度"), required=False, min_value=2020, max_value=2100)


class StudyFilter(_Filter):
    """Which field studies to show."""

    state = forms.ChoiceField(label=_("状态"), required=False, choices=[*ANY, *StudyState.choices])
