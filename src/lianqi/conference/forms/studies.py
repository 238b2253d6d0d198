"""One form a step on a field study, and the form that plans one."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.conference import actions
from lianqi.conference.forms.step_form import (
    MarkedForm,
    MustNoteForm,
    NoteForm,
    StepForm,
    many_units,
    offer_rows,
    one_unit,
    units,
)
from lianqi.conference.forms.topics import BODIES_THAT_MEET
from lianqi.conference.models import FieldStudy, Finding, Visit
from lianqi.kernel.access import Actor
from lianqi.kernel.clock import today
from lianqi.kernel.fields import LineField, LongField
from lianqi.kernel.forms import DayField, offer


class PlanStudyForm(MarkedForm):
    """提出调研方案."""

    body = forms.ChoiceField(label=_("议事机构"))
    title = LineField(label=_("调研题目"), min_length=4, max_length=100)
    scope = LongField(
        label=_("调研指导事项"),
        rows=3,
        help_text=_("哪些重大决策部署、工作安排、议定事项的落实情况。"),
    )
    plan = LongField(label=_("工作方案"), rows=6)
    units = many_units(_("参加单位"), required=True)
    report_on = DayField(label=_("报告日期"))
    idempotency_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=120)

    def __init__(self, bodies: list[str], *args: Any, **kwargs: Any) -> None:
        """Offer the bodies in whose offices the person works, and all units."""
        super().__init__(*args, **kwargs)
        offer(self, "body", [(code, code.label) for code in BODIES_THAT_MEET if code in bodies])
        offer_rows(self, "units", units())

    def save(self, *, actor: Actor) -> FieldStudy:
        """Plan it."""
        told = {k: v for k, v in self.cleaned_data.items() if k != "idempotency_key"}
        return actions.plan_study(actor=actor, **told)


class ConsentForm(NoteForm):
    """同意."""

    act = actions.consent_to_study


class RefuseForm(MustNoteForm):
    """不同意."""

    act = actions.refuse_study


class PlanVisitForm(StepForm):
    """安排实地调研."""

    act = actions.plan_visit
    place = LineField(label=_("调研单位或地点"), max_length=100)
    planned_on = DayField(label=_("计划日期"))


class _OpenVisitForm(StepForm):
    """A step on a visit nobody has written about."""

    visit = forms.ModelChoiceField(
        label=_("实地调研"),
        queryset=Visit.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )

    def offer(self) -> None:
        """Offer the open visits."""
        offer_rows(self, "visit", self.subject.visits.filter(done_on=None))


class DropVisitForm(_OpenVisitForm):
    """撤下实地调研."""

    act = actions.drop_visit


class RecordVisitForm(_OpenVisitForm):
    """记录实地调研."""

    act = actions.record_visit
    done_on = DayField(label=_("实际日期"))
    participants = LineField(label=_("参加人员"), max_length=200)
    seen = LongField(label=_("了解的情况"), rows=5)

    def offer(self) -> None:
        """Begin with today."""
        super().offer()
        self.initial = {"done_on": today(), **self.initial}


class NoteFindingForm(StepForm):
    """登记发现的问题."""

    act = actions.note_finding
    text = LongField(label=_("发现的问题和要求"), rows=4)
    lead_unit = one_unit(_("牵头单位"))
    units = many_units(_("责任单位"))
    deadline_text = LineField(
        label=_("完成时限"), max_length=100, help_text=_("如“12月底前”“次年3月上旬”“持续推进”。")
    )

    def offer(self) -> None:
        """Offer all units."""
        offer_rows(self, "lead_unit", units())
        offer_rows(self, "units", units())


class ReportForm(StepForm):
    """报告落实情况."""

    act = actions.report_study
    report = LongField(label=_("调研报告"), rows=10)


class _OpenFindingForm(StepForm):
    """A step on a finding that is not settled."""

    finding = forms.ModelChoiceField(
        label=_("调研发现"),
        queryset=Finding.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )

    def offer(self) -> None:
        """Offer what is not settled."""
        offer_rows(self, "finding", self.subject.findings.filter(ledger_number="", excuse=""))


class DocketFindingForm(_OpenFindingForm):
    """立项督办."""

    act = actions.docket_finding


class ExcuseFindingForm(_OpenFindingForm):
    """不立项."""

    act = actions.excuse_finding
    reason = LineField(label=_("不立项理由"), max_length=300)


class CloseForm(NoteForm):
    """办结."""

    act = actions.close_study


STUDY_FORMS: Mapping[str, type[StepForm]] = {
    "consent": ConsentForm,
    "refuse": RefuseForm,
    "plan_visit": PlanVisitForm,
    "drop_visit": DropVisitForm,
    "record_visit": RecordVisitForm,
    "note_finding": NoteFindingForm,
    "report": ReportForm,
    "docket": DocketFindingForm,
    "excuse": ExcuseFindingForm,
    "close": CloseForm,
}
