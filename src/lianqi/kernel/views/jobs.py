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
from lianqi.kernel.actions import release_job, retry_all_messages, retry_message
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.htmx import after_post, render_page
from lianqi.kernel.models import JobState, OutboxMessage
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
        "volumes": found.volume_lines(),
        "may_release": may(request.user, "kernel.release_job"),
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


@login_required
@require_POST
def message_retry_all(request: HttpRequest) -> HttpResponse:
    """Send all given-up messages once more."""
    if not may(request.user, "kernel.retry_message"):
        raise PermissionDenied
    try:
        count = retry_all_messages(actor=request.user)
        messages.success(request, _("已重新排队 %d 条，后台会陆续发送。") % count)
    except RuleBroken as problem:
        messages.error(request, problem.message)
    return after_post(request, reverse("kernel:jobs"))


@login_required
@require_POST
def job_release(request: HttpRequest, name: str) -> HttpResponse:
    """Let a parked job run again."""
    if not may(request.user, "kernel.release_job"):
        raise PermissionDenied
    state = get_object_or_404(JobState, pk=name)
    try:
        release_job(state, actor=request.user)
        messages.success(request, _("已重新启用，后台会在几秒内执行。"))
    except RuleBroken as problem:
        messages.error(request, problem.message)
    return after_post(request, reverse("kernel:jobs"))
