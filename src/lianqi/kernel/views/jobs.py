"""后台任务: jobs, workers and the outbox; sending a given-up message once more."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lianqi.kernel.access import may
from lianqi.kernel.actions import retry_message
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.htmx import after_post, render_page
from lianqi.kernel.models import OutboxMessage
from lianqi.kernel.queries import machinery as found


@login_required
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """Show how the machinery runs."""
    if not may(request.user, "kernel.view_jobs"):
        raise PermissionDenied
    context = {
        "jobs": found.job_lines(),
        "beats": found.worker_beats(),
        "outbox": found.outbox_counts(),
        "dead": found.dead_letters(),
        "may_retry": may(request.user, "kernel.retry_message"),
    }
    return render_page(request, "kernel/jobs.html", context)


@login_required
@require_POST
def message_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a given-up message once more."""
    if not may(request.user, "kernel.retry_message"):
        raise PermissionDenied
    message = get_object_or_404(OutboxMessage, pk=pk)
    try:
        retry_message(message, actor=request.user)
        messages.success(request, _("已重新排队，后台会在几秒内再次发送。"))
    except RuleBroken as problem:
        messages.error(request, problem.message)
    return after_post(request, reverse("kernel:jobs"))
