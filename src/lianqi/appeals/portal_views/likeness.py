"""Like cases for a firm: its own answered ones and published ones, while it writes."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from lianqi.appeals.forms.likeness import LikenessForm
from lianqi.appeals.portal_views.pages import FirmRequest, for_firms
from lianqi.appeals.queries.likeness import cases_for_firm
from lianqi.kernel.htmx import render_page


@for_firms
@require_http_methods(["GET", "POST"])
def appeal_like(request: FirmRequest) -> HttpResponse:
    """Show cases like a text; it comes by POST, for it may be long and names people."""
    form = LikenessForm(request.POST if request.method == "POST" else request.GET)
    cases = cases_for_firm(request.user, *form.text()) if form.asked else []
    return render_page(request, "portal/like.html", {"form": form, "cases": cases}, parts=["like"])
