"""A work plan's review page."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianqi.kernel.htmx import render_page
from lianqi.kernel.queries.records import owed_lines, timeline_of
from lianqi.ledger.access import visible_plans
from lianqi.organisation.views.signed_in import SignedInRequest


@login_required
@require_safe
def plan_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the original beside what was read of it."""
    plan = get_object_or_404(visible_plans(request.user), pk=pk)
    context = {
        "plan": plan,
        "tasks": plan.tasks.all(),
        "duties": owed_lines(plan),
        "timeline": timeline_of(plan),
        "trail": [
            {"label": _("督办台账"), "url": reverse("ledger:item_list")},
            {"label": plan.title, "url": ""},
        ],
    }
    return render_page(request, "ledger/plan_detail.html", context)
