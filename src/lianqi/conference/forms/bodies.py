"""Forms for what meetings go by: rules, members, the delegation to convene."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.conference import actions
from lianqi.conference.forms.step_form import offer_rows, one_unit, units
from lianqi.conference.forms.topics import BODIES_THAT_MEET
from lianqi.conference.models import Delegation, MeetingRule, MemberUnit
from lianqi.conference.queries.bodies import directors_of
from lianqi.kernel.access import Actor
from lianqi.kernel.clock import today
from lianqi.kernel.fields import LineField
from lianqi.kernel.forms import DayField, in_words
from lianqi.kernel.models.limits import LimitSource
from lianqi.organisation.enums import BodyCode
from lianqi.organisation.models import User


class MeetingRuleForm(forms.Form):
    """How many meetings a year from a day on."""

    least = forms.IntegerField(
        label=_("每年至少"),
        required=False,
        min_value=0,
        max_value=60,
        help_text=_("留空为不定期。"),
    )
    most = forms.IntegerField(
        label=_("每年至多"), required=False, min_value=0, max_value=60, help_text=_("留空为不限。")
    )
    warn_month = forms.IntegerField(label=_("从几月起提醒"), min_value=1, max_value=12)
    source = forms.ChoiceField(label=_("来源"), choices=in_words(LimitSource.choices))
    basis = LineField(label=_("依据"), max_length=200)
    effective_from = DayField(label=_("生效日期"))

    def __init__(self, rule: MeetingRule, *args: Any, **kwargs: Any) -> None:
        """Begin with the row in force."""
        self.rule = rule
        known = ("least", "most", "warn_month", "source", "basis")
        initial = {name: getattr(rule, name) for name in known}
        super().__init__(*args, initial={**initial, "effective_from": today()}, **kwargs)

    def save(self, *, actor: Actor) -> MeetingRule:
        """Add the row."""
        return actions.set_meeting_rule(self.rule, actor=actor, **self.cleaned_data)


class AdmitMemberForm(forms.Form):
    """登记成员单位."""

    body = forms.ChoiceField(
        label=_("议事机构"), choices=[(code, code.label) for code in BODIES_THAT_MEET]
    )
    unit = one_unit(_("单位"))
    since = DayField(label=_("加入日期"))
    source = LineField(label=_("依据"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer all units."""
        super().__init__(*args, initial={"since": today()}, **kwargs)
        offer_rows(self, "unit", units())

    def save(self, *, actor: Actor) -> MemberUnit:
        """Register it."""
        return actions.admit_member(actor=actor, **self.cleaned_data)


class EndMembershipForm(forms.Form):
    """退出成员单位."""

    until = DayField(label=_("最后一天"))

    def save(self, member: MemberUnit, *, actor: Actor) -> MemberUnit:
        """End it."""
        return actions.end_membership(member, actor=actor, **self.cleaned_data)


class DelegateConveningForm(forms.Form):
    """登记召集委托."""

    delegate = forms.ModelChoiceField(
        label=_("受托人"), queryset=User.objects.none(), empty_label=None
    )
    reason = LineField(label=_("原因和依据"), max_length=300)
    valid_until = DayField(label=_("有效期至"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the directors of the conference's office."""
        initial = {"valid_until": today() + timedelta(days=30)}
        super().__init__(*args, initial=initial, **kwargs)
        offer_rows(self, "delegate", directors_of(BodyCode.JC))

    def save(self, *, actor: Actor) -> Delegation:
        """Record it."""
        return actions.delegate_convening(BodyCode.JC, actor=actor, **self.cleaned_data)
