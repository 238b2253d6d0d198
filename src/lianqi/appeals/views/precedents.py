"""派单判例: the list of rulings on returned orders."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from lianqi.appeals.forms.ledgers import PrecedentFilter
from lianqi.appeals.queries.precedents import measured, precedent_rows
from lianqi.kernel.access import may
from lianqi.kernel.htmx import render_page
from lianqi.kernel.paging import keyset_page
from lianqi.organisation.views.signed_in import SignedInRequest


@login_required
@require_safe
def precedent_list(request: SignedInRequest) -> HttpResponse:
    """Show the rulings, the newest first, searched in matter, basis and reason."""
    if not may(request.user, "appeals.view_precedents"):
        raise PermissionDenied
    form = PrecedentFilter(request.GET)
    rows = precedent_rows(request.user, **form.asked())
    page = keyset_page(rows, request.GET, order=("-ruled_at", "-pk"), unit="件")
    context = {
        "page": page,
        "rows": measured(page.rows),
        "form": form,
    }
    return render_page(request, "appeals/precedents.html", context, parts=["rows"])
