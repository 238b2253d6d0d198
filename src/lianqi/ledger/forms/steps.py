"""One form a step of an item."""

from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from lianqi.engines.deadlines import read_deadline
from lianqi.kernel.access import Actor
from lianqi.kernel.clock import today
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.fields import LineField, LongField, YesNoField
from lianqi.kernel.files import inspect_all
from lianqi.kernel.forms import DayField, MultipleFileField
from lianqi.kernel.step_forms import SubjectStepForm
from lianqi.kernel.uploads import APPEAL_EVIDENCE, classification_mark
from lianqi.ledger import actions
from lianqi.ledger.access import possible_owners
from lianqi.ledger.enums import Grade, ItemSource, Period
from lianqi.ledger.models import Item
from lianqi.organisation.models import Unit, User

MOST_PERCENT = 100


def _files() -> MultipleFileField:
    return MultipleFileField(label=_("佐证材料"), required=False)


def _units() -> Any:
    return Unit.objects.filter(active=True)


class PlainForm(SubjectStepForm):
    """A step that takes no input."""


class ReasonForm(SubjectStepForm):
    """A step that gives its reason."""

    reason = LongField(label=_("理由"), rows=4)


class DocketForm(PlainForm):
    """立项."""

    act = actions.docket_item


class AssignForm(SubjectStepForm):
    """交办."""

    act = actions.assign_item
    note = LongField(label=_("交办意见"), required=False, rows=3)


class OwnerForm(SubjectStepForm):
    """A step that names the person an item is put on."""

    owner = forms.ModelChoiceField(
        label=_("具体责任人"),
        queryset=User.objects.none(),
        empty_label=_("请选择"),
        help_text=_("落实到具体人：在办事项记在这位同志名下。"),
    )

    def __init__(self, subject: Item, *args: Any, **kwargs: Any) -> None:
        """Offer those who handle the lead unit's matters now."""
        super().__init__(subject, *args, **kwargs)
        people = [user.pk for user in possible_owners(subject.lead_unit_id)]
        self.fields["owner"].queryset = User.objects.filter(pk__in=people)  # type: ignore[attr-defined]


class SignForm(OwnerForm):
    """签收."""

    act = actions.sign_item


class HandToForm(OwnerForm):
    """更换责任人."""

    act = actions.hand_item_to


class ReturnForm(SubjectStepForm):
    """退回交办."""

    act = actions.return_item
    basis = LongField(label=_("退回依据"), rows=4, help_text=_("按哪一条职责规定不属于本单位。"))


class ReportForm(SubjectStepForm):
    """报送进展."""

    act = actions.report_progress
    percent = forms.IntegerField(
        label=_("进度（%）"), min_value=0, max_value=MOST_PERCENT, widget=forms.NumberInput
    )
    text = LongField(label=_("进展情况"), rows=5)
    files = _files()


class MilestoneForm(SubjectStepForm):
    """完成节点."""

    act = actions.reach_milestone
    note = LongField(label=_("完成情况"), required=False, rows=3, max_length=500)
    files = _files()


class RequestExtensionForm(SubjectStepForm):
    """申请延期."""

    act = actions.request_extension
    to_day = DayField(label=_("拟延至"))
    reason = LongField(label=_("理由"), rows=4, max_length=500)


class SignExtensionForm(PlainForm):
    """签批延期."""

    act = actions.sign_extension


class DecideExtensionForm(SubjectStepForm):
    """批复延期."""

    act = actions.decide_extension
    approve = YesNoField(label=_("是否同意"))
    note = LongField(label=_("批复意见"), required=False, rows=3, max_length=300)


class ExplainForm(ReasonForm):
    """说明逾期原因."""

    act = actions.explain_delay


class AnswerSlipForm(SubjectStepForm):
    """回复督办单."""

    act = actions.answer_slip
    text = LongField(label=_("回复"), rows=5)


class ApplyClosingForm(SubjectStepForm):
    """申请办结."""

    act = actions.apply_closing
    result = LongField(label=_("完成情况"), rows=6)
    files = _files()


class RejectClosingForm(SubjectStepForm):
    """退回补办."""

    act = actions.reject_closing
    reason = LongField(label=_("理由"), rows=4, max_length=300)


class GradeForm(SubjectStepForm):
    """审核通过并评定."""

    act = actions.grade_closing
    grade = forms.ChoiceField(label=_("评定"), choices=Grade)
    note = LongField(label=_("审核意见"), required=False, rows=3, max_length=300)


class StrikeOffForm(PlainForm):
    """销号."""

    act = actions.strike_off


class ReopenForm(SubjectStepForm):
    """重启."""

    act = actions.reopen_item
    reason = LongField(label=_("理由"), rows=4, max_length=300)


class SlipForm(SubjectStepForm):
    """签发督办单."""

    act = actions.issue_slip
    text = LongField(
        label=_("督办要求"),
        required=False,
        rows=4,
        max_length=500,
        help_text=_("不写则用通用文字。"),
    )


class CancelForm(ReasonForm):
    """撤项."""

    act = actions.cancel_item


