"""Forms of what stands beside an appeal: opening a sealed name to a unit, and public cases."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.appeals.actions import cases, unsealing
from lianqi.appeals.enums import CaseState, Kind, UnsealingState
from lianqi.appeals.models import Appeal, PublicCase, Unsealing
from lianqi.appeals.workflow.cases import open_finds
from lianqi.kernel.access import Actor
from lianqi.kernel.fields import LineField, LongField, YesNoField
from lianqi.organisation.models import Unit


class BesideForm(forms.Form):
    """Input of one step on one record; ``act`` is the action it calls."""

    act: ClassVar[Any]

    def __init__(self, subject: Any, *args: Any, **kwargs: Any) -> None:
        """Keep the record that the step is taken on."""
        self.subject = subject
        super().__init__(*args, **kwargs)

    def save(self, *, actor: Actor) -> Any:
        """Take the step."""
        return type(self).act(self.subject, actor=actor, **self.cleaned_data)


# --- opening a sealed name


class UnsealingForm(forms.Form):
    """To which unit a sealed appeal's firm should be known, and why."""

    unit = forms.ModelChoiceField(
        label=_("向哪个单位开启"),
        queryset=Unit.objects.none(),
        to_field_name="code",
        empty_label=None,
        widget=forms.RadioSelect,
    )
    reason = LongField(
        label=_("理由"),
        min_length=5,
        rows=4,
        help_text=_("写明不知道是哪家企业为什么办不了。理由、提请人和审批人会原样告诉企业。"),
    )

    def __init__(self, units: Any, *args: Any, **kwargs: Any) -> None:
        """Offer the units."""
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units

    def save(self, appeal: Appeal, *, actor: Actor, by_office: bool) -> Unsealing:
        """Apply for it as the office, or ask the office for it as the unit."""
        begin = unsealing.apply_for_unsealing if by_office else unsealing.ask_unsealing
        return begin(appeal, actor=actor, **self.cleaned_data)


class ForwardForm(BesideForm):
    """提请审批."""

    act = unsealing.forward_unsealing
    note = LongField(label=_("意见"), required=False, rows=3)


class DeclineUnsealingForm(BesideForm):
    """不予提请."""

    act = unsealing.decline_unsealing
    note = LongField(label=_("理由"), rows=3)


class ApproveUnsealingForm(BesideForm):
    """批准开启."""

    act = unsealing.approve_unsealing
    note = LongField(label=_("意见"), required=False, rows=3)


class RefuseUnsealingForm(BesideForm):
    """不批准."""

    act = unsealing.refuse_unsealing
    note = LongField(label=_("理由"), rows=3)


UNSEALING_FORMS: Mapping[str, type[BesideForm]] = {
    "apply": ForwardForm,
    "decline": DeclineUnsealingForm,
    "approve": ApproveUnsealingForm,
    "refuse": RefuseUnsealingForm,
}


# --- public cases


class CaseTexts(forms.Form):
    """What the public would read."""

    title = LineField(label=_("标题"), min_length=4, max_length=100)
    question = LongField(label=_("问题"), min_length=5, rows=6)
    answer = LongField(label=_("答复"), min_length=5, rows=6)


class DraftCaseForm(CaseTexts):
    """起草."""

    def save(self, appeal: Appeal, *, actor: Actor) -> PublicCase:
        """Begin the case."""
        return cases.draft_case(appeal, actor=actor, **self.cleaned_data)


class ReviseCaseForm(BesideForm, CaseTexts):
    """修改."""

    act = cases.revise_case

    def __init__(self, case: PublicCase, *args: Any, **kwargs: Any) -> None:
        """Begin with the texts as they are."""
        texts = {"title": case.title, "question": case.question, "answer": case.answer}
        super().__init__(case, *args, **{"initial": texts, **kwargs})


class ClearFindForm(BesideForm):
    """核对检查结果."""

    act = cases.clear_find
    which = forms.ChoiceField(label=_("哪一处可以公开"), widget=forms.RadioSelect)
    reason = LineField(label=_("理由"), min_length=4, max_length=200)

    def __init__(self, case: PublicCase, *args: Any, **kwargs: Any) -> None:
        """Offer the finds nobody has looked at."""
        super().__init__(case, *args, **kwargs)
        self.fields["which"].choices = [
            (cases.find_key(hit), f"{hit.label}：{hit.text}") for hit in open_finds(case)
        ]


class AskConsentForm(BesideForm):
    """征求企业同意."""

    act = cases.ask_consent


class PublishCaseForm(BesideForm):
    """发布."""

    act = cases.publish_case


class WithdrawCaseForm(BesideForm):
    """撤下."""

    act = cases.withdraw_case
    reason = LongField(label=_("理由"), rows=3)


CASE_FORMS: Mapping[str, type[BesideForm]] = {
    "ask_consent": AskConsentForm,
    "revise": ReviseCaseForm,
    "clear": ClearFindForm,
    "publish": PublishCaseForm,
    "withdraw": WithdrawCaseForm,
}


class ConsentForm(forms.Form):
    """The firm's yes or no to a public case."""

    agree = YesNoField(label=_("可以把上面的内容公开吗"), yes=_("同意公开"), no=_("不同意公开"))

    def save(self, case: PublicCase, *, actor: Actor) -> PublicCase:
        """Consent or refuse."""
        act = cases.consent_to_case if self.cleaned_data["agree"] else cases.refuse_case
        return act(case, actor=actor)


class TakeBackForm(forms.Form):
    """The firm takes its consent back; nothing to fill in."""

    def save(self, case: PublicCase, *, actor: Actor) -> PublicCase:
        """Withdraw."""
        return cases.withdraw_consent(case, actor=actor)


class StateFilter(forms.Form):
    """Which of the records a list shows."""

    state = forms.ChoiceField(label=_("状态"), required=False)

    def __init__(self, asked: Any, choices: Any) -> None:
        """Offer the states."""
        super().__init__(asked, auto_id="filter_%s")
        self.fields["state"].choices = [("", _("全部状态")), *choices]
        self.full_clean()


def unsealing_filter(asked: Any) -> StateFilter:
    """Return the filter of the applications."""
    return StateFilter(asked, UnsealingState.choices)


def case_filter(asked: Any) -> StateFilter:
    """Return the filter of the officials' list of cases."""
    return StateFilter(asked, CaseState.choices)


class PublicCaseFilter(forms.Form):
    """What a reader of the public cases looks for."""

    q = forms.CharField(
        label=_("搜一搜"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label=_("类别"), required=False, choices=[("", _("全部类别")), *Kind.choices]
    )
    unit = forms.ModelChoiceField(
        label=_("答复单位"),
        required=False,
        queryset=Unit.objects.none(),
        to_field_name="code",
        empty_label=_("全部单位"),
    )

    def __init__(self, asked: Any, units: Any) -> None:
        """Read an address; units with a published case are offered."""
        super().__init__(asked, auto_id="filter_%s")
        self.fields["unit"].queryset = units
        self.full_clean()

    def asked(self) -> dict[str, Any]:
        """Return the filters of ``public_case_rows``; what cannot be read is left out."""
        said = {name: value for name, value in self.cleaned_data.items() if value}
        if "unit" in said:
            said["unit"] = said["unit"].code
        return said
