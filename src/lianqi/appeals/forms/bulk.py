"""One step on many appeals: each by the usual action, in a transaction of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.appeals.access import visible_appeals
from lianqi.appeals.forms.steps import STEP_FORMS, step_form
from lianqi.appeals.models import Appeal
from lianqi.appeals.workflow import APPEAL
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.idempotency import once
from lianqi.kernel.problems import Refused
from lianqi.organisation.models import User

# What may be done to many at once; everything else wants a look at each appeal.
BULK_STEPS = ("accept", "dispatch", "urge")
MOST_AT_ONCE = 100
_OWN_FIELDS = ("idempotency_key",)


@dataclass(frozen=True)
class BulkResult:
    """How one appeal fared: done, or why not (in words, with the code and status of the API)."""

    number: str
    done: bool
    appeal: Appeal | None = None
    message: str = ""
    code: str = ""
    status: int = 200


def take_on_each(
    user: User, key: str, numbers: Sequence[str], given: Mapping[str, Any], *, once_key: str = ""
) -> list[BulkResult]:
    """Take a step on each of these appeals, in their order; one that is refused stops no other.

    With ``once_key`` a repeated call (a double click) finds each step taken already and says so
    as the first call did.
    """
    wanted = list(dict.fromkeys(numbers))[:MOST_AT_ONCE]
    rows = visible_appeals(user).filter(number__in=wanted).select_related("enterprise", "lead_unit")
    found = {appeal.number: appeal for appeal in rows}
    return [_take(user, key, number, found.get(number), given, once_key) for number in wanted]


def _take(
    user: User,
    key: str,
    number: str,
    appeal: Appeal | None,
    given: Mapping[str, Any],
    once_key: str,
) -> BulkResult:
    if appeal is None:
        return BulkResult(
            number, False, message="没有这件诉求，或不在您的范围。", code="not_found", status=404
        )
    content = {"appeal": appeal.pk, "step": key, **{name: str(v) for name, v in given.items()}}

    def act() -> Appeal:
        APPEAL.check_open(key, appeal, user)
        form = step_form(key, appeal, given)
        if not form.is_valid():
            raise RuleBroken("；".join(_errors(form)))
        return form.save(actor=user)

    try:
        taken, _made = once(user, once_key and f"{once_key}:{number}", content, act)
    except Refused:
        raise
    except RuleBroken as refused:
        return BulkResult(number, False, appeal, refused.message, refused.code, refused.status)
    return BulkResult(number, True, taken)


def _errors(form: forms.Form) -> list[str]:
    return [
        f"{form.fields[name].label}：{error}" if name in form.fields else str(error)
        for name, errors in form.errors.items()
        for error in errors
    ]


def bulk_form(key: str, *args: Any, **kwargs: Any) -> forms.Form:
    """Return the step's form for many appeals: its own fields, and what makes a double click safe."""
    form = STEP_FORMS[key](Appeal(), *args, **kwargs)
    form.fields["idempotency_key"] = forms.CharField(
        widget=forms.HiddenInput, required=False, max_length=60
    )
    return form


def given_fields(form: forms.Form) -> dict[str, Any]:
    """Return what was sent for the step's own fields, as each appeal's form reads it again."""
    given: dict[str, Any] = {}
    for name, field in form.fields.items():
        if name not in _OWN_FIELDS:
            given[name] = field.widget.value_from_datadict(form.data, form.files, name)
    return given


class NumbersForm(forms.Form):
    """Which appeals were ticked, and which step was asked for."""

    key = forms.ChoiceField(choices=[(key, key) for key in BULK_STEPS])

    def clean_numbers(self, numbers: Sequence[str]) -> list[str]:
        """Return the numbers once each; ValidationError if there are none or too many."""
        wanted = list(dict.fromkeys(number for number in numbers if number))
        if not wanted:
            raise forms.ValidationError(_("请先勾选要办理的诉求。"))
        if len(wanted) > MOST_AT_ONCE:
            raise forms.ValidationError(_("一次最多办理%d件，请分批。") % MOST_AT_ONCE)
        return wanted
