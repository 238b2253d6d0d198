"""对账: the unit's answers and the office's rulings, all lines at once; which statements are opened."""

import re
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from lianqi.kernel.access import Actor
from lianqi.kernel.clock import today
from lianqi.kernel.fields import LineField
from lianqi.kernel.forms import offer
from lianqi.kernel.step_forms import SubjectStepForm
from lianqi.ledger.actions import answer_statement, rule_statement
from lianqi.ledger.actions.statements import Answer, Opened, Verdict, open_all, open_statement
from lianqi.ledger.enums import LineAnswer, Ruling, StatementState
from lianqi.ledger.models import Statement, StatementLine
from lianqi.ledger.queries.statements import months_stated, stated_units
from lianqi.organisation.models import Unit, User

MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
MOST_PERCENT = 100
_NOTE_MOST = 300


@dataclass(frozen=True)
class LineFields:
    """One line of the statement and the fields that are about it."""

    line: StatementLine
    fields: list[forms.BoundField]


class _LinesForm(SubjectStepForm):
    """Fields for each line of a statement, named after the line's key."""

    fields_template = "ledger/_statement_fields.html"

    def __init__(self, subject: Statement, *args: Any, **kwargs: Any) -> None:
        """Add the fields of each line."""
        super().__init__(subject, *args, **kwargs)
        self.lines = list(self.asked_lines())
        for line in self.lines:
            for name, field in self.line_fields().items():
                self.fields[f"{name}-{line.pk}"] = field

    def asked_lines(self) -> Any:
        """Return the lines that something is asked about."""
        return self.subject.lines.select_related("item")

    @abstractmethod
    def line_fields(self) -> dict[str, forms.Field]:
        """Return the fields that each line has."""

    @cached_property
    def groups(self) -> list[LineFields]:
        """The fields line by line."""
        names = list(self.line_fields())
        return [
            LineFields(line, [self[f"{name}-{line.pk}"] for name in names]) for line in self.lines
        ]

    def told(self, line: StatementLine, name: str) -> Any:
        """Return what was given for a line."""
        return self.cleaned_data.get(f"{name}-{line.pk}")

    def kept(self, **told: Any) -> dict[str, Any]:
        """Return what the action takes, and what makes a double click harmless."""
        guards = ("idempotency_key", "seen")
        return {**told, **{name: self.cleaned_data.get(name, "") for name in guards}}


class AnswerStatementForm(_LinesForm):
    """核对: agreed or disputed, line by line; ``agree_all`` agrees to every line at once."""

    act = answer_statement
    agree_all = forms.CharField(widget=forms.HiddenInput, required=False, max_length=4)

    def line_fields(self) -> dict[str, forms.Field]:
        """Return the unit's side of a line."""
        return {
            "answer": forms.ChoiceField(
                label=_("本单位意见"),
                choices=[(one.value, one.label) for one in LineAnswer if one],
                widget=forms.RadioSelect,
                required=False,
            ),
            "done": forms.TypedChoiceField(
                label=_("是否已完成"),
                choices=[("", _("不填")), ("true", _("已完成")), ("false", _("未完成"))],
                coerce=lambda value: value == "true",
                empty_value=None,
                required=False,
            ),
            "percent": forms.IntegerField(
                label=_("进度（%）"), min_value=0, max_value=MOST_PERCENT, required=False
            ),
            "note": LineField(
                label=_("情况说明"),
                max_length=_NOTE_MOST,
                required=False,
                help_text=_("有异议的必须写明。"),
            ),
        }

    def clean(self) -> dict[str, Any]:
        """Return an answer for each line; what is missing is said beside its field."""
        super().clean()
        everything = bool(self.cleaned_data.get("agree_all"))
        answers = {}
        for line in self.lines:
            said = LineAnswer.AGREED if everything else self.told(line, "answer")
            note = self.told(line, "note") or ""
            if not said:
                self.add_error(f"answer-{line.pk}", _("请选“一致”或“有异议”。"))
            elif said == LineAnswer.DISPUTED and not note:
                self.add_error(f"note-{line.pk}", _("有异议，请写明情况。"))
            answers[line.pk] = Answer(
                said or "", note, self.told(line, "done"), self.told(line, "percent")
            )
        return self.kept(answers=answers)


