"""One firm: its page, its steps, corrections of its facts and its code."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianqi.enterprises.access import serves_enterprises
from lianqi.enterprises.forms.office import (
    STEP_FORMS,
    ChangeCodeForm,
    CorrectForm,
    CorrectOwnForm,
)
from lianqi.enterprises.models import Enterprise
from lianqi.enterprises.queries import record
from lianqi.enterprises.views import home_of, require, visible
from lianqi.enterprises.workflow import ENTERPRISE
from lianqi.kernel.access import may
from lianqi.kernel.errors import NotPermitted, RuleBroken, StepUnfit
from lianqi.kernel.htmx import after_post, render_page
from lianqi.kernel.views.refusals import show_refusal


@login_required
@require_safe
def enterprise_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one firm; ``?step=`` opens it with the form of that step."""
    enterprise = visible(request, pk)
    if not serves_enterprises(request.user):
        return redirect(home_of(request, enterprise))
    steps = record.steps_for(enterprise, request.user)
    context: dict[str, Any] = {
        "enterprise": enterprise,
        "trail": _trail(enterprise),
        "steps": steps,
        "facts": record.facts_of(enterprise),
        "size": record.size_reason(enterprise),
        "contacts": record.contacts_of(enterprise, request.user),
        "accounts": record.accounts_of(enterprise, request.user),
        "codes": record.former_codes(enterprise),
        "duty": record.live_duty(enterprise),
        "entries": record.timeline(enterprise),
        "clauses": record.CLAUSES,
        "may_correct": may(request.user, "enterprises.correct_enterprise", enterprise),
        "may_manage": may(request.user, "enterprises.open_account", enterprise),
    }
    asked = request.GET.get("step", "")
    if asked in {step.key for step in steps}:
        context.update(_step_context(enterprise, asked, STEP_FORMS[asked]()))
    return render_page(request, "enterprises/detail.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def enterprise_step(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Show the form of a step and take the step."""
    enterprise = visible(request, pk)
    if key not in STEP_FORMS:
        raise Http404
    posted = request.method == "POST"
    form = STEP_FORMS[key](request.POST if posted else None)
    status, refusal = 422 if posted else 200, ""
    try:
        ENTERPRISE.check_open(key, enterprise, request.user)
        if posted and form.is_valid():
            form.save(enterprise, actor=request.user)
            messages.success(request, _("已办：%s。") % ENTERPRISE.steps[key].label)
            return after_post(request, enterprise.get_absolute_url())
    except NotPermitted as refused:
        raise PermissionDenied(refused.message) from refused
    except StepUnfit as unfit:
        enterprise.refresh_from_db()
        status, refusal = unfit.status, unfit.message
    except RuleBroken as problem:
        status = show_refusal(form, problem)
    context = {"enterprise": enterprise, "step_refusal": refusal}
    context.update(_step_context(enterprise, key, form))
    return render_page(
        request, "enterprises/step.html", context, parts=["step-panel"], status=status
    )


@login_required
@require_http_methods(["GET", "POST"])
def enterprise_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the facts: the office all of them, the firm its own."""
    enterprise = visible(request, pk)
    require(request, "enterprises.correct_enterprise", enterprise)
    full = may(request.user, "enterprises.verify_enterprise", enterprise)
    kind = CorrectForm if full else CorrectOwnForm
    return _edit(
        request,
        enterprise,
        kind.of(enterprise, request.POST if request.method == "POST" else None),
        title=_("更正资料"),
        url_name="enterprises:enterprise_correct",
        done=_("资料已更正。"),
    )


@login_required
@require_http_methods(["GET", "POST"])
def enterprise_change_code(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the firm its new code; the old one stays in its history."""
    enterprise = visible(request, pk)
    require(request, "enterprises.verify_enterprise", enterprise)
    return _edit(
        request,
        enterprise,
        ChangeCodeForm(
            request.POST if request.method == "POST" else None, initial={"kind": enterprise.kind}
        ),
        title=_("变更信用代码"),
        url_name="enterprises:enterprise_change_code",
        done=_("信用代码已变更，原代码留在曾用代码里。"),
    )


def _edit(
    request: HttpRequest,
    enterprise: Enterprise,
    form: Form,
    *,
    title: str,
    url_name: str,
    done: str,
) -> HttpResponse:
    """Show a form about the firm, and save it."""
    posted = request.method == "POST"
    status = 422 if posted else 200
    if posted and form.is_valid():
        try:
            form.save(enterprise, actor=request.user)
        except RuleBroken as problem:
            status = show_refusal(form, problem)
        else:
            messages.success(request, done)
            return after_post(request, home_of(request, enterprise))
    context = {
        "enterprise": enterprise,
        "form": form,
        "title": title,
        "here": reverse(url_name, args=[enterprise.pk]),
        "back": home_of(request, enterprise),
    }
    return render_page(
        request, "enterprises/edit.html", context, parts=["step-panel"], status=status
    )


def _step_context(enterprise: Enterprise, key: str, form: Form) -> dict[str, Any]:
    step = ENTERPRISE.steps[key]
    return {
        "step": step,
        "step_form": form,
        "step_kind": "danger" if step.tone == "danger" else "primary",
        "step_url": reverse("enterprises:enterprise_step", args=[enterprise.pk, key]),
        "clauses": record.CLAUSES,
    }


def _trail(enterprise: Enterprise) -> list[dict[str, str]]:
    return [
        {"label": _("企业名录"), "url": reverse("enterprises:enterprise_list")},
        {"label": enterprise.name, "url": ""},
    ]
