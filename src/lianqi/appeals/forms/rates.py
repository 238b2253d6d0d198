"""Forms around the rates: what a page shows, freezing, the exclusion ledger, the facts pack."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.appeals import actions
from lianqi.appeals.enums import ExclusionReason, ExclusionState, Kind, RateKey
from lianqi.appeals.forms.step_form import StepForm
from lianqi.appeals.models import Appeal, Exclusion, FactsPack, FrozenRates
from lianqi.appeals.queries.periods import Period, asked_period
from lianqi.kernel.access import Actor
from lianqi.kernel.fields import LineField, LongField
from lianqi.kernel.forms import DayField, MultipleFileField
from lianqi.organisation.models import Unit


class PeriodForm(forms.Form):
    """Which period, kind and unit a page of figures shows; what cannot be read is left out."""

    since = DayField(label=_("首次派单从"), required=False)
    until = DayField(label=_("到"), required=False)
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
    period = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)

    def __init__(self, asked: Mapping[str, Any], *, all_units: bool) -> None:
        """Read an address; only who oversees all units may choose one."""
        super().__init__(asked, auto_id="filter_%s")
        self.fields["unit"].queryset = Unit.objects.all()  # type: ignore[attr-defined]
        if not all_units:
            del self.fields["unit"]
        self.full_clean()

    @property
    def asked(self) -> Period:
        """Return the period asked for."""
        said = self.cleaned_data
        first, last = said.get("since"), said.get("until")
        return asked_period(
            said.get("period", ""),
            first.isoformat() if first else "",
            last.isoformat() if last else "",
        )

    @property
    def kind_asked(self) -> str:
        """Return the kind asked for, "" for all."""
        return self.cleaned_data.get("kind", "")

    @property
    def unit_asked(self) -> str:
        """Return the code of the unit asked for, "" for all."""
        unit = self.cleaned_data.get("unit")
        return unit.code if unit else ""


class FreezeForm(forms.Form):
    """固化一段时间的三率."""

    first_day = DayField(label=_("起"))
    last_day = DayField(label=_("止"), help_text=_("要已经过完。格式：2026-11-23"))
    note = LongField(label=_("说明"), required=False, rows=2, max_length=500)
    idempotency_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=120)

    def save(self, *, actor: Actor) -> FrozenRates:
        """Freeze."""
        told = self.cleaned_data
        return actions.freeze_rates(
            actor=actor, first_day=told["first_day"], last_day=told["last_day"], note=told["note"]
        )


class ExclusionForm(StepForm):
    """申请剔除: an appeal out of one rate, with reason and evidence."""

    rate = forms.ChoiceField(label=_("从哪项指标剔除"), choices=RateKey, widget=forms.RadioSelect)
    reason = forms.ChoiceField(label=_("原因"), choices=ExclusionReason)
    text = LongField(label=_("情况说明"), rows=4, max_length=1000)
    files = MultipleFileField(label=_("佐证材料"), help_text=_("至少一份。"))
    idempotency_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=120)

    def apply(self, *, actor: Actor) -> Exclusion:
        """File the application."""
        told = self.cleaned_data
        return actions.apply_exclusion(
            self.appeal,
            actor=actor,
            rate=told["rate"],
            reason=told["reason"],
            text=told["text"],
            files=told["files"],
        )


class ExclusionStepForm(forms.Form):
    """A step on an application; ``act`` is the action it calls."""

    act: ClassVar[Any]
    note = LongField(label=_("意见"), required=False, rows=3, max_length=500)

    def save(self, exclusion: Exclusion, *, actor: Actor) -> Exclusion:
        """Take the step."""
        return type(self).act(exclusion, actor=actor, **self.cleaned_data)


class ApproveExclusionForm(ExclusionStepForm):
    """同意剔除."""

    act = actions.approve_exclusion


class RefuseExclusionForm(ExclusionStepForm):
    """不同意."""

    act = actions.refuse_exclusion
    note = LongField(label=_("理由"), rows=3, max_length=500)


class RetractExclusionForm(ExclusionStepForm):
    """撤回申请."""

    act = actions.retract_exclusion


class RevokeExclusionForm(ExclusionStepForm):
    """撤销剔除."""

    act = actions.revoke_exclusion
    note = LongField(label=_("理由"), rows=3, max_length=500)


EXCLUSION_STEP_FORMS: dict[str, type[ExclusionStepForm]] = {
    "approve": ApproveExclusionForm,
    "refuse": RefuseExclusionForm,
    "retract": RetractExclusionForm,
    "revoke": RevokeExclusionForm,
}


class LedgerForm(forms.Form):
    """What the exclusion ledger shows."""

    rate = forms.ChoiceField(
        label=_("指标"), required=False, choices=[("", _("全部指标")), *RateKey.choices]
    )
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部状态")), *ExclusionState.choices]
    )
    unit = forms.ModelChoiceField(
        label=_("主办单位"),
        required=False,
        queryset=Unit.objects.none(),
        to_field_name="code",
        empty_label=_("全部单位"),
    )
    first = DayField(label=_("申请从"), required=False)
    last = DayField(label=_("到"), required=False)

    def __init__(self, asked: Mapping[str, Any], *, all_units: bool) -> None:
        """Read an address; only who oversees all units may choose one."""
        super().__init__(asked, auto_id="filter_%s")
        self.fields["unit"].queryset = Unit.objects.all()  # type: ignore[attr-defined]
        if not all_units:
            del self.fields["unit"]
        self.full_clean()

    def asked(self) -> dict[str, Any]:
        """Return the filters of ``exclusion_rows``; what cannot be read is left out."""
        given = {name: value for name, value in self.cleaned_data.items() if value}
        if "unit" in given:
            given["unit"] = given["unit"].code
        return given


class FactsPackForm(forms.Form):
    """生成事实材料: what for, and in which format."""

    purpose = LineField(
        label=_("用途"), max_length=200, help_text=_("会记入台账，如“核查超时原因”。")
    )
    form = forms.ChoiceField(
        label=_("格式"),
        choices=[("docx", _("Word 文件")), ("pdf", _("PDF 文件"))],
        initial="docx",
        widget=forms.RadioSelect,
    )

    def save(self, appeal: Appeal, *, actor: Actor) -> FactsPack:
        """Enter the making."""
        return actions.make_facts_pack(appeal, actor=actor, purpose=self.cleaned_data["purpose"])
