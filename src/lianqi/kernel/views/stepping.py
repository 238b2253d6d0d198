"""Taking a step on any record from its page: the form, its refusals, a double click, a stale page."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from lianqi.kernel.clause_texts import clauses_behind
from lianqi.kernel.errors import NotPermitted, RuleBroken, StepUnfit
from lianqi.kernel.htmx import after_post, render_page
from lianqi.kernel.idempotency import once
from lianqi.kernel.templatetags.ui import word
from lianqi.kernel.workflow import Step, Workflow


def take_step(
    request: HttpRequest,
    workflow: Workflow,
    subject: Any,
    key: str,
    step_forms: Mapping[str, Any],
    *,
    reload: Callable[[], Any],
) -> HttpResponse:
    """Show the form of a step and take it; the caller has loaded the record through its row filter.

    ``reload`` loads the record again through the same filter, for a page after a refusal.
    """
    if key not in step_forms:
        raise Http404
    step = workflow.steps[key]
    if request.method != "POST":
        context = step_context(request, workflow, subject, step, step_forms)
        return _show(request, context, StepUnfit.status if context["step_refusal"] else 200)
    form = _guarded(step_forms[key](subject, request.POST, request.FILES), subject)
    status = 422
    refusal = ""
    if form.is_valid():
        try:
            _take(request, workflow, subject, step, form)
        except NotPermitted:
            raise  # a page of its own says whose step this is
        except RuleBroken as problem:
            form.add_error(problem.field if problem.field in form.fields else None, problem.message)
            status = problem.status
        else:
            messages.success(request, _("已办：%s。") % word(step.label))
            return after_post(request, subject.get_absolute_url())
    fresh = reload()
    refusal = _refusal(request, workflow, fresh, step)
    # What was typed stays; whoever reads the new state may send it again.
    again = request.POST.copy()
    again["seen"] = fresh.state
    form.data = again
    context = _context(request, fresh, step, form, refusal)
    return _show(request, context, StepUnfit.status if refusal else status)


def step_context(
    request: HttpRequest,
    workflow: Workflow,
    subject: Any,
    step: Step,
    step_forms: Mapping[str, Any],
) -> dict[str, Any]:
    """Return what the form of a step needs, blank, also as a part of the record's page."""
    form = _guarded(step_forms[step.key](subject), subject)
    return _context(request, subject, step, form, _refusal(request, workflow, subject, step))


def _guarded(form: Any, subject: Any) -> Any:
    """Add what makes a double click harmless and shows that the record has moved meanwhile."""
    for name, value in {"idempotency_key": str(uuid.uuid4()), "seen": subject.state}.items():
        form.fields[name] = forms.CharField(
            widget=forms.HiddenInput, required=False, max_length=120, initial=value
        )
    return form


def _take(request: HttpRequest, workflow: Workflow, subject: Any, step: Step, form: Any) -> None:
    told = form.cleaned_data
    key, seen = told.pop("idempotency_key"), told.pop("seen")
    content = {
        "subject": f"{subject._meta.label_lower}:{subject.pk}",
        "step": step.key,
        **{name: _said(value) for name, value in told.items()},
    }

    def take() -> Model:
        if seen and seen != subject.state:
            raise workflow.stale(subject, request.user)
        form.save(actor=request.user)
        return subject

    once(request.user, key, content, take)


def _said(value: Any) -> Any:
    if isinstance(value, list):
        return [_said(one) for one in value]
    return getattr(value, "sm3", None) or str(value)


def _refusal(request: HttpRequest, workflow: Workflow, subject: Any, step: Step) -> str:
    """Say why the step cannot be taken now; NotPermitted if it is not this person's at all."""
    try:
        workflow.check_open(step.key, subject, request.user)
    except StepUnfit as unfit:
        return unfit.message
    return ""


def _context(
    request: HttpRequest, subject: Any, step: Step, form: Any, refusal: str
) -> dict[str, Any]:
    plain = not form.visible_fields()
    return {
        "subject": subject,
        "step": step,
        "step_kind": "danger" if step.tone == "danger" else "primary",
        "step_form": form,
        "step_url": request.path
        if f"/steps/{step.key}/" in request.path
        else f"{subject.get_absolute_url()}steps/{step.key}/",
        "step_refusal": refusal,
        "step_draft": "" if plain else f"{subject._meta.model_name}-step",
        "step_note": _("不用填写，点按钮即可。")
        if plain
        else _("附件没有保存，请重新选择。")
        if request.FILES
        else "",
        "step_clauses": clauses_behind(step.basis),
    }


def _show(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    return render_page(request, "kernel/step.html", context, parts=["step-panel"], status=status)
