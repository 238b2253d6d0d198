"""The filter line of the directory."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.engines.enterprise_size import SECTIONS
from lianqi.enterprises.enums import EnterpriseKind, EnterpriseState, Size
from lianqi.kernel.fields import LineField


class DirectoryFilter(forms.Form):
    """What the list is narrowed by; a value that is no choice narrows nothing."""

    q = LineField(
        label=_("名称、信用代码或联系电话"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    size = forms.ChoiceField(
        label=_("规模"),
        required=False,
        choices=[("", _("全部")), *Size.choices, ("none", _("未划型"))],
    )
    section = forms.ChoiceField(
        label=_("行业门类"),
        required=False,
        choices=[("", _("全部")), *((key, f"{key} {s.name}") for key, s in SECTIONS.items())],
    )
    kind = forms.ChoiceField(
        label=_("类别"), required=False, choices=[("", _("全部")), *EnterpriseKind.choices]
    )
    state = forms.ChoiceField(
        required=False, choices=[("", ""), *EnterpriseState.choices], widget=forms.HiddenInput
    )

    def chosen(self) -> dict[str, str]:
        """Return the values that are valid."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
