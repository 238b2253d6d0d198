"""One form a step on a meeting, and the form that plans one."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.conference import actions
from lianqi.conference.access import acting_units
from lianqi.conference.actions.agenda import PLANNABLE
from lianqi.conference.enums import Capacity, MeetingKind, Reply, Role, TopicResult
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
from lianqi.conference.forms.topics import BODIES_THAT_MEET
from lianqi.conference.models import (
    AgendaItem,
    ChecklistItem,
    Invitation,
    Meeting,
    Resolution,
    Topic,
)
from lianqi.conference.queries.bodies import chair_of, people_of_body
from lianqi.conference.queries.minutes import minutes_draft
from lianqi.kernel.access import Actor
from lianqi.kernel.clock import local, today
from lianqi.kernel.fields import LineField, LongField
from lianqi.kernel.forms import DayField, MomentField, offer
from lianqi.organisation.models import User

REST_DAY = _("休息日也召开")


def _pick(label: Any, rows: Any) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        label=label, queryset=rows.none(), widget=forms.RadioSelect, empty_label=None
    )


class PlanMeetingForm(MarkedForm):
    """筹备会议."""

    body = forms.ChoiceField(label=_("议事机构"))
    kind = forms.ChoiceField(label=_("会议形式"), choices=MeetingKind)
    title = LineField(label=_("会议名称"), min_length=4, max_length=100)
    starts_at = MomentField(label=_("开会时间"))
    place = LineField(label=_("地点"), max_length=100)
    convened_as = forms.ChoiceField(label=_("由谁召集"), choices=Capacity)
    rest_day_confirmed = forms.BooleanField(label=REST_DAY, required=False)
    idempotency_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=120)

    def __init__(self, bodies: list[str], *args: Any, **kwargs: Any) -> None:
        """Offer the bodies in whose offices the person works."""
        super().__init__(*args, **kwargs)
        able = [(code, code.label) for code in BODIES_THAT_MEET if code in bodies]
        offer(self, "body", able)

    def save(self, *, actor: Actor) -> Meeting:
        """Plan it."""
        told = {k: v for k, v in self.cleaned_data.items() if k != "idempotency_key"}
        return actions.plan_meeting(actor=actor, **told)


class SetAgendaForm(StepForm):
    """排入议题."""

    act = actions.put_on_agenda
    topic = _pick(_("议题"), Topic.objects)
    order = forms.IntegerField(
        label=_("顺序"), required=False, min_value=1, max_value=99, help_text=_("留空排在最后。")
    )
    observers = many_units(_("列席单位"))
    guests = LineField(label=_("列席领导"), required=False, max_length=200)

    def offer(self) -> None:
        """Offer the topics of this body and form that stand on no other agenda."""
        meeting = self.subject
        rows = Topic.objects.filter(
            body=meeting.body, meeting_kind=meeting.kind, state__in=PLANNABLE
        )
        rows = rows.filter(meeting=None) | rows.filter(meeting=meeting)
        offer_rows(self, "topic", rows)
        offer_rows(self, "observers", units())


class DropTopicForm(StepForm):
    """撤下议题."""

    act = actions.drop_topic
    item = _pick(_("议题"), AgendaItem.objects)

    def offer(self) -> None:
        """Offer the agenda."""
        offer_rows(self, "item", self.subject.agenda.select_related("topic"))


class InviteForm(StepForm):
    """增邀单位."""

    act = actions.invite_unit
    unit = one_unit(_("单位"))
    role = forms.ChoiceField(label=_("身份"), choices=Role)
    reason = LineField(label=_("增邀理由"), max_length=200)

    def offer(self) -> None:
        """Offer all units."""
        offer_rows(self, "unit", units())


class AdjustForm(StepForm):
    """调整会议."""

    act = actions.adjust_meeting
    starts_at = MomentField(label=_("开会时间"))
    place = LineField(label=_("地点"), max_length=100)
    rest_day_confirmed = forms.BooleanField(label=REST_DAY, required=False)

    def offer(self) -> None:
        """Begin with time and place as they are."""
        at = local(self.subject.starts_at)
        self.initial = {"starts_at": at, "place": self.subject.place, **self.initial}


class TickForm(StepForm):
    """会务准备."""

    act = actions.tick_check
    items = forms.ModelMultipleChoiceField(
        label=_("已完成"),
        queryset=ChecklistItem.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )

    def offer(self) -> None:
        """Offer what is not ready."""
        offer_rows(self, "items", self.subject.checklist.filter(done_at=None))


class AddCheckForm(StepForm):
    """增加准备事项."""

    act = actions.add_check
    text = LineField(label=_("准备事项"), max_length=100)


class IssueNoticeForm(NoteForm):
    """发会议通知."""

    act = actions.issue_notice


class CancelForm(MustNoteForm):
    """取消会议."""

    act = actions.cancel_meeting


class _OwnUnitForm(StepForm):
    """A step taken for one's own unit; which one is asked only where there are several."""

    unit = one_unit(_("单位"), required=False)

    def offer(self) -> None:
        """Offer the invited units for which the person speaks."""
        invited = set(self.subject.invitations.values_list("unit", flat=True))
        own = units().filter(pk__in=acting_units(self.user) & invited)
        offer_rows(self, "unit", own)
        if own.count() < 2:
            del self.fields["unit"]


