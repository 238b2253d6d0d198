"""The roster, its export and its import."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from lianqi.kernel.access import may
from lianqi.kernel.clock import today
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.htmx import after_post, render_page
from lianqi.kernel.rate_limits import spend
from lianqi.organisation.actions import import_roster
from lianqi.organisation.actions.roster import counts_text
from lianqi.organisation.actions.roster_drafts import draft, drop_draft, keep_draft
from lianqi.organisation.exports import roster_workbook
from lianqi.organisation.forms.roster import RosterConfirmForm, RosterFileForm, RosterFilter
from lianqi.organisation.models import User
from lianqi.organisation.queries.roster import matching, roster_lines
from lianqi.organisation.queries.roster_file import known_units, read_roster_file
from lianqi.organisation.queries.roster_plan import roster_plan, unknown_units_text
from lianqi.organisation.views import require_page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@require_GET
def roster(request: HttpRequest) -> HttpResponse:
    """Show each unit's leader and liaison."""
    user = require_page(request, "organisation.view_roster")
    form = RosterFilter(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    everything = roster_lines()
    lines = matching(everything, text)
    context = {
        "lines": lines,
        "filter_form": form,
        "subtitle": _("%(units)s个单位，%(people)s人在任")
        % {"units": len(everything), "people": sum(map(_filled, everything))},
        "odd": sum(bool(line.warnings) for line in everything),
        "may_import": may(user, "organisation.import_roster"),
        "may_file": may(user, "organisation.file_roster_change"),
        "may_reveal": may(user, "organisation.reveal_phone"),
        "export_url": f"{reverse('organisation:roster_export')}?{request.GET.urlencode()}",
    }
    return render_page(request, "organisation/roster.html", context, parts=["rows"])


def _filled(line: object) -> int:
    return (line.leader is not None) + (line.liaison is not None)  # type: ignore[attr-defined]


@login_required
@require_GET
def roster_export(request: HttpRequest) -> HttpResponse:
    """Give exactly the list that the page shows, as a workbook."""
    user = require_page(request, "organisation.view_roster")
    spend("export", f"roster:{user.pk}")
    form = RosterFilter(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    day = today()
    content = roster_workbook(matching(roster_lines(), text), as_of=f"{day:%Y年%m月%d日}")
    return HttpResponse(
        content,
        content_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="roster-{day:%Y%m%d}.xlsx"'},
    )


@login_required
@require_http_methods(["GET", "POST"])
def roster_import(request: HttpRequest) -> HttpResponse:
    """Read a roster's file and show what it would change; nothing changes here."""
    user = require_page(request, "organisation.import_roster")
    posted = request.method == "POST"
    form = RosterFileForm(request.POST, request.FILES) if posted else RosterFileForm()
    if posted and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            reading = read_roster_file(file.name, file, known=known_units())
        except RuleBroken as problem:
            form.add_error(problem.field or None, problem.message)
        else:
            key = keep_draft(reading.rows, actor=user, source=f"名册文件“{file.name}”")
            warnings = [w for w in reading.warnings if w.code != "unknown_unit"]
            return _preview(request, user, key, warnings=warnings)
    status = 422 if form.errors else 200
    return render_page(
        request,
        "organisation/roster_import.html",
        {"form": form},
        parts=["step-panel"],
        status=status,
    )


def _preview(
    request: HttpRequest,
    user: User,
    key: str,
    *,
    warnings: object = (),
    problem: RuleBroken | None = None,
) -> HttpResponse:
    rows, source = draft(key, actor=user)
    plan = roster_plan(rows)
    form = RosterConfirmForm(initial={"draft": key, "seen": plan.fingerprint})
    context = {
        "plan": plan,
        "source": source,
        "summary": counts_text(plan.counts),
        "unknown": unknown_units_text(plan.unknown) if plan.unknown else "",
        "warnings": warnings,
        "form": form,
        "problem": problem.message if problem else "",
    }
    status = problem.status if problem else 200
    return render_page(
        request,
        "organisation/roster_preview.html",
        context,
        parts=["step-panel"],
        status=status,
    )


@login_required
@require_http_methods(["POST"])
def roster_import_confirm(request: HttpRequest) -> HttpResponse:
    """Enter the roster that was previewed, all of it or nothing."""
    user = require_page(request, "organisation.import_roster")
    form = RosterConfirmForm(request.POST)
    if not form.is_valid():
        return _back_to_upload(request, "确认信息不完整，请重新上传名册文件。", 422)
    key = form.cleaned_data["draft"]
    try:
        rows, source = draft(key, actor=user)
    except RuleBroken as gone:
        return _back_to_upload(request, gone.message, gone.status)
    try:
        counts = import_roster(rows, actor=user, source=source, seen=form.cleaned_data["seen"])
    except RuleBroken as problem:
        return _preview(request, user, key, problem=problem)
    drop_draft(key, actor=user)
    messages.success(request, f"名册已导入：{counts_text(counts)}。")
    return after_post(request, reverse("organisation:roster"))


def _back_to_upload(request: HttpRequest, message: str, status: int) -> HttpResponse:
    form = RosterFileForm(data={})
    form.full_clean()
    form.errors.clear()
    form.add_error(None, message)
    return render_page(
        request,
        "organisation/roster_import.html",
        {"form": form},
        parts=["step-panel"],
        status=status,
    )
