"""The facts of a firm as people type them; pages, imports and corrections share these fields."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lianqi.engines.identifiers import check_uscc
from lianqi.enterprises.actions.facts import FIGURES, LABELS, checked_industry
from lianqi.enterprises.enums import EnterpriseKind
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.fields import LineField
from lianqi.kernel.phones import PhoneFormField

MOST_EMPLOYEES = 10_000_000
_UNIT = re.compile(r"\s*(人|名|万元|万)$")


class UsccField(LineField):
    """A unified social credit code, put right where only its form is off."""

    def __init__(self, **kwargs: Any) -> None:
        """Let people type it with spaces."""
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault("label", _("统一社会信用代码"))
        super().__init__(**kwargs)
        self.widget.attrs.update({"autocapitalize": "characters", "autocomplete": "off"})

    def clean(self, value: Any) -> str:
        """Return the 18 characters."""
        text = super().clean(value)
        if not text:
            return ""
        try:
            return check_uscc(text)
        except ValueError as wrong:
            raise ValidationError(str(wrong), code="invalid") from wrong


class IndustryField(LineField):
    """An industry code of GB/T 4754-2017, returned as letter and digits (C13)."""

    def clean(self, value: Any) -> str:
        """Return the code, or "" if none was given."""
        try:
            return checked_industry(super().clean(value))
        except RuleBroken as wrong:
            raise ValidationError(wrong.message, code="invalid") from wrong


class HeadcountField(forms.IntegerField):
    """A number of people, typed as 1,200 or 1200人."""

    default_error_messages = {"invalid": _("应为整数人数，如 120。")}

    def to_python(self, value: Any) -> int | None:
        """Return the number without its marks."""
        return super().to_python(bare_figure(value))


class WanField(forms.DecimalField):
    """An amount in 万元, typed as 1,200.5 or 1200.5万元."""

    default_error_messages = {"invalid": _("应为万元数字，如 5600 或 5600.5。")}

    def __init__(self, **kwargs: Any) -> None:
        """Take what the column can hold."""
        bounds = {"min_value": 0, "max_digits": 14, "decimal_places": 2}
        super().__init__(**{**bounds, **kwargs})

    def to_python(self, value: Any) -> Decimal | None:
        """Return the amount without its marks."""
        return super().to_python(bare_figure(value))


def bare_figure(value: Any) -> Any:
    """Strip thousands separators and the unit behind a figure."""
    if not isinstance(value, str):
        return value
    return _UNIT.sub("", value.strip()).replace(",", "").replace("，", "")


class FactsForm(forms.Form):
    """What a firm itself may say about itself."""

    industry_code = IndustryField(
        label=_("行业代码"),
        required=False,
        max_length=10,
        help_text=_("国民经济行业分类 GB/T 4754，如 C34、F51、I65；不清楚可以不填。"),
    )
    employees = HeadcountField(
        label=_("从业人员（人）"),
        required=False,
        min_value=0,
        max_value=MOST_EMPLOYEES,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=_("上年末人数。"),
    )
    revenue_wan = WanField(
        label=_("营业收入（万元）"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=_("上年度，单位是万元。"),
    )
    assets_wan = WanField(
        label=_("资产总额（万元）"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=_("上年末，单位是万元；建筑、房地产、租赁和商务服务业划分规模要用。"),
    )
    address = LineField(label=_("地址"), required=False, max_length=200)

    def facts(self) -> dict[str, Any]:
        """Return the descriptive facts as the action takes them."""
        given = {name: self.cleaned_data[name] for name in LABELS if name in self.cleaned_data}
        return {name: value if name in FIGURES else (value or "") for name, value in given.items()}


class NamedFactsForm(FactsForm):
    """The same with the name, which the office takes from the licence."""

    field_order = ("name",)

    name = LineField(label=_("名称"), min_length=2, max_length=120)


class IdentityForm(NamedFactsForm):
    """Who the firm is, what is known of it, and whom to call."""

    field_order = ("kind", "uscc", "name")

    kind = forms.ChoiceField(
        label=_("类别"),
        choices=EnterpriseKind,
        initial=EnterpriseKind.COMPANY,
        widget=forms.RadioSelect,
    )
    uscc = UsccField(required=False, help_text=_("营业执照上的 18 位代码；民营经济人士不用填。"))
    contact_name = LineField(label=_("联系人"), max_length=40)
    contact_phone = PhoneFormField(label=_("联系电话"))

    def clean(self) -> dict[str, Any]:
        """Ask for the code of everyone but a person."""
        data = super().clean() or self.cleaned_data
        if data.get("kind") == EnterpriseKind.PERSON:
            data["uscc"] = ""
        elif data.get("kind") and not data.get("uscc") and "uscc" not in self.errors:
            self.add_error("uscc", _("请填写统一社会信用代码（18位，见营业执照）。"))
        return data
