"""Meetings: the list, planning one, one meeting, its steps."""

import uuid

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianqi.conference.access import visible_meetings, works_in_office
from lianqi.conference.exports import meeting_workbook
from lianqi.conference.forms import MEETING_FORMS, MeetingFilter, PlanMeetingForm
from lianqi.conference.forms.topics import BODIES_THAT_MEET
from lianqi.conference.models import Meeting
from lianqi.conference.queries.documents import documents_read
from lianqi.conference.queries.meetings import (
    may_show_code,
    meeting_record,
    meeting_rows,
    with_duties,
)
from lianqi.conference.views.steps import fill_in, forms_for, opened_step
from lianqi.conference.workflow import MEETING
from lianqi.kernel.access import may
from lianqi.kernel.clock import today
from lianqi.kernel.htmx import render_page
from lianqi.kernel.paging import keyset_page
from lianqi.kernel.rate_limits import spend
from lianqi.kernel.sheets import XLSX
from lianqi.kernel.views.stepping import take_step
from lianqi.organisation.views.signed_in import SignedInRequest


def offices_of(request: SignedInRequest) -> list[str]:
    """Return the bodies in whose offices the person works; PermissionDenied if in none."""
    found = [str(code) for code in BODIES_THAT_MEET if works_in_office(request.user, code)]
    if not found:
        raise PermissionDenied
    return found


@login_required
@require_safe
def meeting_list(request: SignedInRequest) -> HttpResponse:
    """List the meetings this person may see, the latest day first."""
    if not may(request.user, "conference.view_room"):
        raise PermissionDenied
    form = MeetingFilter(request.GET)
    rows = meeting_rows(request.user, **form.asked())
    page = keyset_page(rows, request.GET, order=("-day", "-pk"), unit="个")
    context = {
        "page": page,
        "rows": with_duties(page.rows),
        "filter_form": form,
        "may_plan": any(works_in_office(request.user, code) for code in BODIES_THAT_MEET),
        "export_url": f"{reverse('conference:meeting_export')}?{request.GET.urlencode()}",
    }
    return render_page(request, "conference/meeting_list.html", context, parts=["rows"])


@login_required
@require_safe
def meeting_export(request: SignedInRequest) -> FileResponse:
    """Give the same list as a workbook, all pages of it."""
    if not may(request.user, "conference.view_room"):
        raise PermissionDenied
    spend("export", f"meetings:{request.user.pk}")
    rows = meeting_rows(request.user, **MeetingFilter(request.GET).asked())
    return FileResponse(
        meeting_workbook(rows.order_by("-day", "-pk")),
        as_attachment=True,
        filename=f"会议清单{today():%Y%m%d}.xlsx",
        content_type=XLSX,
    )


@login_required
@require_http_methods(["GET", "POST"])
def meeting_new(request: SignedInRequest) -> HttpResponse:
    """Begin to prepare a meeting."""
    posted = request.method == "POST"
    form = PlanMeetingForm(
        offices_of(request),
        request.POST if posted else None,
        initial={"idempotency_key": uuid.uuid4()},
    )
    return fill_in(
        request,
        form,
        lambda: form.save(actor=request.user),
        title=_("筹备会议"),
        label=_("开始筹备"),
        back=reverse("conference:meeting_list"),
        basis="A1-2-2 A1-4-1-3 A1-4-2-2",
    )


@login_required
@require_safe
def meeting_detail(request: SignedInRequest, number: str) -> HttpResponse:
    """Show one meeting; ``?step=`` opens it with the form of that step."""
    meeting = _visible(request, number)
    context = {
        "meeting": meeting,
        "record": meeting_record(request.user, meeting, MEETING_FORMS),
        "code_url": reverse("conference:meeting_code", args=[number])
        if may_show_code(request.user, meeting)
        else "",
        "trail": [
            {"label": _("联席会议"), "url": reverse("conference:overview")},
            {"label": _("会议"), "url": reverse("conference:meeting_list")},
            {"label": meeting.number, "url": ""},
        ],
        "documents": documents_read(request.user, meeting),
        **opened_step(request, MEETING, meeting, MEETING_FORMS),
    }
    return render_page(request, "conference/meeting_detail.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def meeting_step(request: SignedInRequest, number: str, key: str) -> HttpResponse:
    """Show the form of a step on a meeting and take it."""
    return take_step(
        request,
        MEETING,
        _visible(request, number),
        key,
        forms_for(request, MEETING_FORMS),
        reload=lambda: _visible(request, number),
    )


def _visible(request: SignedInRequest, number: str) -> Meeting:
    rows = visible_meetings(request.user).select_related(
        "delegation__delegate", "signed_by", "signed_under__delegate"
    )
    return get_object_or_404(rows, number=number)
