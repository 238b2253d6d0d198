"""Forms of a plan: the file, the steps, one task, several tasks at once."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from lianqi.engines.deadlines import read_deadline
from lianqi.engines.workplan import cycle_years, read_units
from lianqi.kernel.access import Actor
from lianqi.kernel.fields import LineField, LongField, YesNoField
from lianqi.kernel.forms import DayField, offer
from lianqi.kernel.step_forms import SubjectStepForm
from lianqi.kernel.uploads import PLAN_FILE, UploadRefused, classification_mark, inspect_upload
from lianqi.ledger import actions
from lianqi.ledger.enums import ItemSource, TaskFate
from lianqi.ledger.models import PlanTask, WorkPlan
from lianqi.ledger.queries.plan_units import units_with_accounts
from lianqi.organisation.queries.roster_file import known_units

EARLIEST, LATEST = 2000, 2100
_DAY = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?")
_BETWEEN = re.compile(r"[、,，;；\s]+")
MOST_AT_ONCE = 300


def _file_field() -> forms.FileField:
    return forms.FileField(
        label=_("计划文件"),
        allow_empty_file=True,  # the inspection says what to do
        help_text=_("Word（docx）、文本（txt，含 GB18030）、Excel（xlsx）、CSV；不超过 20 MB。"),
        widget=forms.FileInput(attrs={"accept": ".docx,.txt,.xlsx,.csv"}),
    )


def _inspected(file: Any) -> Any:
    try:
        return inspect_upload(file.name or "", file, accept=PLAN_FILE)
    except UploadRefused as refused:
        raise forms.ValidationError(refused.message, code=refused.code) from refused


class PlanFileForm(forms.Form):
    """A plan to be read."""

    file = _file_field()
    title = LineField(
        label=_("名称"), max_length=120, required=False, help_text=_("不填则用文件名。")
    )
    source = forms.ChoiceField(
        label=_("来源"),
        choices=[(one.value, one.label) for one in (ItemSource.PLAN, ItemSource.UPSTREAM)],
        initial=ItemSource.PLAN,
    )
    year = forms.IntegerField(
        label=_("计划年度"),
        min_value=EARLIEST,
        max_value=LATEST,
        required=False,
        help_text=_("不填则从文中读取。"),
    )
    basis = LineField(label=_("文号"), max_length=120, required=False)
    issued_on = DayField(
        label=_("印发日期"),
        required=False,
        help_text=_("格式：2026-11-23。印发前就到期的任务按补录处理，不计入按时率。"),
    )
    programme = LineField(label=_("专项标签"), max_length=40, required=False)
    idempotency_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=120)

    def clean_file(self) -> Any:
        """Inspect the file before it is read."""
        return _inspected(self.cleaned_data["file"])

    def clean(self) -> dict[str, Any]:
        """Refuse secrecy marks in what is typed; a plan without a title is called by its file."""
        told = self.cleaned_data
        for name in ("title", "basis", "programme"):
            if classification_mark(told.get(name, "")):
                self.add_error(
                    name, _("内容中有密级标志，本系统不得填报涉密事项，请删去后再提交。")
                )
        if told.get("file") and not told.get("title"):
            told["title"] = told["file"].name.rpartition(".")[0][:120]
        return told

    def save(self, *, actor: Actor) -> WorkPlan:
        """Read it."""
        told = dict(self.cleaned_data)
        told.pop("idempotency_key")
        return actions.enter_plan(actor=actor, **told)


class ReadAgainForm(SubjectStepForm):
    """导入新版."""

    act = actions.read_plan_again
    file = _file_field()

    def clean_file(self) -> Any:
        """Inspect the file before it is read."""
        return _inspected(self.cleaned_data["file"])


class DocketPlanForm(SubjectStepForm):
    """全部立项."""

    act = actions.docket_plan
    assign = YesNoField(
        label=_("立项之后"), yes=_("立项并交办"), no=_("只立项，以后再交办"), initial="true"
    )

    def __init__(self, subject: WorkPlan, *args: Any, **kwargs: Any) -> None:
        """Say how many tasks go into the ledger, and how many of them are doubtful."""
        super().__init__(subject, *args, **kwargs)
        waiting = list(subject.tasks.filter(fate=TaskFate.WAITING))  # type: ignore[attr-defined]
        doubtful = sum(task.doubtful for task in waiting)
        said = _t("待立项%d项。") % len(waiting)
        if doubtful:
            said += _t("其中%d项存疑，没有改的按现在的读法立项。") % doubtful
        self.fields["assign"].help_text = said


class CloseReviewForm(SubjectStepForm):
    """核对完毕."""

    act = actions.close_review


class DiscardPlanForm(SubjectStepForm):
    """整份不立项."""

    act = actions.discard_plan
    reason = LongField(label=_("理由"), rows=3, max_length=200)


PLAN_FORMS: dict[str, type[SubjectStepForm]] = {
    "docket_plan": DocketPlanForm,
    "close_review": CloseReviewForm,
    "read_again": ReadAgainForm,
    "discard_plan": DiscardPlanForm,
}


class PlanTaskForm(forms.Form):
    """What was read of one task, to be put right."""

    title = LineField(label=_("事项"), max_length=120)
    lead_unit = forms.ChoiceField(label=_("牵头单位"))
    units = forms.MultipleChoiceField(
        label=_("其他责任单位"), required=False, widget=forms.CheckboxSelectMultiple
    )
    others = LineField(
        label=_("没有账号的责任单位"),
        max_length=200,
        required=False,
        help_text=_("用顿号隔开；照原文保留，不分派任务。"),
    )
    deadline_text = LineField(
        label=_("时限"),
        max_length=120,
        required=False,
        help_text=_("改了这里，日期重新读取。如“10月底前”“每季度末”“次年1月底前”“持续推进”。"),
    )
    dates = LineField(
        label=_("日期"),
        max_length=400,
        required=False,
        help_text=_("直接改日期也可以，多个用顿号隔开：2026-10-31、2027-04-30。改了以这里为准。"),
    )
    open_ended = forms.BooleanField(label=_("持续推进（没有完成日期，定期报进展）"), required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, task: PlanTask, *args: Any, **kwargs: Any) -> None:
        """Begin with what stands there; units in use are offered, the lead unit's name kept."""
        self.task = task
        known = units_with_accounts()
        strangers = [name for name in task.units if name not in known]
        kwargs["initial"] = {
            "title": task.title,
            "lead_unit": task.units[0] if task.units else "",
            "units": [name for name in task.units[1:] if name in known],
            "others": "、".join(name for name in strangers if name != task.units[0]),
            "deadline_text": task.deadline_text,
            "dates": "、".join(task.dates),
            "open_ended": task.open_ended,
            "seen": task.fingerprint,
        }
        super().__init__(*args, auto_id=f"id_{task.pk}_%s", **kwargs)
        no_account = _t("%s（没有账号）")
        offer(self, "units", [(name, name) for name in known])
        offer(
            self,
            "lead_unit",
            [*((name, name) for name in known), *((name, no_account % name) for name in strangers)],
        )
        self.doubts: list[str] = []

    def clean_dates(self) -> list[str]:
        """Return the days as they are stored; a day that does not exist is named."""
        days = []
        for said in filter(None, _BETWEEN.split(self.cleaned_data["dates"])):
            found = _DAY.fullmatch(said)
            if found is None or not EARLIEST <= int(found[1]) <= LATEST:
                raise forms.ValidationError(
                    _("“%(said)s”看不懂。请写成 2026-10-31 这样的日期。"), params={"said": said}
                )
            days.append(_existing(f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}", said))
        return sorted({one.isoformat() for one in days})

    def clean_others(self) -> list[str]:
        """Return the names without the print's blanks; an alias is its unit."""
        return read_units(self.cleaned_data["others"], known_units()).names

    def clean(self) -> dict[str, Any]:
        """Refuse secrecy marks; read the deadline anew if it was changed and no day was."""
        told = self.cleaned_data
        if classification_mark(f"{told.get('title', '')}{told.get('deadline_text', '')}"):
            self.add_error("title", _("内容中有密级标志，本系统不得填报涉密事项，请删去后再提交。"))
        told["recurs"] = self.task.recurs
        if "dates" in told and told["dates"] != self.task.dates:
            told["recurs"] = ""
            told["open_ended"] = told["open_ended"] and not told["dates"]
        elif told.get("deadline_text") != self.task.deadline_text:
            self._read_deadline(told)
        return told

    def _read_deadline(self, told: dict[str, Any]) -> None:
        reading = read_deadline(
            told.get("deadline_text", ""),
            plan_year=self.task.plan.year,
            cycle_years=cycle_years(self.task.path),
        )
        goes_on = reading.open_ended or told["open_ended"]
        if not reading.dates and not goes_on:
            said = "".join(reading.warnings) or _t("没有读出日期。")
            self.add_error("deadline_text", said + _t("也可以直接填日期，或勾选“持续推进”。"))
        told["dates"] = [one.isoformat() for one in reading.dates]
        told["recurs"], told["open_ended"] = reading.recurs or "", goes_on
        self.doubts = list(reading.warnings)

    def save(self, *, actor: Actor) -> PlanTask:
        """Put it right."""
        told = dict(self.cleaned_data)
        seen = told.pop("seen")
        named = [told.pop("lead_unit"), *told.pop("units"), *told.pop("others")]
        told["units"] = list(dict.fromkeys(named))
        return actions.correct_task(
            self.task, actor=actor, values=told, doubts=self.doubts, seen=seen
        )


def _existing(iso: str, said: str) -> date:
    try:
        found = parse_date(iso)
    except ValueError:
        found = None
    if found is None:
        raise forms.ValidationError(_("没有“%(said)s”这一天，请核对。"), params={"said": said})
    return found


class PlanTasksForm(forms.Form):
    """One act on the ticked tasks of a plan."""

    ACTS: Mapping[str, Any] = {
        "confirm": lambda plan, tasks, actor, reason: actions.confirm_tasks(
            plan, tasks, actor=actor
        ),
        "leave_out": lambda plan, tasks, actor, reason: actions.leave_tasks_out(
            plan, tasks, actor=actor, reason=reason
        ),
        "take_in": lambda plan, tasks, actor, reason: actions.take_tasks_in(
            plan, tasks, actor=actor
        ),
        "take_new": lambda plan, tasks, actor, reason: actions.settle_differences(
            plan, tasks, actor=actor, take_new=True
        ),
        "keep_old": lambda plan, tasks, actor, reason: actions.settle_differences(
            plan, tasks, actor=actor, take_new=False
        ),
    }
    key = forms.ChoiceField(choices=[(key, key) for key in ACTS])
    numbers = forms.ModelMultipleChoiceField(
        queryset=PlanTask.objects.none(),
        error_messages={
            "required": _("请先勾选任务。"),
            "invalid_pk_value": _("没有这项任务，请刷新页面。"),
            "invalid_choice": _("没有这项任务，请刷新页面。"),
        },
    )
    reason = LineField(max_length=200, required=False)

    def __init__(self, plan: WorkPlan, *args: Any, **kwargs: Any) -> None:
        """Take the tasks of this plan only."""
        super().__init__(*args, **kwargs)
        self.plan = plan
        self.fields["numbers"].queryset = PlanTask.objects.filter(plan=plan)  # type: ignore[attr-defined]

    def clean_numbers(self) -> list[PlanTask]:
        """Refuse more than are reviewed at once."""
        tasks = list(self.cleaned_data["numbers"])
        if len(tasks) > MOST_AT_ONCE:
            raise forms.ValidationError(_("一次最多办理%d项，请分批。") % MOST_AT_ONCE)
        return tasks

    def save(self, *, actor: Actor) -> list[PlanTask]:
        """Do it to all of them, or to none."""
        told = self.cleaned_data
        return self.ACTS[told["key"]](self.plan, told["numbers"], actor, told["reason"])
