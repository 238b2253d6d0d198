"""通知: read by officials and firms alike."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from lianqi.kernel.actions import read_notices
from lianqi.kernel.htmx import after_post, render_page
from lianqi.kernel.paging import keyset_page
from lianqi.kernel.queries.notices import NoticeLine, own_notices


@login_required
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Show one's notices, newest first."""
    page = keyset_page(own_notices(request.user), request.GET, order=("-at", "-pk"))
    context = {
        "page": page,
        "lines": [NoticeLine(notice) for notice in page.rows],
        "unread": own_notices(request.user).filter(read_at=None).exists(),
    }
    return render_page(request, "kernel/notices.html", context, parts=["rows"])


@login_required
@require_POST
def notices_read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    read_notices(actor=request.user)
    return after_post(request, reverse("kernel:notices"))


@login_required
@require_safe
def notice_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Go to the page that a notice is about; it counts as read from then on."""
    notice = get_object_or_404(own_notices(request.user), pk=pk)
    read_notices(actor=request.user, notice=notice)
    return HttpResponseRedirect(notice.url or reverse("kernel:notices"))


@login_required
@require_POST
def notice_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one notice as read."""
    notice = get_object_or_404(own_notices(request.user), pk=pk)
    read_notices(actor=request.user, notice=notice)
    return after_post(request, reverse("kernel:notices"))
