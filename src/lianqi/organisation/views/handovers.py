"""代理: the list, lending a desk, the record with its printable list, giving it back."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lianqi.kernel.access import may
from lianqi.kernel.errors import NotPermitted, RuleBroken
from lianqi.kernel.htmx import after_post, render_page
from lianqi.kernel.idempotency import once
from lianqi.kernel.models import JournalEntry
from lianqi.kernel.paging import keyset_page
from lianqi.organisation.actions import end_handover
from lianqi.organisation.forms.handovers import HandoverForm
from lianqi.organisation.models import DeskHandover
from lianqi.organisation.queries.handovers import desks_to_lend, handover_rows
from lianqi.organisation.views import require_page, user_of


@login_required
@require_GET
def handover_list(request: HttpRequest) -> HttpResponse:
    """Show who stands in for whom, the newest first."""
    user = require_page(request, "organisation.view_roster")
    running = request.GET.get("view") == "running"
    rows = handover_rows(user, running=running)
    context = {
        "page": keyset_page(rows, request.GET, order=("-pk",), unit="件"),
        "views": [
            {"label": _("全部"), "url": "?", "active": not running},
            {"label": _("代理中和待开始"), "url": "?view=running", "active": running},
        ],
        "may_lend": may(user, "organisation.hand_over_desk"),
    }
    return render_page(request, "organisation/handover_list.html", context, parts=["rows"])


@login_required
@require_http_methods(["GET", "POST"])
def handover_new(request: HttpRequest) -> HttpResponse:
    """Choose a desk one may lend, and say to whom, for which days and why."""
    user = require_page(request, "organisation.hand_over_desk")
    desks = desks_to_lend(user)
    asked = request.GET.get("desk", "")
    if not asked and len(desks) == 1:
        return redirect(f"{request.path}?desk={desks[0].pk}")
    held = next((desk for desk in desks if str(desk.pk) == asked), None)
    if held is None:
        if asked:
            raise Http404
        return render_page(request, "organisation/handover_choose.html", {"desks": desks})
    posted = request.method == "POST"
    form = HandoverForm(
        held, request.POST if posted else None, initial={"idempotency_key": uuid.uuid4()}
    )
    status = 422 if form.errors else 200
    if posted and form.is_valid():
        content = {name: str(value) for name, value in form.facts().items()}
        try:
            handover, _fresh = once(
                user,
                form.cleaned_data["idempotency_key"],
                {"desk": held.pk, **content},
                lambda: form.save(actor=user),
            )
        except NotPermitted:
            raise
        except RuleBroken as problem:
            form.add_error(problem.field if problem.field in form.fields else None, problem.message)
            status = problem.status
        else:
            messages.success(request, _("已登记代理，办公室和代理人都会收到通知。"))
            return after_post(request, handover.get_absolute_url())
    context = {
        "form": form,
        "held": held,
        "here": f"{request.path}?desk={held.pk}",
        "nobody": not form.fields["stand_in"].queryset.exists(),  # type: ignore[attr-defined]
    }
    return render_page(
        request, "organisation/handover_new.html", context, parts=["step-panel"], status=status
    )


def _visible(request: HttpRequest, pk: int) -> DeskHandover:
    return get_object_or_404(handover_rows(user_of(request)), pk=pk)


@login_required
@require_GET
def handover_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a handover with what lay on the desk, ready for print and signature."""
    handover = _visible(request, pk)
    # A colleague sees that somebody is away, not the matters that lay on the desk.
    listed = may(request.user, "organisation.see_handed_over", handover)
    context = {
        "handover": handover,
        "acting": handover.appointment,
        "listed": listed,
        "rows": [
            {**row, "due": parse_datetime(row["due_at"]) if row["due_at"] else None}
            for row in (handover.handed_over if listed else ())
        ],
        "notices": [{**row, "at": parse_datetime(row["at"])} for row in handover.notices if listed],
        "entries": JournalEntry.objects.about(handover).order_by("seq"),
        "may_end": handover.stage != "over"
        and may(request.user, "organisation.take_back_desk", handover),
        "trail": [
            {"label": _("代理"), "url": reverse("organisation:handover_list")},
            {"label": str(handover), "url": ""},
        ],
    }
    return render_page(request, "organisation/handover_detail.html", context)


@login_required
@require_POST
def handover_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the desk back before its last day."""
    handover = _visible(request, pk)
    end_handover(handover, actor=request.user)
    messages.success(request, _("代理已结束，工作台已交还。"))
    return after_post(request, handover.get_absolute_url())
