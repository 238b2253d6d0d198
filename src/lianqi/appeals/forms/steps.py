"""One form a step: its fields are those of the step table, for pages and the API alike."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.appeals import actions
from lianqi.appeals.enums import RATING_REASONS, DeclineReason, Level, Outcome, RatingSource
from lianqi.appeals.forms.promises import (
    DenyPromiseForm,
    MovePromiseForm,
    PromisingForm,
    RecheckPromiseForm,
)
from lianqi.appeals.forms.sealing import LiftSealForm, ReleaseFileForm, SealForm
from lianqi.appeals.forms.step_form import StepForm
from lianqi.appeals.models import Appeal
from lianqi.kernel.access import Actor
from lianqi.kernel.fields import LineField, LongField, YesNoField
from lianqi.kernel.forms import DayField, FaceRating, MultipleFileField
from lianqi.organisation.models import Unit


def _files() -> MultipleFileField:
    return MultipleFileField(label=_("附件"), required=False)


def _units() -> Any:
    return Unit.objects.filter(active=True, on_platform=True)


class PlainForm(StepForm):
    """A step that takes no input."""


class NoteForm(StepForm):
    """A step with an optional remark."""

    note = LongField(label=_("意见"), required=False, rows=3)


class MustNoteForm(StepForm):
    """A step that says why."""

    note = LongField(label=_("说明"), rows=4)


class ReasonForm(StepForm):
    """A step that gives its reason."""

    reason = LongField(label=_("理由"), rows=4)


class AcceptForm(NoteForm):
    """受理."""

    act = actions.accept_appeal


class DeclineForm(StepForm):
    """不予受理."""

    act = actions.decline_appeal
    reason_code = forms.ChoiceField(label=_("原因"), choices=DeclineReason)
    route = LineField(
        label=_("建议途径"), max_length=300, help_text=_("告诉企业可以去哪里、找谁解决。")
    )
    note = LongField(label=_("补充说明"), required=False, rows=3)


class RequestSupplementForm(MustNoteForm):
    """要求补充."""

    act = actions.request_supplement


class WaiveSupplementForm(NoteForm):
    """按现有材料继续."""

    act = actions.waive_supplement


class MergeForm(StepForm):
    """并案."""

    act = actions.merge_appeal
    into = forms.ModelChoiceField(
        label=_("并入哪一件"),
        queryset=Appeal.objects.all(),
        to_field_name="number",
        widget=forms.TextInput,
        help_text=_("填写在办诉求的编号，如 SQ2026-00001。"),
        error_messages={"invalid_choice": _("没有这个编号的诉求，请核对。")},
    )
    note = LongField(label=_("说明"), required=False, rows=3)


class DispatchForm(StepForm):
    """派单."""

    act = actions.dispatch_appeal
    lead_unit = forms.ModelChoiceField(
        label=_("主办单位"),
        queryset=Unit.objects.none(),
        to_field_name="code",
        empty_label=_("请选择"),
        error_messages={"invalid_choice": _("没有这个单位，请从名单中选择。")},
    )
    co_units = forms.ModelMultipleChoiceField(
        label=_("协办单位"),
        queryset=Unit.objects.none(),
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    note = LongField(label=_("交办意见"), required=False, rows=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the units on the platform."""
        super().__init__(*args, **kwargs)
        self.fields["lead_unit"].queryset = _units()
        self.fields["co_units"].queryset = _units()


class AnswerForm(PromisingForm):
    """The answer: outcome, text, promised days."""

    promising = "reply"
    field_order = ("outcome", "reply", "promises", "promised_on", "files")

    outcome = forms.ChoiceField(label=_("办理结果"), choices=Outcome)
    reply = LongField(label=_("答复企业的内容"), rows=7)
    promised_on = DayField(
        label=_("承诺日期"),
        required=False,
        help_text=_("“列入计划”必填（上面已登记承诺的可不填），到期复核。格式：2026-11-23"),
    )


class AnswerDirectlyForm(AnswerForm):
    """直接答复."""

    act = actions.answer_directly


class RequestClosingForm(AnswerForm):
    """申请办结."""

    act = actions.request_closing
    files = _files()


class SignForm(PlainForm):
    """签收."""

    act = actions.sign_order


class ReturnOrderForm(StepForm):
    """退单."""

    act = actions.return_order
    basis = LongField(
        label=_("退单依据"), min_length=5, rows=4, help_text=_("写明依据的职责清单或文件条款。")
    )


