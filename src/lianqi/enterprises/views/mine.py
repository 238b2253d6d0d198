"""The firm's own page."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lianqi.enterprises.enums import EnterpriseState
from lianqi.enterprises.models import Enterprise
from lianqi.enterprises.queries import record
from lianqi.enterprises.queries.directory import TONES
from lianqi.enterprises.views import require
from lianqi.kernel.htmx import render_page
from lianqi.kernel.paging import query_url


@login_required
@require_safe
def my_enterprise(request: HttpRequest) -> HttpResponse:
    """Show the firm this account acts for; ``?firm=`` chooses among several."""
    require(request, "enterprises.view_mine")
    firms = record.my_enterprises(request.user)
    enterprise = _chosen(request, firms)
    several = firms if len(firms) > 1 else []
    context = {
        "enterprise": enterprise,
        "firms": [_tab(request, firm, enterprise) for firm in several],
        "state": EnterpriseState(enterprise.state),
        "tone": TONES[EnterpriseState(enterprise.state)],
        "duty": record.live_duty(enterprise),
        "facts": record.facts_of(enterprise),
        "size": record.size_reason(enterprise),
        "contacts": record.contacts_of(enterprise, request.user),
        "accounts": [row for row in record.accounts_of(enterprise, request.user) if row.live],
        "entries": record.timeline(enterprise, for_firm=True),
    }
    return render_page(request, "enterprises/mine.html", context)


def _chosen(request: HttpRequest, firms: list[Enterprise]) -> Enterprise:
    asked = request.GET.get("firm", "")
    if not asked:
        return firms[0]
    for firm in firms:
        if str(firm.pk) == asked:
            return firm
    raise Http404


def _tab(request: HttpRequest, firm: Enterprise, shown: Enterprise) -> dict[str, object]:
    url = query_url(request.path, firm=str(firm.pk))
    return {"label": firm.name, "url": url, "active": firm.pk == shown.pk}
