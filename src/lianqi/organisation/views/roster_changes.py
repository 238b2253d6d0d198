"""人员调整备案: the list, the filing, the record with its steps, and the handover list."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from lianqi.engines.roster import is_section_head
from lianqi.kernel.access import may
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.htmx import after_post, render_page
from lianqi.kernel.idempotency import once
from lianqi.kernel.models import Duty
from lianqi.kernel.paging import keyset_page
from lianqi.kernel.remaining import remaining_text
from lianqi.kernel.templatetags.ui import word
from lianqi.organisation.access import visible_roster_changes
from lianqi.organisation.enums import Post, RosterChangeState
from lianqi.organisation.forms.roster import STEP_FORMS, RosterChangeFilter, RosterChangeForm
from lianqi.organisation.models import RosterChange
from lianqi.organisation.queries.roster_changes import (
    filed_late,
    filing_deadline,
    happenings,
    live_duty,
    roster_change_rows,
    units_one_speaks_for,
)
from lianqi.organisation.views import StepLink, require_page, user_of
from lianqi.organisation.workflow import ROSTER_CHANGE

CLAUSES = [
    {
        "number": "A1-R-3",
        "text": "因工作变动需要调整分管领导或联络员的，报联席会议办公室备案。",
        "source": "附件1 四（二）",
    },
    {
        "number": "A1-9-1",
        "text": "明确一名科室主要负责同志作为联络员。",
        "source": "附件1 第九条",
    },
]


@login_required
@require_GET
def roster_change_list(request: HttpRequest) -> HttpResponse:
    """Show the filings: the office all, a unit its own."""
    user = require_page(request, "organisation.view_roster")
    form = RosterChangeFilter(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    state = request.GET.get("state", "")
    rows = roster_change_rows(user, state=state, text=text)
    states = [("", _("全部")), *RosterChangeState.choices]
    context = {
        "page": keyset_page(rows, request.GET, order=("-filed_at", "-pk"), unit="件"),
        "filter_form": form,
        "views": [
            {"label": label, "url": f"?state={key}", "active": key == state}
            for key, label in states
        ],
        "may_file": may(user, "organisation.file_roster_change"),
    }
    return render_page(request, "organisation/roster_change_list.html", context, parts=["rows"])


@login_required
@require_http_methods(["GET", "POST"])
def roster_change_new(request: HttpRequest) -> HttpResponse:
    """File that a unit's leader or liaison changes."""
    user = require_page(request, "organisation.file_roster_change")
    posted = request.method == "POST"
    units = units_one_speaks_for(user)
    form = RosterChangeForm(
        request.POST if posted else None,
        units=units,
        initial={"idempotency_key": uuid.uuid4(), "unit": units.first(), "post": Post.LIAISON},
    )
    status = 200
    if posted and form.is_valid():
        try:
            change, fresh = once(
                user,
                form.cleaned_data["idempotency_key"],
                {k: str(v) for k, v in form.facts().items()},
                lambda: form.save(actor=user),
            )
        except RuleBroken as problem:
            form.add_error(problem.field if problem.field in form.fields else None, problem.message)
            status = problem.status
        else:
            if fresh:
                _say_filed(request, change)
            return after_post(request, change.get_absolute_url())
    elif form.errors:
        status = 422
    context = {"form": form, "clauses": CLAUSES}
    return render_page(
        request,
        "organisation/roster_change_new.html",
        context,
        parts=["step-panel"],
        status=status,
    )


def _say_filed(request: HttpRequest, change: RosterChange) -> None:
    messages.success(request, _("已报联席会议办公室备案，编号%s。") % change.number)
    if filed_late(change.effective_on, change.filed_at):
        messages.warning(request, _("这次备案超过了“人员调整后报备”的建议期限，已标为“迟报”。"))


@login_required
@require_GET
def roster_change_detail(request: HttpRequest, number: str) -> HttpResponse:
    """Show a filing with its clock, its timeline and the steps open to this person."""
    change = _visible_change(request, number)
    return render_page(request, "organisation/roster_change_detail.html", _record(request, change))


def _visible_change(request: HttpRequest, number: str) -> RosterChange:
    rows = visible_roster_changes(user_of(request)).select_related(
        "unit", "predecessor", "successor", "filed_by"
    )
    return get_object_or_404(rows, number=number)


def _record(request: HttpRequest, change: RosterChange) -> dict[str, Any]:
    duty = live_duty(change)
    limit = filing_deadline(change.effective_on)
    return {
        "change": change,
        "duty": _with_rest(duty) if duty else None,
        "steps": _step_links(request, change),
        "entries": happenings(change),
        "late": limit is not None and change.filed_at >= limit.red_at,
        "limit": limit,
        "no_head": change.post == Post.LIAISON and not is_section_head(change.successor_title),
        "clauses": CLAUSES,
        "trail": [
            {"label": _("人员名册"), "url": reverse("organisation:roster")},
            {"label": _("人员调整备案"), "url": reverse("organisation:roster_change_list")},
            {"label": change.number, "url": ""},
        ],
        "may_reveal": may(request.user, "organisation.reveal_phone"),
    }


def _with_rest(duty: Duty) -> Duty:
    duty.remaining_text = remaining_text(duty)  # type: ignore[attr-defined]
    return duty


def _step_links(request: HttpRequest, change: RosterChange) -> list[StepLink]:
    return [
        StepLink(
            step.key,
            step.label,
            reverse("organisation:roster_change_step", args=[change.number, step.key]),
            step.tone,
        )
        for step in ROSTER_CHANGE.open_steps(change, request.user)
        if step.key in STEP_FORMS
    ]


@login_required
@require_http_methods(["GET", "POST"])
def roster_change_step(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """Take a step on a filing."""
    change = _visible_change(request, number)
    if key not in STEP_FORMS:
        raise Http404
    if not may(request.user, ROSTER_CHANGE.steps[key].may, change):
        raise PermissionDenied
    posted = request.method == "POST"
    form: Any = STEP_FORMS[key](request.POST if posted else None)
    status = 200
    if posted and form.is_valid():
        try:
            form.save(change, actor=request.user)
        except RuleBroken as problem:
            form.add_error(None, problem.message)
            status = problem.status
            change = _visible_change(request, number)
        else:
            step = ROSTER_CHANGE.steps[key]
            messages.success(
                request,
                _("已%(step)s，现在是“%(state)s”。")
                % {"step": word(step.label), "state": change.get_state_display()},
            )
            return after_post(request, change.get_absolute_url())
    elif form.errors:
        status = 422
    context = {
        "change": change,
        "form": form,
        "step": ROSTER_CHANGE.steps[key],
        "kind": "danger" if ROSTER_CHANGE.steps[key].tone == "danger" else "primary",
        "here": request.path,
        "clauses": CLAUSES[:1],
    }
    return render_page(
        request,
        "organisation/roster_change_step.html",
        context,
        parts=["step-panel"],
        status=status,
    )


@login_required
@require_GET
def handover_print(request: HttpRequest, number: str) -> HttpResponse:
    """Show the list of handed-over duties for print and signature."""
    change = _visible_change(request, number)
    if change.state != RosterChangeState.EFFECTIVE:
        raise Http404
    rows = [
        {**row, "due": parse_datetime(row["due_at"]) if row["due_at"] else None}
        for row in change.handed_over
    ]
    context = {"change": change, "rows": rows}
    return render_page(request, "organisation/handover_print.html", context)