class ReplyForm(_OwnUnitForm):
    """会议回执."""

    act = actions.reply_to_notice
    reply = forms.ChoiceField(label=_("回执"), choices=Reply, widget=forms.RadioSelect)
    attendee = LineField(label=_("参会人姓名"), required=False, max_length=60)
    attendee_title = LineField(label=_("参会人职务"), required=False, max_length=60)
    leave_reason = LineField(label=_("请假原因"), required=False, max_length=200)


class SignInForm(_OwnUnitForm):
    """扫码签到."""

    act = actions.sign_in


class RegisterForm(StepForm):
    """登记签到."""

    act = actions.register_attendance
    invitation = _pick(_("单位"), Invitation.objects)
    attendee = LineField(label=_("到会人姓名"), max_length=60)

    def offer(self) -> None:
        """Offer the units that are not signed in."""
        rows = self.subject.invitations.filter(signed_in_at=None).select_related("unit")
        offer_rows(self, "invitation", rows)


class OpenForm(StepForm):
    """开始会议."""

    act = actions.open_meeting
    chair_name = LineField(label=_("主持人"), max_length=60)

    def offer(self) -> None:
        """Begin with whoever holds the chair."""
        self.initial = {"chair_name": chair_of(self.subject), **self.initial}


class RecordResultForm(StepForm):
    """记录审议结果."""

    act = actions.record_result
    item = _pick(_("议题"), AgendaItem.objects)
    result = forms.ChoiceField(label=_("审议结果"), choices=TopicResult)
    note = LongField(
        label=_("审议情况"),
        required=False,
        rows=4,
        help_text=_("暂缓、不通过、仅作传达的，写明理由。"),
    )

    def offer(self) -> None:
        """Offer the agenda."""
        offer_rows(self, "item", self.subject.agenda.select_related("topic"))


class ResolveForm(StepForm):
    """记录议定事项."""

    act = actions.resolve
    item = _pick(_("议题"), AgendaItem.objects)
    text = LongField(label=_("议定事项"), min_length=4, rows=4)
    lead_unit = one_unit(_("牵头单位"))
    units = many_units(_("责任单位"))
    deadline_text = LineField(
        label=_("完成时限"), max_length=100, help_text=_("如“12月底前”“次年3月上旬”“持续推进”。")
    )

    def offer(self) -> None:
        """Offer the agenda and all units."""
        offer_rows(self, "item", self.subject.agenda.select_related("topic"))
        offer_rows(self, "lead_unit", units())
        offer_rows(self, "units", units())