class _ItemFields(forms.Form):
    """What is written of an item before it is docketed."""

    title = LineField(label=_("事项"), max_length=120)
    text = LongField(label=_("内容"), required=False, rows=5)
    lead_unit = forms.ModelChoiceField(
        label=_("牵头单位"),
        queryset=Unit.objects.none(),
        to_field_name="code",
        empty_label=_("请选择"),
    )
    units = forms.ModelMultipleChoiceField(
        label=_("责任单位"),
        queryset=Unit.objects.none(),
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    deadline_text = LineField(
        label=_("办理时限"),
        max_length=120,
        help_text=_("怎么写都行：2026年10月底前、每季度末、持续推进；系统读成日期。"),
    )
    period = forms.ChoiceField(label=_("报送周期"), choices=Period)
    programme = LineField(label=_("专项标签"), max_length=40, required=False)

    def offer_units(self) -> None:
        """Offer the units in use."""
        for name in ("lead_unit", "units"):
            self.fields[name].queryset = _units()  # type: ignore[attr-defined]

    def read_deadline(self, year: int) -> Any:
        """Read the deadline; an expression that means no day is refused beside its field."""
        reading = read_deadline(self.cleaned_data.get("deadline_text", ""), plan_year=year)
        if not reading.dates and not reading.open_ended:
            self.add_error(
                "deadline_text",
                _("没有读出日期。请写成“2026年10月底前”“每季度末”或“持续推进”这样的时限。"),
            )
        return reading


class RedraftForm(SubjectStepForm, _ItemFields):
    """修改."""

    act = actions.redraft_item

    def __init__(self, subject: Item, *args: Any, **kwargs: Any) -> None:
        """Begin with what stands there."""
        others = [share.unit.code for share in subject.shares.all() if not share.leads]  # type: ignore[attr-defined]
        kwargs["initial"] = {
            "title": subject.title,
            "text": subject.text,
            "lead_unit": subject.lead_unit.code,
            "units": others,
            "deadline_text": subject.deadline_text,
            "period": subject.period,
            "programme": subject.programme,
        }
        super().__init__(subject, *args, **kwargs)
        self.offer_units()

    def clean(self) -> dict[str, Any]:
        """Read the deadline into a day."""
        told = super().clean()
        reading = self.read_deadline(self.subject.year)
        told["due_on"] = reading.dates[-1] if reading.dates else None
        return told


class DraftItemForm(_ItemFields):
    """A new item, entered by hand: an instruction, an upstream document, what a study found."""

    source = forms.ChoiceField(
        label=_("来源"),
        choices=[(one.value, one.label) for one in ItemSource if one != ItemSource.PLAN],
        initial=ItemSource.INSTRUCTION,
    )
    basis = LineField(label=_("依据"), max_length=200, help_text=_("文号、批示日期或会议名称。"))
    issued_on = DayField(label=_("文件印发日期"), required=False)
    year = forms.IntegerField(label=_("年度"), min_value=2000, max_value=2100)
    files = _files()
    # The record it is born from, as "appeals.appeal:12"; the view has loaded it for this person.
    about = forms.CharField(widget=forms.HiddenInput, required=False, max_length=80)
    idempotency_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the units, and this year."""
        kwargs["initial"] = {"year": today().year, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.offer_units()

    def clean_files(self) -> Any:
        """Inspect the files before anything is written."""
        try:
            return inspect_all(self.cleaned_data["files"], rule=APPEAL_EVIDENCE)
        except RuleBroken as refused:
            raise forms.ValidationError(refused.message, code=refused.code) from refused

    def clean(self) -> dict[str, Any]:
        """Refuse secrecy marks, and read the deadline."""
        told = dict(self.cleaned_data)
        for name, value in told.items():
            if isinstance(value, str) and classification_mark(value):
                self.add_error(
                    name, _("内容中有密级标志，本系统不得填报涉密事项，请删去后再提交。")
                )
                return told
        reading = self.read_deadline(told.get("year") or today().year)
        told["dates"], told["recurs"] = reading.dates, reading.recurs or ""
        return told

    def save(self, *, actor: Actor, origin: Model | None = None) -> list[Item]:
        """Draft it, born from ``origin`` if there is one; several years give several items."""
        told = dict(self.cleaned_data)
        del told["idempotency_key"], told["about"]
        return actions.enter_item(actor=actor, origin=origin, **told)


ITEM_FORMS: dict[str, type[SubjectStepForm]] = {
    "redraft": RedraftForm,
    "docket": DocketForm,
    "assign": AssignForm,
    "sign": SignForm,
    "return_item": ReturnForm,
    "report_progress": ReportForm,
    "reach_milestone": MilestoneForm,
    "hand_to": HandToForm,
    "request_extension": RequestExtensionForm,
    "sign_extension": SignExtensionForm,
    "decide_extension": DecideExtensionForm,
    "explain_delay": ExplainForm,
    "answer_slip": AnswerSlipForm,
    "apply_closing": ApplyClosingForm,
    "reject_closing": RejectClosingForm,
    "grade_closing": GradeForm,
    "strike_off": StrikeOffForm,
    "reopen": ReopenForm,
    "issue_slip": SlipForm,
    "cancel": CancelForm,
}
