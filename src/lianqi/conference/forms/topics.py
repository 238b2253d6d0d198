"""One form a step on a topic, and the form that proposes one."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.appeals.models import Appeal
from lianqi.conference import actions
from lianqi.conference.access import acting_units
from lianqi.conference.enums import AccessLevel, MeetingKind, Programme, Purpose, Stance
from lianqi.conference.forms.step_form import (
    MarkedForm,
    MustNoteForm,
    NoteForm,
    PlainForm,
    StepForm,
    many_units,
    offer_rows,
    one_unit,
    units,
)
from lianqi.conference.models import MeetingRule, Opinion, Topic
from lianqi.conference.queries.bodies import member_units
from lianqi.conference.queries.minutes import decision_text
from lianqi.kernel.access import Actor
from lianqi.kernel.fields import LineField, LongField, YesNoField
from lianqi.kernel.forms import MultipleFileField, offer
from lianqi.organisation.enums import BodyCode

BODIES_THAT_MEET = (BodyCode.JC, BodyCode.TF3)


def kinds_of(body: str) -> list[tuple[str, Any]]:
    """Return the forms of meeting that a body has rules for."""
    known = set(MeetingRule.objects.filter(body=body).values_list("kind", flat=True))
    return [(value, label) for value, label in MeetingKind.choices if value in known]


class ProposeTopicForm(MarkedForm):
    """提出议题."""

    title = LineField(label=_("议题"), min_length=4, max_length=100)
    content = LongField(
        label=_("提请审议的事项"),
        min_length=10,
        rows=7,
        help_text=_("写明情况、问题、需要会议定什么。不得填报涉密事项。"),
    )
    proposing_unit = one_unit(_("提出单位"), required=False)
    body = forms.ChoiceField(
        label=_("提交哪个议事机构"), choices=[(code, code.label) for code in BODIES_THAT_MEET]
    )
    meeting_kind = forms.ChoiceField(label=_("会议形式"), choices=MeetingKind)
    purpose = forms.ChoiceField(label=_("审议类型"), choices=Purpose)
    programme = forms.ChoiceField(label=_("所属行动"), choices=Programme)
    idempotency_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=120)

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        """Offer the units for which the person speaks."""
        super().__init__(*args, **kwargs)
        own = units().filter(pk__in=acting_units(user))
        offer_rows(self, "proposing_unit", own)
        if own.count() == 1:
            self.fields["proposing_unit"].initial = own.get().code
        elif not own:
            del self.fields["proposing_unit"]

    def save(self, *, actor: Actor, appeals: Any = ()) -> Topic:
        """Propose it."""
        told = {k: v for k, v in self.cleaned_data.items() if k != "idempotency_key"}
        return actions.propose_topic(actor=actor, appeals=appeals, **told)


class ConcernForm(StepForm):
    """For which meeting a topic is meant, and whom it concerns."""

    meeting_kind = forms.ChoiceField(label=_("会议形式"))
    access = forms.ChoiceField(label=_("阅读范围"), choices=AccessLevel)
    lead_unit = one_unit(_("牵头单位"))
    units = many_units(_("其他涉及单位"))
    note = LongField(label=_("说明"), required=False, rows=2)

    def offer(self) -> None:
        """Begin with what is known of the topic."""
        topic = self.subject
        offer(self, "meeting_kind", kinds_of(topic.body))
        offer_rows(self, "lead_unit", units())
        offer_rows(self, "units", units())
        concerned = list(topic.concerned.select_related("unit"))
        lead = next((one.unit for one in concerned if one.lead), topic.proposing_unit)
        self.initial = {
            "meeting_kind": topic.meeting_kind,
            "access": topic.access,
            "lead_unit": lead.code if lead else "",
            "units": [one.unit.code for one in concerned if not one.lead],
            "title": topic.title,
            "content": topic.content,
            **self.initial,
        }


class ScreenForm(ConcernForm):
    """列入议题库."""

    act = actions.screen_topic


class ReviseForm(ConcernForm):
    """调整议题."""

    act = actions.revise_topic
    field_order = ("title", "content")
    title = LineField(label=_("议题"), min_length=4, max_length=100)
    content = LongField(label=_("提请审议的事项"), min_length=10, rows=7)


class DeclineForm(MustNoteForm):
    """不列入."""

    act = actions.decline_topic


class WithdrawForm(MustNoteForm):
    """撤回议题."""

    act = actions.withdraw_topic


class AddPaperForm(StepForm):
    """上传审议材料."""

    act = actions.add_paper
    access = forms.ChoiceField(label=_("阅读范围"), choices=AccessLevel)
    files = MultipleFileField(label=_("材料"))


class LinkAppealForm(StepForm):
    """关联企业诉求."""

    act = actions.link_appeal
    appeal = forms.ModelChoiceField(
        label=_("诉求编号"),
        queryset=Appeal.objects.all(),
        to_field_name="number",
        widget=forms.TextInput,
        help_text=_("如 SQ2026-00001。议定后会反馈到这件诉求。"),
        error_messages={"invalid_choice": _("没有这个编号的诉求，请核对。")},
    )


class CirculateForm(StepForm):
    """征求意见."""

    act = actions.circulate_topic
    units = many_units(
        _("征求哪些单位"), help_text=_("涉及单位必在其中；全体会议的议题一般征求全体成员单位。")
    )
    note = LongField(label=_("说明"), required=False, rows=2)

    def offer(self) -> None:
        """Tick the units concerned, and for a plenary all members."""
        topic = self.subject
        offer_rows(self, "units", units().filter(on_platform=True))
        asked = {one.unit.code for one in topic.concerned.select_related("unit")}
        if topic.meeting_kind == MeetingKind.PLENARY:
            asked |= {unit.code for unit in member_units(topic.body)}
        self.initial = {"units": sorted(asked), **self.initial}


class GiveOpinionForm(StepForm):
    """反馈意见."""

    act = actions.give_opinion
    unit = one_unit(_("反馈单位"), required=False)
    stance = forms.ChoiceField(label=_("意见"), choices=Stance, widget=forms.RadioSelect)
    text = LongField(
        label=_("理由或修改建议"), required=False, rows=4, help_text=_("建议修改、不同意的必填。")
    )

    def offer(self) -> None:
        """Ask for the unit only where the person speaks for several."""
        waiting = self.subject.opinions.filter(round=self.subject.round, given_at=None)
        own = units().filter(
            pk__in=acting_units(self.user) & set(waiting.values_list("unit", flat=True))
        )
        offer_rows(self, "unit", own)
        if own.count() < 2:
            del self.fields["unit"]


def _opinions(form: StepForm, rows: Any) -> None:
    offer_rows(form, "opinion", rows.select_related("unit"))


class SettleOpinionForm(StepForm):
    """说明是否采纳."""

    act = actions.settle_opinion
    opinion = forms.ModelChoiceField(
        label=_("哪条意见"),
        queryset=Opinion.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    adopted = YesNoField(label=_("是否采纳"), yes=_("采纳"), no=_("不采纳"))
    answer = LongField(label=_("采纳情况和理由"), rows=3)
    content = LongField(
        label=_("采纳后的议题文字"), required=False, rows=6, help_text=_("不改文字的，留空。")
    )

    def offer(self) -> None:
        """Offer the changes and objections without an answer."""
        rows = Opinion.objects.filter(topic=self.subject, round=self.subject.round, adopted=None)
        _opinions(self, rows.filter(stance__in=[Stance.CHANGE, Stance.OBJECT]))


class RecordObjectionForm(StepForm):
    """保留意见记录在案."""

    act = actions.record_objection
    opinion = forms.ModelChoiceField(
        label=_("哪个单位的意见"),
        queryset=Opinion.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    note = LongField(label=_("协调情况"), rows=3)

    def offer(self) -> None:
        """Offer the objections that were not taken up."""
        rows = Opinion.objects.filter(topic=self.subject, round=self.subject.round)
        _opinions(self, rows.filter(stance=Stance.OBJECT, adopted=False, on_record=False))


class CloseConsultationForm(NoteForm):
    """汇总报审."""

    act = actions.close_consultation


class SkipConsultationForm(MustNoteForm):
    """直接报审."""

    act = actions.skip_consultation


class ApproveForm(NoteForm):
    """审定."""

    act = actions.approve_topic


class SendBackForm(MustNoteForm):
    """退回修改."""

    act = actions.send_back_topic


class FeedBackForm(StepForm):
    """反馈结果."""

    act = actions.feed_back
    text = LongField(label=_("反馈内容"), rows=5)
    to_firms = forms.BooleanField(
        label=_("也让企业看到"),
        required=False,
        help_text=_("勾选后，所涉诉求的企业在办理过程中能看到这段话。限阅议题不会告诉企业。"),
    )

    def offer(self) -> None:
        """Begin with what was decided."""
        self.initial = {"text": decision_text(self.subject), **self.initial}


class AcknowledgeForm(PlainForm):
    """确认保密要求."""

    act = actions.acknowledge_topic


TOPIC_FORMS: Mapping[str, type[StepForm]] = {
    "screen": ScreenForm,
    "decline": DeclineForm,
    "revise": ReviseForm,
    "add_paper": AddPaperForm,
    "link_appeal": LinkAppealForm,
    "withdraw": WithdrawForm,
    "circulate": CirculateForm,
    "skip_consultation": SkipConsultationForm,
    "give_opinion": GiveOpinionForm,
    "settle_opinion": SettleOpinionForm,
    "close_consultation": CloseConsultationForm,
    "record_objection": RecordObjectionForm,
    "approve": ApproveForm,
    "send_back": SendBackForm,
    "feed_back": FeedBackForm,
    "acknowledge": AcknowledgeForm,
}
