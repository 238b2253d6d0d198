"""The form of a step on any record of the room, and forms that begin or register something."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from lianqi.appeals.views.signed_in import SignedInRequest
from lianqi.conference.queries.basis import clauses_behind
from lianqi.kernel.errors import NotPermitted, RuleBroken, StepUnfit
from lianqi.kernel.htmx import after_post, render_page
from lianqi.kernel.idempotency import once
from lianqi.kernel.templatetags.ui import word
from lianqi.kernel.workflow import Step, Workflow

_KINDS = {"primary": "primary", "normal": "primary", "danger": "danger"}


class Desk:
    """Where the steps of one workflow are taken: its table, its forms, its address."""

    def __init__(self, workflow: Workflow, step_forms: Mapping[str, Any], address: str) -> None:
        """Keep the three."""
        self.workflow, self.forms, self.address = workflow, step_forms, address

    def take(self, request: SignedInRequest, subject: Any, key: str) -> HttpResponse:
        """Show the form of a step and take it; the caller has loaded the record through its filter."""
        if key not in self.forms:
            raise Http404
        step = self.workflow.steps[key]
        posted = request.method == "POST"
        refusal = self.refusal(request, subject, step)
        form = self.form(request, subject, key, posted=posted)
        status = StepUnfit.status if refusal else 200
        if posted:
            done, status = self._post(request, subject, step, form, status)
            if done is not None:
                return done
            subject.refresh_from_db()
            _show_again(form, request.POST, subject)
            refusal = self.refusal(request, subject, step)
        context = {"subject": subject, **self.context(request, subject, step, form, refusal)}
        return render_page(
            request, "conference/step.html", context, parts=["step-panel"], status=status
        )

    def form(self, request: SignedInRequest, subject: Any, key: str, *, posted: bool) -> Any:
        """Return the form with what makes a double click harmless and shows that the record moved."""
        given = (request.POST, request.FILES) if posted else ()
        form = self.forms[key](subject, request.user, *given)
        hidden = {"idempotency_key": str(uuid.uuid4()), "seen": subject.state}
        for name, value in hidden.items():
            form.fields[name] = forms.CharField(
                widget=forms.HiddenInput, required=False, max_length=120, initial=value
            )
        return form

    def context(
        self, request: SignedInRequest, subject: Any, step: Step, form: Any, refusal: str
    ) -> dict[str, Any]:
        """Return what the panel of a step shows."""
        return {
            "step": step,
            "step_kind": _KINDS[step.tone],
            "step_form": form,
            "step_url": reverse(self.address, args=[subject.number, step.key]),
            "step_refusal": refusal,
            "step_note": "" if form.visible_fields() else _("不用填写，点按钮即可。"),
            "step_clauses": clauses_behind(step.basis),
            "record_url": subject.get_absolute_url(),
        }

    def opened(self, request: SignedInRequest, subject: Any) -> dict[str, Any]:
        """Return the panel that ``?step=`` asks the record's page to open, nothing if it may not."""
        key = request.GET.get("step", "")
        if key not in self.forms:
            return {}
        try:
            self.workflow.check_open(key, subject, request.user)
        except RuleBroken:
            return {}
        form = self.form(request, subject, key, posted=False)
        return self.context(request, subject, self.workflow.steps[key], form, "")

    def refusal(self, request: SignedInRequest, subject: Any, step: Step) -> str:
        """Say why the step cannot be taken now; NotPermitted if it is not this person's at all."""
        try:
            self.workflow.check_open(step.key, subject, request.user)
        except StepUnfit as unfit:
            return unfit.message
        return ""

    def _post(
        self, request: SignedInRequest, subject: Any, step: Step, form: Any, status: int
    ) -> tuple[HttpResponse | None, int]:
        if not form.is_valid():
            return None, status if status != 200 else 422
        told = form.cleaned_data
        key, seen = told.pop("idempotency_key"), told.pop("seen")
        content = {
            "subject": str(subject),
            "step": step.key,
            **{name: _said(value) for name, value in told.items()},
        }

        def take() -> Any:
            if seen and seen != subject.state:
                raise self.workflow.stale(subject, request.user)
            return form.save(actor=request.user)

        try:
            once(request.user, key, content, take)
        except NotPermitted:
            raise  # a page of its own says whose step this is
        except RuleBroken as problem:
            add_problem(form, problem)
            return None, problem.status
        messages.success(request, _("已办：%s。") % word(step.label))
        return after_post(request, subject.get_absolute_url()), 302


def _show_again(form: Any, posted: QueryDict, subject: Any) -> None:
    """What was typed stays; whoever reads the new state may send it again."""
    again = posted.copy()
    again["seen"] = subject.state
    form.data = again


def _said(value: Any) -> Any:
    if isinstance(value, list):
        return [getattr(file, "sm3", str(file)) for file in value]
    if hasattr(value, "values_list"):
        return sorted(value.values_list("pk", flat=True))
    return str(getattr(value, "pk", value))


def add_problem(form: Any, problem: RuleBroken) -> None:
    """Put a refusal beside the field it is about, else above the form."""
    form.add_error(problem.field if problem.field in form.fields else None, problem.message)


def fill_in(
    request: SignedInRequest,
    form: Any,
    save: Callable[[], Any],
    *,
    title: str,
    label: str,
    back: str,
    basis: str = "",
    note: str = "",
    onward: Callable[[Any], str] | None = None,
) -> HttpResponse:
    """Show a form that begins or registers something, and go on to what it made."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = _once(request, form, save)
            except NotPermitted:
                raise
            except RuleBroken as problem:
                add_problem(form, problem)
                status = problem.status
            else:
                messages.success(request, _("已办：%s。") % title)
                return after_post(request, onward(made) if onward else made.get_absolute_url())
    context = {
        "form": form,
        "title": title,
        "label": label,
        "here": request.get_full_path(),
        "back": back,
        "note": note,
        "clauses": clauses_behind(basis),
    }
    return render_page(
        request, "conference/form_page.html", context, parts=["step-panel"], status=status
    )


def _once(request: SignedInRequest, form: Any, save: Callable[[], Any]) -> Any:
    told = dict(form.cleaned_data)
    key = told.pop("idempotency_key", "")
    made, _fresh = once(request.user, key, {k: _said(v) for k, v in told.items()}, save)
    return made
