"""Taking a step on a record beside an appeal: an application to open a name, a public case."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from lianqi.kernel.clause_texts import clauses_behind
from lianqi.kernel.errors import NotPermitted, RuleBroken, StepUnfit
from lianqi.kernel.htmx import after_post, render_page
from lianqi.kernel.templatetags.ui import word
from lianqi.kernel.workflow import Workflow
from lianqi.organisation.views.signed_in import SignedInRequest


def take_beside(
    request: SignedInRequest,
    subject: Any,
    workflow: Workflow,
    key: str,
    forms: Mapping[str, Any],
) -> HttpResponse:
    """Show the form of a step and take it; the caller has loaded the record through its row filter."""
    if key not in forms:
        raise Http404
    step = workflow.steps[key]
    posted = request.method == "POST"
    form = forms[key](subject, request.POST if posted else None)
    refusal, status = "", 422 if form.errors else 200
    try:
        workflow.check_open(key, subject, request.user)
        if posted and form.is_valid():
            form.save(actor=request.user)
            messages.success(request, _("已办：%s。") % word(step.label))
            return after_post(request, subject.get_absolute_url())
    except NotPermitted:
        raise  # a page of its own says whose step this is
    except StepUnfit as unfit:
        refusal, status = unfit.message, unfit.status
    except RuleBroken as problem:
        _add_problem(form, problem)
        status = problem.status
    context = {
        "subject": subject,
        "step": step,
        "form": form,
        "here": request.path,
        "kind": "danger" if step.tone == "danger" else "primary",
        "refusal": refusal,
        "note": "" if form.visible_fields() else _("不用填写，点按钮即可。"),
        "clauses": clauses_behind(step.basis),
    }
    return render_page(
        request, "appeals/beside_step.html", context, parts=["step-panel"], status=status
    )


def begin_beside(
    request: SignedInRequest, form: Any, begin: Callable[[], Any], said: str
) -> tuple[HttpResponse | None, int]:
    """Begin a record with a posted form; return the way to it, or the status with which to show again."""
    if request.method != "POST":
        return None, 200
    if not form.is_valid():
        return None, 422
    try:
        made = begin()
    except NotPermitted:
        raise
    except RuleBroken as problem:
        _add_problem(form, problem)
        return None, problem.status
    messages.success(request, said)
    return after_post(request, made.get_absolute_url()), 302


def _add_problem(form: Any, problem: RuleBroken) -> None:
    """Put a refusal beside the field it is about, else above the form."""
    form.add_error(problem.field if problem.field in form.fields else None, problem.message)
