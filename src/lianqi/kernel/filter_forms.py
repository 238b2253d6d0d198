"""Filter lines of the shared lists, and the purpose asked for before a number is shown."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lianqi.kernel.actions.phones import SHORTEST_PURPOSE
from lianqi.kernel.fields import LineField
from lianqi.kernel.forms import DayField, in_words, offer
from lianqi.kernel.models import DocumentReading
from lianqi.kernel.models.duty import DutyState

LIGHTS = [("red", _("逾期")), ("amber", _("临期")), ("green", _("正常")), ("blue", _("持续"))]
WHOSE = [("mine", _("我的岗位")), ("near", _("本单位和本岗位")), ("awaited", _("我在等的"))]


class DutyFilter(forms.Form):
    """What to show in the list of duties."""

    q = LineField(
        label=_("事情或责任岗位"), required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    whose = forms.ChoiceField(label=_("范围"), required=False)
    unit = forms.ChoiceField(label=_("单位"), required=False)
    light = forms.ChoiceField(label=_("灯"), required=False, choices=[("", _("全部")), *LIGHTS])
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("在办")), *in_words(DutyState.choices)]
    )

    def __init__(
        self, *args: Any, units: list[tuple[str, str]], widest: Any, **kwargs: Any
    ) -> None:
        """Offer the units this person may list; ``widest`` names the list without a range."""
        super().__init__(*args, **kwargs)
        offer(self, "unit", [("", _("全部")), *units])
        offer(self, "whose", [("", widest), *WHOSE])


class JournalFilter(forms.Form):
    """Which lines of the journal to show."""

    subject_type = forms.ChoiceField(label=_("对象"), required=False)
    subject_id = forms.IntegerField(
        label=_("对象编号"), required=False, min_value=1, max_value=2**63 - 1
    )
    actor = LineField(label=_("经办人"), required=False, max_length=60)
    verb = LineField(label=_("动作"), required=False, max_length=60)
    since = DayField(label=_("自"), required=False, help_text="")
    until = DayField(label=_("至"), required=False, help_text="")

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **kwargs: Any) -> None:
        """Offer the kinds of records."""
        super().__init__(*args, **kwargs)
        offer(self, "subject_type", [("", _("全部")), *kinds])


class ReadingFilter(forms.Form):
    """Which downloads of issued documents to show."""

    q = LineField(
        label=_("文号或下载人"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    document = forms.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput
    )

    def narrow(self, rows: QuerySet[DocumentReading]) -> QuerySet[DocumentReading]:
        """Return those of the downloads that were asked for."""
        words, document = self.cleaned_data["q"], self.cleaned_data["document"]
        if words:
            rows = rows.filter(Q(document__number__icontains=words) | Q(signature__icontains=words))
        return rows.filter(document=document) if document else rows


class PurposeForm(forms.Form):
    """What a full number is needed for."""

    purpose = LineField(
        label=_("用途"),
        min_length=SHORTEST_PURPOSE,
        max_length=200,
        help_text=_("如“电话联系企业核实停电情况”。用途会写入办理记录。"),
    )
