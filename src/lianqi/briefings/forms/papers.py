"""Filters of the two lists, a paper's words and recipients, and its steps."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.briefings.actions import (
    draft_paper,
    issue_paper,
    revise_paper,
    sign_paper,
    withdraw_paper,
)
from lianqi.briefings.actions.papers import Facts
from lianqi.briefings.enums import PaperKind, Urgency
from lianqi.briefings.models import Draft
from lianqi.engines.officialdoc import KINDS
from lianqi.kernel.access import Actor
from lianqi.kernel.fields import LineField, LongField
from lianqi.kernel.forms import in_words
from lianqi.kernel.step_forms import SubjectStepForm
from lianqi.kernel.uploads import classification_mark
from lianqi.organisation.models import Body, Unit

_FACTS = (
    "title", "text", "to_units", "to_bodies", "to_others", "copies", "attachments", "contact", "urgency",
)  # fmt: skip


class RegisterFilter(forms.Form):
    """What the register is narrowed by."""

    q = LineField(
        label=_("标题、文号或发文机关"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    kind = forms.ChoiceField(
        label=_("文种"),
        required=False,
        choices=[("", _("全部")), *in_words([(key, kind.label) for key, kind in KINDS.items()])],
    )
    year = forms.IntegerField(label=_("年度"), required=False, min_value=2020, max_value=2100)

    def chosen(self) -> dict[str, Any]:
        """Return the values that are valid and say something."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class DraftFilter(forms.Form):
    """What the list of drafts is narrowed by."""

    q = LineField(label=_("标题"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    state = forms.CharField(required=False, widget=forms.HiddenInput)


class PaperForm(forms.Form):
    """A paper's words and recipients."""

    kind = forms.ChoiceField(label=_("文种"), choices=PaperKind.choices)
    title = LineField(
        label=_("标题"),
        max_length=120,
        help_text=_("末尾写文种，如“关于……的通知”；简报写消息标题。"),
    )
    to_units = forms.ModelMultipleChoiceField(
        Unit.objects.none(),
        label=_("主送单位"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("成员单位全选时写作“各成员单位”。"),
    )
    to_bodies = forms.ModelMultipleChoiceField(
        Body.objects.none(),
        label=_("主送议事机构"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    to_others = LineField(
        label=_("其他主送机关"),
        required=False,
        max_length=200,
        help_text=_("不在名册里的写在这里，如区党工委；多个用顿号分开。请示只能有一个主送机关。"),
    )
    text = LongField(
        label=_("正文"),
        rows=16,
        help_text=_("一段一行；标题用“一、”“（一）”“1.”“（1）”，版式自动生成。"),
    )
    attachments = LongField(
        label=_("附件名称"), required=False, rows=2, max_length=1000, help_text=_("一行一个。")
    )
    copies = LineField(
        label=_("抄送"),
        required=False,
        max_length=200,
        help_text=_("多个用顿号分开；简报写“报”的对象。"),
    )
    contact = LineField(
        label=_("联系人和电话"), required=False, max_length=60, help_text=_("写办公电话。")
    )
    urgency = forms.ChoiceField(label=_("紧急程度"), required=False, choices=Urgency.choices)
    idempotency_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, draft: Draft | None = None, **kwargs: Any) -> None:
        """Offer the units and bodies of today; a draft's kind stays as it is."""
        super().__init__(*args, **kwargs)
        self.draft = draft
        self.fields["to_units"].queryset = Unit.objects.filter(active=True)
        self.fields["to_bodies"].queryset = Body.objects.order_by("code")
        if draft is not None:
            del self.fields["kind"]

    @classmethod
    def of(cls, draft: Draft, data: Any = None) -> "PaperForm":
        """Return the form of a draft, filled with what it says."""
        initial = {name: getattr(draft, name) for name in _FACTS[:2] + _FACTS[4:]}
        initial["to_units"] = list(draft.to_units.all())
        initial["to_bodies"] = list(draft.to_bodies.all())
        return cls(data, draft=draft, initial=initial)

    def clean(self) -> dict[str, Any]:
        """Refuse secrecy marks in whatever is written: this is an unclassified system (A1-R-4)."""
        for name, value in self.cleaned_data.items():
            if isinstance(value, str) and classification_mark(value):
                self.add_error(
                    name, _("内容中有密级标志，本系统不得填报涉密事项，请删去后再提交。")
                )
                break
        return self.cleaned_data

    def facts(self) -> Facts:
        """Return what was written."""
        return Facts(**{name: self.cleaned_data[name] for name in _FACTS})

    def content(self) -> dict[str, Any]:
        """Return what tells one submission from another."""
        return {
            name: [one.pk for one in value] if name in ("to_units", "to_bodies") else value
            for name, value in self.cleaned_data.items()
            if name != "idempotency_key"
        }

    def save(self, *, actor: Actor) -> Draft:
        """Write the draft, or change it."""
        if self.draft is None:
            return draft_paper(self.cleaned_data["kind"], self.facts(), actor=actor)
        return revise_paper(self.draft, self.facts(), actor=actor)


class SignForm(SubjectStepForm):
    """Lets the paper out."""

    act = staticmethod(sign_paper)
    note = LineField(label=_("签发意见"), required=False, max_length=200)


class IssueForm(SubjectStepForm):
    """Numbers and issues: nothing is left to fill in."""

    act = staticmethod(issue_paper)


class WithdrawForm(SubjectStepForm):
    """Takes the paper back."""

    act = staticmethod(withdraw_paper)
    reason = LineField(label=_("撤回理由"), max_length=200)


STEP_FORMS: dict[str, type[SubjectStepForm]] = {
    "sign": SignForm,
    "issue": IssueForm,
    "withdraw": WithdrawForm,
}
