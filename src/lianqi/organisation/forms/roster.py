"""Forms about the roster and its changes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.kernel.clock import today
from lianqi.kernel.fields import LineField, LongField
from lianqi.kernel.forms import DayField
from lianqi.kernel.phones import PhoneFormField
from lianqi.kernel.uploads import ROSTER_FILE
from lianqi.organisation.actions import (
    acknowledge_roster_change,
    file_roster_change,
    return_roster_change,
)
from lianqi.organisation.enums import Post
from lianqi.organisation.models import RosterChange, Unit


class RosterFilter(forms.Form):
    """The search line of the roster."""

    q = LineField(label=_("单位或姓名"), required=False)


class RosterFileForm(forms.Form):
    """Takes the roster's file."""

    file = forms.FileField(
        label=_("名册文件"),
        help_text=_(
            "收 Excel（xlsx）、CSV 或附件原文（txt），10 MB 以内；上传后先看对照，不会改动名册。"
        ),
        widget=forms.FileInput(
            attrs={"accept": ",".join(f".{t}" for t in sorted(ROSTER_FILE.types))}
        ),
    )


class RosterConfirmForm(forms.Form):
    """Confirms what the preview has shown."""

    draft = forms.CharField(widget=forms.HiddenInput, max_length=100)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)


class RosterChangeFilter(forms.Form):
    """The search line of the filings."""

    q = LineField(label=_("单位、接任人或编号"), required=False)
    state = forms.CharField(required=False, widget=forms.HiddenInput)


class RosterChangeForm(forms.Form):
    """Files that a unit's leader or liaison changes (附件1 四（二）)."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("单位"), empty_label=None)
    post = forms.ChoiceField(
        label=_("调整的岗位"),
        choices=[(post.value, post.label) for post in (Post.LIAISON, Post.LEADER)],
        widget=forms.RadioSelect,
    )
    successor_name = LineField(label=_("接任人姓名"), max_length=40)
    successor_title = LineField(
        label=_("接任人职务"),
        max_length=60,
        help_text=_("联络员应是科室主要负责同志（第九条），如“综合科科长”。"),
    )
    successor_phone = PhoneFormField(label=_("接任人手机"), required=True)
    effective_on = DayField(label=_("从哪一天起"))
    reason = LongField(label=_("调整原因"), max_length=200, rows=3)
    idempotency_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=100)

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        """Offer the units for which the person speaks; the first is preset."""
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["unit"].queryset = units
        fields["effective_on"].initial = today

    def facts(self) -> dict[str, Any]:
        """Return what is filed, without the key."""
        return {k: v for k, v in self.cleaned_data.items() if k != "idempotency_key"}

    def save(self, *, actor: Any) -> RosterChange:
        """File the change."""
        facts = self.facts()
        return file_roster_change(facts.pop("unit"), actor=actor, **facts)


class AcknowledgeForm(forms.Form):
    """Acknowledges a filing."""

    note = LongField(label=_("备案意见"), max_length=200, rows=3, required=False)

    def save(self, change: RosterChange, *, actor: Any) -> RosterChange:
        """Acknowledge it."""
        return acknowledge_roster_change(change, actor=actor, note=self.cleaned_data["note"])


class ReturnForm(forms.Form):
    """Sends a filing back."""

    note = LongField(label=_("退回原因"), max_length=200, rows=3)

    def save(self, change: RosterChange, *, actor: Any) -> RosterChange:
        """Return it with the reason."""
        return return_roster_change(change, actor=actor, note=self.cleaned_data["note"])


STEP_FORMS = {"acknowledge": AcknowledgeForm, "return_filing": ReturnForm}
