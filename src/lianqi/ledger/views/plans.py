"""Work plans: the list, reading a file, the review page, its steps, its tasks."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianqi.kernel.access import may
from lianqi.kernel.errors import NotPermitted, RuleBroken
from lianqi.kernel.htmx import after_post, render_page
from lianqi.kernel.idempotency import once
from lianqi.kernel.models import Attachment
from lianqi.kernel.paging import keyset_page
from lianqi.kernel.queries.records import file_rows, owed_lines, step_links, timeline_of
from lianqi.kernel.views.stepping import step_context, take_step
from lianqi.ledger.access import visible_plans
from lianqi.ledger.enums import PlanState
from lianqi.ledger.forms import PLAN_FORMS, PlanFileForm, PlanTaskForm, PlanTasksForm
from lianqi.ledger.models import PlanTask, WorkPlan
from lianqi.ledger.queries.plans import (
    TASK_VIEWS,
    filtered_plans,
    filtered_tasks,
    plan_rows,
    task_counts,
    task_rows,
    view_tabs,
)
from lianqi.ledger.workflow import PLAN
from lianqi.organisation.views.signed_in import SignedInRequest

TASKS_A_PAGE = 100
BY_THEMSELVES = ("correct_task",)


@login_required
@require_safe
def plan_list(request: SignedInRequest) -> HttpResponse:
    """Show the plans and how far each has come."""
    if not may(request.user, "ledger.view_plans"):
        raise PermissionDenied
    page = keyset_page(filtered_plans(request.user), request.GET, order=("-pk",), unit="份")
    context = {
        "page": page,
        "rows": plan_rows(page.rows),
        "may_read_plan": may(request.user, "ledger.read_plan"),
        "trail": _trail(_("工作计划")),
    }
    return render_page(request, "ledger/plan_list.html", context, parts=["rows"])


@login_required
@require_http_methods(["GET", "POST"])
def plan_new(request: SignedInRequest) -> HttpResponse:
    """Read a plan's file for review."""
    if not may(request.user, "ledger.read_plan"):
        raise NotPermitted("工作计划由联席会议办公室导入。")
    posted = request.method == "POST"
    given = (request.POST, request.FILES) if posted else ()
    form = PlanFileForm(*given, initial={"idempotency_key": uuid.uuid4()})
    status = 200
    if posted and form.is_valid():
        told = {
            name: getattr(value, "sm3", str(value)) for name, value in form.cleaned_data.items()
        }
        key = form.cleaned_data["idempotency_key"]
        try:
            plan, _fresh = once(request.user, key, told, lambda: form.save(actor=request.user))
        except NotPermitted:
            raise
        except RuleBroken as problem:
            form.add_error(problem.field if problem.field in form.fields else None, problem.message)
            status = problem.status
        else:
            messages.success(request, _("已读取“%s”，请逐项核对。") % plan.title)
            return after_post(request, plan.get_absolute_url())
    elif posted:
        status = 422
    context = {"form": form, "here": request.path, "trail": _trail(_("导入工作计划"))}
    return render_page(
        request, "ledger/plan_new.html", context, parts=["step-panel"], status=status
    )


@login_required
@require_safe
def plan_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the original beside what was read of it; ``?step=`` opens the form of that step."""
    plan = _visible(request, pk)
    context = _review(request, plan, request.GET)
    asked = request.GET.get("step", "")
    if asked in PLAN_FORMS and may(request.user, PLAN.steps[asked].may, plan):
        context.update(step_context(request, PLAN, plan, PLAN.steps[asked], PLAN_FORMS))
    return render_page(request, "ledger/plan_detail.html", context, parts=["rows"])


def _review(request: SignedInRequest, plan: WorkPlan, asked: QueryDict) -> dict[str, Any]:
    view = asked.get("view", "")
    view = view if view in TASK_VIEWS else "all"
    counts = task_counts(plan)
    page = keyset_page(
        filtered_tasks(plan, view), asked, order=("order", "pk"), size=TASKS_A_PAGE, unit="项"
    )
    return {
        "plan": plan,
        "counts": counts,
        "tabs": view_tabs(plan, view, counts),
        "page": page,
        "rows": task_rows(page.rows),
        "back": asked.urlencode(),
        "may_review": _may_review(request, plan),
        "steps": step_links(
            PLAN, plan, request.user, address="ledger:plan_step", name=plan.pk, hidden=BY_THEMSELVES
        ),
        "duties": owed_lines(plan),
        "timeline": timeline_of(plan),
        "files": file_rows(Attachment.objects.about(plan).order_by("-pk")),
        "trail": _trail(plan.title, plans=True),
    }


def _may_review(request: SignedInRequest, plan: WorkPlan) -> bool:
    return plan.state == PlanState.READ and may(request.user, "ledger.read_plan", plan)


@login_required
@require_http_methods(["GET", "POST"])
def plan_step(request: SignedInRequest, pk: int, key: str) -> HttpResponse:
    """Show the form of a step, as a part of the plan's page or alone, and take the step."""
    plan = _visible(request, pk)
    return take_step(request, PLAN, plan, key, PLAN_FORMS, reload=lambda: _visible(request, pk))


