"""签到: the code at the door, and the page it leads to."""

import io

import qrcode
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from qrcode.image.svg import SvgPathImage

from lianqi.conference.access import visible_meetings
from lianqi.conference.forms.meetings import SignInForm
from lianqi.conference.links import CodeBroken, read_sign_in, sign_in_address
from lianqi.conference.queries.meetings import may_show_code
from lianqi.conference.views.steps import add_problem
from lianqi.conference.workflow import MEETING
from lianqi.kernel.errors import NotPermitted, RuleBroken, StepUnfit
from lianqi.kernel.htmx import after_post, render_page
from lianqi.organisation.views.signed_in import SignedInRequest


@login_required
@require_safe
def meeting_code(request: SignedInRequest, number: str) -> HttpResponse:
    """Show the sign-in code on a screen or on paper."""
    meeting = get_object_or_404(visible_meetings(request.user), number=number)
    if not may_show_code(request.user, meeting):
        raise NotPermitted("签到码由会议的办公室出示，会议通知发出后才有。")
    address = sign_in_address(meeting)
    context = {"meeting": meeting, "code": _svg(address), "address": address}
    return render_page(request, "conference/meeting_code.html", context)


def _svg(address: str) -> str:
    out = io.BytesIO()
    qrcode.make(address, image_factory=SvgPathImage, border=2).save(out)
    # Drawn here from an address of ours: nothing of it comes from a reader.
    return mark_safe(out.getvalue().decode().partition("?>")[2].strip())  # nosec B308 B703


@login_required
@require_http_methods(["GET", "POST"])
def sign_in_by_code(request: SignedInRequest, token: str) -> HttpResponse:
    """Sign one's unit in: one button, on the phone that read the code."""
    try:
        pk, day = read_sign_in(token)
    except CodeBroken as broken:
        raise Http404 from broken
    meeting = get_object_or_404(visible_meetings(request.user), pk=pk)
    posted = request.method == "POST"
    form = SignInForm(meeting, request.POST if posted else None, user=request.user)
    refusal, status = "", 200
    try:
        MEETING.check_open("sign_in", meeting, request.user)
        if day != meeting.day:
            raise StepUnfit("会议已经改期，这个签到码作废了。")
        if posted and form.is_valid():
            form.save(actor=request.user)
            messages.success(request, _("签到成功。"))
            return after_post(request, meeting.get_absolute_url())
        status = 422 if posted else 200
    except NotPermitted:
        raise
    except StepUnfit as unfit:
        refusal, status = unfit.message, unfit.status
    except RuleBroken as problem:
        add_problem(form, problem)
        status = problem.status
    context = {"meeting": meeting, "form": form, "here": request.path, "refusal": refusal}
    return render_page(
        request, "conference/sign_in.html", context, parts=["step-panel"], status=status
    )
