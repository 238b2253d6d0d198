"""What the ledgers of promises and of precedents show, as their addresses carry it."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.kernel.fields import LineField
from lianqi.organisation.models import Unit


class MonthField(forms.CharField):
    """A month typed as 2026-09; the first day of it, or None."""

    def clean(self, value: Any) -> date | None:
        """Read the month; ValidationError if it is none."""
        text = super().clean(value)
        if not text:
            return None
        try:
            if not text.startswith("20"):
                raise ValueError(text)
            return date.fromisoformat(f"{text}-01")
        except ValueError:
            raise forms.ValidationError(_("月份请写成 2026-09 这样。")) from None


def _unit() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        label=_("单位"),
        required=False,
        queryset=Unit.objects.none(),
        to_field_name="code",
        empty_label=_("全部单位"),
    )


class LedgerFilter(forms.Form):
    """A filter that is read from an address; what cannot be read is left out."""

    unit = _unit()

    def __init__(self, asked: Any) -> None:
        """Read an address; the units in use are offered."""
        super().__init__(asked, auto_id="filter_%s")
        self.fields["unit"].queryset = Unit.objects.filter(active=True)  # type: ignore[attr-defined]
        self.full_clean()

    @property
    def unit_code(self) -> str:
        """Return the unit's code, or ""."""
        unit = self.cleaned_data.get("unit")
        return unit.code if unit else ""


class PromiseFilter(LedgerFilter):
    """Which promises to show; the fate is a tab."""

    month = MonthField(label=_("承诺月份（如 2026-09）"), required=False, max_length=7, strip=True)
    fate = forms.CharField(widget=forms.HiddenInput, required=False, max_length=12)

    def asked(self) -> dict[str, Any]:
        """Return the filters of the ledger besides the fate."""
        return {"unit": self.unit_code, "month": self.cleaned_data.get("month")}


class PrecedentFilter(LedgerFilter):
    """Which rulings to show."""

    q = LineField(
        label=_("事项、依据、理由"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    verdict = forms.ChoiceField(
        label=_("裁定"),
        required=False,
        choices=[("", _("全部")), ("upheld", _("成立，改派")), ("refused", _("不成立"))],
    )

    field_order = ("q", "verdict", "unit")

    def asked(self) -> dict[str, Any]:
        """Return the filters of the list."""
        said = self.cleaned_data
        return {
            "q": said.get("q", ""),
            "unit": self.unit_code,
            "verdict": said.get("verdict", ""),
        }