@login_required
@require_http_methods(["GET", "POST"])
def plan_task(request: SignedInRequest, pk: int, task_pk: int) -> HttpResponse:
    """Show one task for correction, in its place on the page or alone, and take the correction.

    ``?show=1`` gives the task as it stands, for whoever changes his mind.
    """
    plan = _visible(request, pk)
    task = get_object_or_404(PlanTask.objects.select_related("plan"), plan=plan, pk=task_pk)
    PLAN.check_open("correct_task", plan, request.user)
    in_place = (request.htmx.target or "").rpartition("#")[2] == f"task-{task.pk}"  # type: ignore[attr-defined]
    back = (request.POST if request.method == "POST" else request.GET).get("back", "")
    if request.method != "POST":
        if in_place and request.GET.get("show"):
            return _task_answer(request, plan, task, back)
        return _task_form(request, plan, task, PlanTaskForm(task), back, in_place=in_place)
    form = PlanTaskForm(task, request.POST)
    status = 422
    if form.is_valid():
        try:
            task = form.save(actor=request.user)
        except NotPermitted:
            raise
        except RuleBroken as problem:
            form.add_error(problem.field if problem.field in form.fields else None, problem.message)
            status = problem.status
        else:
            if in_place:
                return _task_answer(request, plan, task, back)
            messages.success(request, _("已改：%s。") % task.title)
            return after_post(request, _back(plan, back, task))
    return _task_form(request, plan, task, form, back, in_place=in_place, status=status)


def _task_form(
    request: SignedInRequest,
    plan: WorkPlan,
    task: PlanTask,
    form: PlanTaskForm,
    back: str,
    *,
    in_place: bool,
    status: int = 200,
) -> HttpResponse:
    [row] = task_rows(filtered_tasks(plan, "all").filter(pk=task.pk))
    template = "ledger/_plan_task_form.html" if in_place else "ledger/plan_task.html"
    context = {
        "plan": plan,
        "row": row,
        "form": form,
        "back": back,
        "trail": _trail(plan.title, plans=True),
    }
    return render_page(request, template, context, status=status)


def _task_answer(
    request: SignedInRequest, plan: WorkPlan, task: PlanTask, back: str
) -> HttpResponse:
    [row] = task_rows(filtered_tasks(plan, "all").filter(pk=task.pk))
    context = {
        "plan": plan,
        "row": row,
        "back": back,
        "may_review": _may_review(request, plan),
        "counts": task_counts(plan),
    }
    return render_page(request, "ledger/_plan_task_answer.html", context)


@login_required
@require_POST
def plan_tasks(request: SignedInRequest, pk: int) -> HttpResponse:
    """Do one thing to the ticked tasks: confirm, leave out, take in, choose between versions."""
    plan = _visible(request, pk)
    PLAN.check_open("correct_task", plan, request.user)
    form = PlanTasksForm(plan, request.POST)
    back = request.POST.get("back", "")
    status, told = 422, ""
    if form.is_valid():
        try:
            done = form.save(actor=request.user)
        except NotPermitted:
            raise
        except RuleBroken as problem:
            told, status = problem.message, problem.status
        else:
            messages.success(request, _("已办%d项。") % len(done))
            return after_post(request, _back(plan, back, done[0]))
    context = _review(request, _visible(request, pk), QueryDict(back))
    context["bulk_errors"] = (
        [told] if told else [error for errors in form.errors.values() for error in errors]
    )
    context["ticked"] = request.POST.getlist("numbers")
    context["reason"] = request.POST.get("reason", "")
    return render_page(request, "ledger/plan_detail.html", context, status=status)


def _back(plan: WorkPlan, back: str, task: PlanTask) -> str:
    """Return the place on the page from which the task was opened."""
    query = QueryDict(back).urlencode()
    return f"{plan.get_absolute_url()}{'?' if query else ''}{query}#task-{task.pk}"


def _visible(request: SignedInRequest, pk: int) -> WorkPlan:
    return get_object_or_404(visible_plans(request.user), pk=pk)


def _trail(last: str, *, plans: bool = False) -> list[dict[str, str]]:
    ways = [{"label": _("督办台账"), "url": reverse("ledger:item_list")}]
    if plans:
        ways.append({"label": _("工作计划"), "url": reverse("ledger:plan_list")})
    return [*ways, {"label": last, "url": ""}]
