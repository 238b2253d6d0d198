"""系统设置: time limits, office hours, and the aid that reckons a deadline."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianqi.kernel.access import may
from lianqi.kernel.actions import set_limit, set_office_hours
from lianqi.kernel.clock import today
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.htmx import after_post, render_page
from lianqi.kernel.limits import time_limit
from lianqi.kernel.models import OfficeHoursRow
from lianqi.kernel.queries import settings as found
from lianqi.kernel.settings_forms import LimitForm, OfficeHoursForm, ReckonForm
from lianqi.kernel.views.refusals import show_refusal
from lianqi.kernel.workdays import calendar


def require_view(request: HttpRequest) -> None:
    """Refuse those who may not see the settings."""
    if not may(request.user, "kernel.view_limits"):
        raise PermissionDenied


def require_change(request: HttpRequest) -> None:
    """Refuse those who may not change the settings, before anything is said about the form."""
    if not may(request.user, "kernel.set_limits"):
        raise PermissionDenied


def settings_tabs(current: str) -> list[dict[str, object]]:
    """Return the parts of the settings as tabs."""
    labels = {
        "settings": _("总览"),
        "limits": _("时限"),
        "calendar": _("工作日历"),
        "office_hours": _("办公时间"),
    }
    return [
        {"label": label, "url": reverse(f"kernel:{name}"), "active": name == current}
        for name, label in labels.items()
    ]


@login_required
@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    """Show what needs attention, and reckon a deadline if one was asked for."""
    require_view(request)
    asked = "limit" in request.GET
    form = ReckonForm(request.GET if asked else None)
    reckoned, problem = None, ""
    if asked and form.is_valid():
        try:
            limit = time_limit(form.cleaned_data["limit"])
            reckoned = calendar().deadline(form.start, limit.limit)
        except LookupError as missing:
            problem = str(missing.args[0])
    context = {
        "tabs": settings_tabs("settings"),
        "limits": found.limit_lines(),
        "years": found.maintained_years(),
        "missing_years": found.missing_years(),
        "hours": found.hours_rows()[:1],
        "form": form,
        "reckoned": reckoned,
        "problem": problem,
    }
    return render_page(request, "kernel/settings.html", context, parts=["reckoned"])


@login_required
@require_safe
def limits(request: HttpRequest) -> HttpResponse:
    """Show every time limit with its source."""
    require_view(request)
    context = {
        "tabs": settings_tabs("limits"),
        "lines": found.limit_lines(),
        "changeable": may(request.user, "kernel.set_limits"),
    }
    return render_page(request, "kernel/limits.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def limit_change(request: HttpRequest, key: str) -> HttpResponse:
    """Show one limit's history; decide a new value from a day on."""
    require_view(request)
    lines = found.limit_lines(key)
    if not lines:
        raise Http404
    line = lines[0]
    posted = request.method == "POST"
    if posted:
        require_change(request)
    initial = {"amount": line.shown.amount, "unit": line.shown.unit}
    form = LimitForm(request.POST if posted else None, initial=initial)
    status = 422 if posted else 200
    if posted and form.is_valid():
        try:
            row = set_limit(key, actor=request.user, **form.cleaned_data)
            messages.success(request, _("已设置：%(row)s。已开始的时限不受影响。") % {"row": row})
            return after_post(request, reverse("kernel:limit_change", args=[key]))
        except RuleBroken as problem:
            status = show_refusal(form, problem)
    context = {
        "line": line,
        "form": form,
        "trail": [
            {"label": _("时限"), "url": reverse("kernel:limits")},
            {"label": line.shown.label, "url": ""},
        ],
        "changeable": may(request.user, "kernel.set_limits"),
    }
    return render_page(
        request, "kernel/limit_change.html", context, parts=["step-panel"], status=status
    )


@login_required
@require_http_methods(["GET", "POST"])
def office_hours(request: HttpRequest) -> HttpResponse:
    """Show the dated office hours; decide new ones from a day on."""
    require_view(request)
    posted = request.method == "POST"
    if posted:
        require_change(request)
    rows = found.hours_rows()
    form = OfficeHoursForm(request.POST if posted else None, initial=_hours_now(rows))
    status = 422 if posted else 200
    if posted and form.is_valid():
        try:
            set_office_hours(actor=request.user, **form.cleaned_data)
            messages.success(request, _("办公时间已设置，自生效日起按新的时间计算。"))
            return after_post(request, reverse("kernel:office_hours"))
        except RuleBroken as problem:
            status = show_refusal(form, problem)
    context = {
        "tabs": settings_tabs("office_hours"),
        "rows": rows,
        "form": form,
        "changeable": may(request.user, "kernel.set_limits"),
    }
    return render_page(
        request, "kernel/office_hours.html", context, parts=["step-panel"], status=status
    )


def _hours_now(rows: list[OfficeHoursRow]) -> dict[str, object]:
    """Return the hours in force as the form's starting values."""
    names = ("morning_start", "morning_end", "afternoon_start", "afternoon_end")
    row = next((row for row in rows if row.effective_from <= today()), None)
    return {name: getattr(row, name) for name in names} if row else {}
