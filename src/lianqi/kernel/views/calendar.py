"""工作日历: a year at a glance, single days, and a whole year with preview."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianqi.kernel.access import may
from lianqi.kernel.actions import DayDraft, enter_calendar_days, remove_calendar_day
from lianqi.kernel.clock import today
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.htmx import after_post, render_page
from lianqi.kernel.models import CalendarDay
from lianqi.kernel.queries import settings as found
from lianqi.kernel.settings_forms import CalendarDayForm, CalendarYearForm, RemoveDayForm
from lianqi.kernel.views.refusals import show_refusal
from lianqi.kernel.views.settings import require_change, require_view, settings_tabs


@login_required
@require_safe
def calendar(request: HttpRequest, year: int = 0) -> HttpResponse:
    """Show a year: days off, shifted working days, and whether it is maintained."""
    require_view(request)
    shown = year or today().year
    if not date.min.year <= shown < date.max.year:
        raise Http404
    years = found.maintained_years()
    context = {
        "tabs": settings_tabs("calendar"),
        "year": shown,
        "years": _year_links(sorted({*years, today().year, shown}), shown),
        "maintained": shown in years,
        "missing_years": found.missing_years(),
        "months": found.year_months(shown),
        "days": found.days_set_apart(shown),
        "changeable": may(request.user, "kernel.set_limits"),
    }
    return render_page(request, "kernel/calendar.html", context)


def _year_links(years: list[int], shown: int) -> list[dict[str, object]]:
    return [
        {
            "label": str(year),
            "url": reverse("kernel:calendar_year", args=[year]),
            "active": year == shown,
        }
        for year in years
    ]


def _trail(year: int, here: str) -> list[dict[str, str]]:
    return [
        {"label": _("工作日历"), "url": reverse("kernel:calendar_year", args=[year])},
        {"label": here, "url": ""},
    ]


@login_required
@require_http_methods(["GET", "POST"])
def calendar_day_enter(request: HttpRequest) -> HttpResponse:
    """Enter one day."""
    require_change(request)
    posted = request.method == "POST"
    form = CalendarDayForm(request.POST if posted else None)
    status = 422 if posted else 200
    if posted and form.is_valid():
        chosen = form.cleaned_data
        draft = DayDraft(chosen["date"], chosen["kind"], chosen["name"])
        try:
            enter_calendar_days([draft], actor=request.user, source=chosen["source"])
            messages.success(request, _("已录入。已开始的时限不受影响，除重新计算。"))
            return after_post(request, reverse("kernel:calendar_year", args=[draft.date.year]))
        except RuleBroken as problem:
            status = show_refusal(form, problem)
    label = _("录入一天")
    context = {
        "form": form,
        "label": label,
        "trail": _trail(today().year, label),
        "here": reverse("kernel:calendar_day_enter"),
        "back": reverse("kernel:calendar"),
    }
    return render_page(
        request, "kernel/calendar_form.html", context, parts=["step-panel"], status=status
    )


@login_required
@require_http_methods(["GET", "POST"])
def calendar_day_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a day an ordinary one again."""
    require_change(request)
    row = get_object_or_404(CalendarDay, pk=pk)
    posted = request.method == "POST"
    form = RemoveDayForm(request.POST if posted else None)
    status = 422 if posted else 200
    back = reverse("kernel:calendar_year", args=[row.date.year])
    if posted and form.is_valid():
        try:
            remove_calendar_day(row, actor=request.user, reason=form.cleaned_data["reason"])
            messages.success(request, _("已删除。已开始的时限不受影响，除重新计算。"))
            return after_post(request, back)
        except RuleBroken as problem:
            status = show_refusal(form, problem)
    label = _("删除 %(day)s") % {"day": row}
    context = {
        "form": form,
        "label": label,
        "kind": "danger",
        "trail": _trail(row.date.year, label),
        "here": reverse("kernel:calendar_day_remove", args=[pk]),
        "back": back,
    }
    return render_page(
        request, "kernel/calendar_form.html", context, parts=["step-panel"], status=status
    )


@login_required
@require_http_methods(["GET", "POST"])
def calendar_year_enter(request: HttpRequest) -> HttpResponse:
    """Read a whole year, show what was understood, and enter it once confirmed."""
    require_change(request)
    posted = request.method == "POST"
    form = CalendarYearForm(request.POST if posted else None, request.FILES if posted else None)
    status = 422 if posted else 200
    if posted and form.is_valid() and form.read:
        status = 200 if form.read.sound else 422
        if form.read.sound and "confirm" in request.POST:
            try:
                rows = enter_calendar_days(
                    form.read.drafts, actor=request.user, source=form.cleaned_data["source"]
                )
                messages.success(request, _("已录入 %(count)d 天。") % {"count": len(rows)})
                year = max(draft.date for draft in form.read.drafts).year
                return after_post(request, reverse("kernel:calendar_year", args=[year]))
            except RuleBroken as problem:
                status = show_refusal(form, problem)
    context = {
        "form": form,
        "read": form.read,
        "trail": _trail(today().year, _("录入全年")),
    }
    return render_page(request, "kernel/calendar_year_enter.html", context, status=status)
