"""The steps of any record of the room, and forms that begin or register something."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from lianqi.kernel.clause_texts import clauses_behind
from lianqi.kernel.errors import NotPermitted, RuleBroken
from lianqi.kernel.htmx import after_post, render_page
from lianqi.kernel.idempotency import once
from lianqi.kernel.views.stepping import step_context
from lianqi.kernel.workflow import Workflow
from lianqi.organisation.views.signed_in import SignedInRequest


def forms_for(request: SignedInRequest, step_forms: Mapping[str, Any]) -> dict[str, Any]:
    """Return the forms of the steps as this person is offered them."""
    return {key: partial(form, user=request.user) for key, form in step_forms.items()}


def opened_step(
    request: SignedInRequest, workflow: Workflow, subject: Any, step_forms: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the panel that ``?step=`` asks the record's page to open, nothing if it may not."""
    key = request.GET.get("step", "")
    if key not in step_forms:
        return {}
    try:
        workflow.check_open(key, subject, request.user)
    except RuleBroken:
        return {}
    forms = forms_for(request, step_forms)
    return step_context(request, workflow, subject, workflow.steps[key], forms)


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
    made, _fresh = once(request.user, key, {k: str(v) for k, v in told.items()}, save)
    return made
