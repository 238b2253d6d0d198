"""来电来访快速登记: one page, keyboard only, and the next blank form at once."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lianqi.appeals.enums import Channel, Kind
from lianqi.appeals.forms.intake import CHANNELS, IntakeForm
from lianqi.appeals.queries.callers import registered_today
from lianqi.kernel.access import may
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.htmx import after_post, render_page
from lianqi.kernel.idempotency import once
from lianqi.organisation.views.signed_in import SignedInRequest

_LAST_CHANNEL = "intake_channel"
# Errors of the action name the firm's fields as the directory does.
_FIELDS = {"uscc": "new_code", "name": "new_name", "enterprise": "caller"}


@login_required
@require_http_methods(["GET", "POST"])
def appeal_intake(request: SignedInRequest) -> HttpResponse:
    """Take down a call or a visit; "find" only looks for the caller and keeps what was typed."""
    if not may(request.user, "appeals.take_calls"):
        raise PermissionDenied
    if request.method != "POST":
        return _show(request, _blank(request))
    form = IntakeForm(request.user, request.POST)
    if "find" in request.POST or getattr(request.htmx, "target", "") == "firms":
        # Only a look: what is missing yet is not marked as wrong.
        form.errors.clear()
        return _show(request, form)
    status = 422
    if form.is_valid():
        try:
            appeal, _made = once(
                request.user,
                form.cleaned_data["idempotency_key"],
                form.content_sent(),
                lambda: form.save(actor=request.user),
            )
        except RuleBroken as problem:
            field = _FIELDS.get(problem.field, problem.field)
            form.add_error(field if field in form.fields else None, problem.message)
            status = problem.status
        else:
            request.session[_LAST_CHANNEL] = appeal.channel
            messages.success(
                request,
                _("已登记 %(number)s：%(title)s")
                % {"number": appeal.number, "title": appeal.title},
            )
            return after_post(request, reverse("appeals:appeal_intake"))
    return _show(request, form, status)


def _blank(request: SignedInRequest) -> IntakeForm:
    last = request.session.get(_LAST_CHANNEL)
    return IntakeForm(
        request.user,
        initial={
            "channel": last if last in dict(CHANNELS) else Channel.PHONE,
            "kind": Kind.HELP,
            "idempotency_key": str(uuid.uuid4()),
        },
    )


def _show(request: SignedInRequest, form: IntakeForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "today": registered_today(request.user)}
    return render_page(request, "appeals/intake.html", context, parts=["firms"], status=status)
