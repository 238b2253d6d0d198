"""The form by which a desk is lent."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.kernel.clock import today
from lianqi.kernel.fields import LineField
from lianqi.kernel.forms import DayField
from lianqi.organisation.actions import hand_over_desk
from lianqi.organisation.models import Appointment, DeskHandover, User
from lianqi.organisation.queries.handovers import possible_stand_ins


class HandoverForm(forms.Form):
    """Who stands in, from when to when, and why."""

    stand_in = forms.ModelChoiceField(
        label=_("交给谁"),
        queryset=User.objects.none(),
        empty_label=_("请选择"),
        error_messages={"invalid_choice": _("代理人须是同一单位或同一办公室的在任人员。")},
    )
    valid_from = DayField(label=_("从哪一天起"))
    valid_to = DayField(label=_("到哪一天止（含当天）"))
    reason = LineField(
        label=_("原因"), max_length=150, help_text=_("如“外出培训”“年休假”。办公室看得到。")
    )
    idempotency_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=100)

    def __init__(self, held: Appointment, *args: Any, **kwargs: Any) -> None:
        """Offer the colleagues who may stand in for this post."""
        super().__init__(*args, **kwargs)
        self.held = held
        fields: Any = self.fields
        people = [person.pk for person in possible_stand_ins(held)]
        fields["stand_in"].queryset = User.objects.filter(pk__in=people).order_by("pk")
        fields["valid_from"].initial = today

    def facts(self) -> dict[str, Any]:
        """Return what is filed, without the key."""
        return {k: v for k, v in self.cleaned_data.items() if k != "idempotency_key"}

    def save(self, *, actor: Any) -> DeskHandover:
        """Lend the desk."""
        return hand_over_desk(self.held, actor=actor, **self.facts())