def _resolutions(meeting: Meeting) -> Any:
    return Resolution.objects.filter(item__meeting=meeting)


class StrikeForm(StepForm):
    """删去议定事项."""

    act = actions.strike_resolution
    resolution = _pick(_("议定事项"), Resolution.objects)

    def offer(self) -> None:
        """Offer what has been written down."""
        offer_rows(self, "resolution", _resolutions(self.subject))


class ConcludeForm(PlainForm):
    """散会."""

    act = actions.conclude_meeting


class DraftMinutesForm(StepForm):
    """起草纪要."""

    act = actions.draft_minutes
    minutes = LongField(
        label=_("纪要内容"), rows=18, help_text=_("已按议程和审议结果起草，请核改。")
    )

    def offer(self) -> None:
        """Begin with the draft that agenda and results make, or with what was sent back."""
        text = self.subject.minutes or minutes_draft(self.subject)
        self.initial = {"minutes": text, **self.initial}


class ReviseMinutesForm(DraftMinutesForm):
    """修改纪要."""

    act = actions.revise_minutes


class DelegateSigningForm(StepForm):
    """委托签发."""

    act = actions.delegate_signing
    delegate = forms.ModelChoiceField(
        label=_("受托人"), queryset=User.objects.none(), empty_label=_("请选择")
    )
    reason = LineField(
        label=_("原因和依据"), max_length=300, help_text=_("如“召集人外出，11月23日电话委托”。")
    )
    valid_until = DayField(label=_("有效期至"))

    def offer(self) -> None:
        """Offer the people of the body."""
        offer_rows(self, "delegate", people_of_body(self.subject.body))
        self.initial = {"valid_until": today() + timedelta(days=7), **self.initial}


class SignMinutesForm(NoteForm):
    """签发纪要."""

    act = actions.sign_minutes


class ReturnMinutesForm(MustNoteForm):
    """退回修改."""

    act = actions.return_minutes


class IssueMinutesForm(PlainForm):
    """印发纪要."""

    act = actions.issue_minutes


class DocketForm(StepForm):
    """立项督办."""

    act = actions.docket_resolution
    resolution = _pick(_("议定事项"), Resolution.objects)

    def offer(self) -> None:
        """Offer what is not settled."""
        rows = _resolutions(self.subject).filter(ledger_number="", excuse="")
        offer_rows(self, "resolution", rows)


class ExcuseForm(StepForm):
    """不立项."""

    act = actions.excuse_resolution
    resolution = _pick(_("议定事项"), Resolution.objects)
    reason = LineField(label=_("不立项理由"), max_length=300)

    def offer(self) -> None:
        """Offer what is not settled."""
        offer_rows(
            self, "resolution", _resolutions(self.subject).filter(ledger_number="", excuse="")
        )


class ArchiveForm(NoteForm):
    """办结归档."""

    act = actions.archive_meeting


MEETING_FORMS: Mapping[str, type[StepForm]] = {
    "set_agenda": SetAgendaForm,
    "drop_topic": DropTopicForm,
    "invite": InviteForm,
    "adjust": AdjustForm,
    "tick": TickForm,
    "add_check": AddCheckForm,
    "issue_notice": IssueNoticeForm,
    "cancel": CancelForm,
    "reply": ReplyForm,
    "sign_in": SignInForm,
    "register": RegisterForm,
    "open": OpenForm,
    "record_result": RecordResultForm,
    "resolve": ResolveForm,
    "strike": StrikeForm,
    "conclude": ConcludeForm,
    "draft_minutes": DraftMinutesForm,
    "revise_minutes": ReviseMinutesForm,
    "delegate_signing": DelegateSigningForm,
    "sign_minutes": SignMinutesForm,
    "return_minutes": ReturnMinutesForm,
    "issue_minutes": IssueMinutesForm,
    "docket": DocketForm,
    "excuse": ExcuseForm,
    "archive": ArchiveForm,
}
