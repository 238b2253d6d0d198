"""A unit's monthly statement."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianqi.kernel.htmx import render_page
from lianqi.kernel.queries.records import owed_lines, timeline_of
from lianqi.ledger.access import visible_statements
from lianqi.organisation.views.signed_in import SignedInRequest


@login_required
@require_safe
def statement_detail(request: SignedInRequest, number: str) -> HttpResponse:
    """Show both books side by side."""
    statement = get_object_or_404(
        visible_statements(request.user).select_related("unit"), number=number
    )
    context = {
        "statement": statement,
        "lines": statement.lines.select_related("item"),
        "duties": owed_lines(statement),
        "timeline": timeline_of(statement),
        "trail": [
            {"label": _("督办台账"), "url": reverse("ledger:item_list")},
            {"label": statement.number, "url": ""},
        ],
    }
    return render_page(request, "ledger/statement_detail.html", context)