class RuleStatementForm(_LinesForm):
    """裁定异议: the unit's word is taken, or the office's kept with the reason."""

    act = rule_statement

    def asked_lines(self) -> Any:
        """Return the disputed lines; the others are settled."""
        return super().asked_lines().filter(answer=LineAnswer.DISPUTED)

    def line_fields(self) -> dict[str, forms.Field]:
        """Return the office's ruling on a line."""
        return {
            "ruling": forms.ChoiceField(
                label=_("裁定"),
                choices=[(one.value, one.label) for one in Ruling if one],
                widget=forms.RadioSelect,
                required=False,
            ),
            "reason": LineField(
                label=_("裁定理由"),
                max_length=_NOTE_MOST,
                required=False,
                help_text=_("维持办公室意见的必须写明。"),
            ),
        }

    def clean(self) -> dict[str, Any]:
        """Return a verdict for each disputed line."""
        super().clean()
        rulings = {}
        for line in self.lines:
            said, reason = self.told(line, "ruling"), self.told(line, "reason") or ""
            if not said:
                self.add_error(f"ruling-{line.pk}", _("请裁定这一项。"))
            elif said == Ruling.KEPT and not reason:
                self.add_error(f"reason-{line.pk}", _("维持办公室意见，请写明理由。"))
            rulings[line.pk] = Verdict(said or "", reason)
        return self.kept(rulings=rulings)


STATEMENT_FORMS: dict[str, type[SubjectStepForm]] = {
    "answer_statement": AnswerStatementForm,
    "rule_statement": RuleStatementForm,
}


class OpenStatementsForm(forms.Form):
    """Which statements the office opens: a month, one unit or all that have something in hand."""

    month = LineField(
        label=_("月份"), max_length=7, help_text=_("写成 2026-11 这样；不能开以后月份的。")
    )
    unit = forms.ChoiceField(label=_("单位"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the units that lead something."""
        kwargs["initial"] = {"month": f"{today():%Y-%m}", **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        units = [(unit.code, unit.name) for unit in stated_units(f"{today():%Y-%m}")]
        offer(self, "unit", [("", _("全部有在办事项的单位")), *units])

    def clean_month(self) -> str:
        """Refuse what is no month, and months to come."""
        month = str(self.cleaned_data["month"])
        if not MONTH.fullmatch(month):
            raise forms.ValidationError(_("月份看不懂。请写成 2026-11 这样的格式。"))
        if month > f"{today():%Y-%m}":
            raise forms.ValidationError(_("还没有到这个月，不能开它的对账单。"))
        return month

    def save(self, *, actor: Actor) -> Opened:
        """Open them; those that are open already are left alone and counted."""
        month, code = self.cleaned_data["month"], self.cleaned_data["unit"]
        if not code:
            return open_all(month, actor=actor)
        unit = Unit.objects.get(code=code)
        return Opened([open_statement(unit, month, actor=actor)], 0)


class StatementFilterForm(forms.Form):
    """What the list of statements shows."""

    month = forms.ChoiceField(label=_("月份"), required=False)
    unit = forms.ChoiceField(label=_("单位"), required=False)
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部状态")), *StatementState.choices]
    )

    def __init__(self, asked: Mapping[str, Any], user: User) -> None:
        """Read an address; the months and units there are, are offered."""
        super().__init__(asked, auto_id="filter_%s")
        months = [(month, month) for month in months_stated(user)]
        offer(self, "month", [("", _("全部月份")), *months])
        units = list(Unit.objects.filter(active=True).values_list("code", "name"))
        offer(self, "unit", [("", _("全部单位")), *units])
        self.full_clean()

    def asked(self) -> dict[str, str]:
        """Return the filters; what cannot be read is left out."""
        return {name: value for name, value in self.cleaned_data.items() if value}