class RuleReturnForm(StepForm):
    """裁定退单."""

    act = actions.rule_return
    uphold = YesNoField(label=_("退单是否成立"), yes=_("成立，改派"), no=_("不成立，原单位办理"))
    lead_unit = forms.ModelChoiceField(
        label=_("改派单位"), queryset=Unit.objects.none(), to_field_name="code", required=False
    )
    note = LongField(label=_("裁定理由"), rows=4, help_text=_("将作为今后派单的判例。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the units on the platform."""
        super().__init__(*args, **kwargs)
        self.fields["lead_unit"].queryset = _units()

    def save(self, *, actor: Actor) -> Appeal:
        """Rule."""
        given = dict(self.cleaned_data)
        return actions.rule_return(self.appeal, actor=actor, upheld=given.pop("uphold"), **given)


class RecordContactForm(MustNoteForm):
    """首次联系."""

    act = actions.record_contact

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say, for a sealed appeal, that the words go to the firm."""
        super().__init__(*args, **kwargs)
        if self.appeal.sealed:
            self.fields["note"].label = _("给企业的留言")
            self.fields["note"].help_text = _(
                "企业要求保密。您写的话会发给企业，企业在系统里答复；要打电话的，请专班办公室转达。"
            )


class ContentForm(StepForm):
    """A step that says something and may bring files."""

    content = LongField(label=_("内容"), rows=5)
    files = _files()


class ReportStageForm(PromisingForm, ContentForm):
    """阶段答复."""

    act = actions.report_stage
    promising = "content"
    field_order = ("content", "promises", "files")


class SubmitOpinionForm(ContentForm):
    """提交协办意见."""

    act = actions.submit_opinion


class SupplementForm(ContentForm):
    """补充材料."""

    act = actions.supplement_appeal


class RequestExtensionForm(StepForm):
    """申请延期."""

    act = actions.request_extension
    days = forms.IntegerField(label=_("延长几个工作日"), min_value=1)
    reason = LongField(label=_("理由"), rows=4, help_text=_("批准后会原样告诉企业。"))


class DecideExtensionForm(StepForm):
    """批复延期."""

    act = actions.decide_extension
    approve = YesNoField(label=_("批复"), yes=_("同意"), no=_("不同意"))
    note = LongField(label=_("批复意见"), required=False, rows=3)


class SignClosingForm(NoteForm):
    """领导签批."""

    act = actions.sign_closing


class ReturnDraftForm(ReasonForm):
    """退回修改."""

    act = actions.return_draft


class ApproveClosingForm(NoteForm):
    """审核通过."""

    act = actions.approve_closing


class RejectClosingForm(ReasonForm):
    """审核退回."""

    act = actions.reject_closing


class RateForm(StepForm):
    """评价."""

    act = actions.rate_appeal
    level = forms.TypedChoiceField(
        label=_("您对这次办理满意吗"), choices=Level, coerce=int, widget=FaceRating
    )
    reasons = forms.MultipleChoiceField(
        label=_("为什么（可多选，也可不选）"),
        choices=RATING_REASONS,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "chip"}),
    )
    comment = LongField(label=_("想说的话"), required=False, rows=3, max_length=2000)

    def save(self, *, actor: Actor, source: str = RatingSource.PORTAL) -> Appeal:
        """Rate; ``source`` says whether the firm had signed in or came by a link."""
        return actions.rate_appeal(self.appeal, actor=actor, source=source, **self.cleaned_data)


class CallbackForm(StepForm):
    """回访."""

    act = actions.call_back
    level = forms.TypedChoiceField(
        label=_("企业的评价"),
        choices=[("", _("未表态")), *Level.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    note = LongField(label=_("回访记录"), rows=4)


class RedoForm(MustNoteForm):
    """重办."""

    act = actions.redo_appeal


class InstructForm(MustNoteForm):
    """专班批示重办."""

    act = actions.instruct_redo


class CloseForm(NoteForm):
    """办结归档."""

    act = actions.close_appeal


class ReopenForm(ReasonForm):
    """重启."""

    act = actions.reopen_appeal


class WithdrawForm(ReasonForm):
    """撤回."""

    act = actions.withdraw_appeal


class NudgeForm(PlainForm):
    """催一下."""

    act = actions.nudge_appeal


class UrgeForm(NoteForm):
    """催办."""

    act = actions.urge_appeal


STEP_FORMS: Mapping[str, type[StepForm]] = {
    "accept": AcceptForm,
    "decline": DeclineForm,
    "request_supplement": RequestSupplementForm,
    "waive_supplement": WaiveSupplementForm,
    "merge": MergeForm,
    "dispatch": DispatchForm,
    "answer_directly": AnswerDirectlyForm,
    "sign": SignForm,
    "return_order": ReturnOrderForm,
    "rule_return": RuleReturnForm,
    "record_contact": RecordContactForm,
    "report_stage": ReportStageForm,
    "submit_opinion": SubmitOpinionForm,
    "request_extension": RequestExtensionForm,
    "decide_extension": DecideExtensionForm,
    "request_closing": RequestClosingForm,
    "sign_closing": SignClosingForm,
    "return_draft": ReturnDraftForm,
    "approve_closing": ApproveClosingForm,
    "reject_closing": RejectClosingForm,
    "rate": RateForm,
    "callback": CallbackForm,
    "redo": RedoForm,
    "instruct": InstructForm,
    "close": CloseForm,
    "recheck_promise": RecheckPromiseForm,
    "move_promise": MovePromiseForm,
    "deny_promise": DenyPromiseForm,
    "reopen": ReopenForm,
    "supplement": SupplementForm,
    "withdraw": WithdrawForm,
    "nudge": NudgeForm,
    "seal": SealForm,
    "lift_seal": LiftSealForm,
    "release_file": ReleaseFileForm,
    "urge": UrgeForm,
}


def step_form(key: str, appeal: Appeal, *args: Any, **kwargs: Any) -> StepForm:
    """Return the form of a step, bound if data is given; KeyError for a step without one."""
    return STEP_FORMS[key](appeal, *args, **kwargs)
