"""The public page on which a firm registers itself."""

import ipaddress

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianqi.engines.enterprise_size import classify, size_label
from lianqi.engines.identifiers import uscc_warnings
from lianqi.enterprises.forms.facts import FactsForm
from lianqi.enterprises.forms.registration import RegistrationForm
from lianqi.enterprises.models import Enterprise
from lianqi.kernel.clock import now
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.htmx import after_post, render_page
from lianqi.kernel.limits import time_limit
from lianqi.kernel.views.refusals import show_refusal

# A carrier puts many phones behind one address, so typing errors have more room than results.
MOST_TRIES, MOST_REGISTRATIONS = 60, 10
HOUR = 3600


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Let a firm register; the office verifies it afterwards."""
    posted = request.method == "POST"
    form = RegistrationForm(request.POST if posted else None)
    status = 200
    if posted:
        if form.by_program:
            return after_post(request, reverse("enterprises:register_done"))
        status = 422
        if _used_up(request, "try", MOST_TRIES):
            return _show(request, form, 429)
        if form.is_valid():
            if _used_up(request, "done", MOST_REGISTRATIONS):
                return _show(request, form, 429)
            try:
                enterprise = form.save()
            except RuleBroken as problem:
                status = show_refusal(form, problem)
            else:
                _tell_what_is_odd(request, enterprise)
                return after_post(request, reverse("enterprises:register_done"))
    return _show(request, form, status)


@require_safe
def register_done(request: HttpRequest) -> HttpResponse:
    """Say what happens next."""
    limit = time_limit("enterprise.verify")
    return render_page(request, "enterprises/register_done.html", {"limit": limit})


@require_POST
def size_class(request: HttpRequest) -> HttpResponse:
    """Say the size class that the figures typed so far give."""
    form = FactsForm(request.POST)
    form.is_valid()
    facts = form.cleaned_data
    found = None
    if facts.get("industry_code"):
        figures = ("employees", "revenue_wan", "assets_wan")
        found = classify(facts["industry_code"], **{name: facts.get(name) for name in figures})
    said = _("按所填数据，规模为%(size)s。") % {"size": size_label(found)} if found else ""
    return render_page(request, "enterprises/_size_class.html", {"said": said})


def _show(request: HttpRequest, form: RegistrationForm, status: int) -> HttpResponse:
    if status == 429:
        # Also makes the form bound and invalid, so that what was typed stays on the page.
        form.is_valid()
        form.add_error(None, _("从您的网络注册得太频繁，请一小时后再试，或请专班办公室代为登记。"))
    context = {"form": form}
    return render_page(request, "enterprises/register.html", context, status=status)


def _used_up(request: HttpRequest, what: str, most: int) -> bool:
    """Count one more from this address in this hour; whether there were too many already."""
    key = f"enterprises.register:{what}:{_network(request)}:{now():%Y%m%d%H}"
    used = cache.get(key, 0)
    if used >= most:
        return True
    cache.set(key, used + 1, HOUR)
    return False


def _network(request: HttpRequest) -> str:
    """Return the caller's address; of IPv6 the part that belongs to one customer."""
    address = ipaddress.ip_address(get_adapter(request).get_client_ip(request))
    if address.version == 6:
        return str(ipaddress.ip_network(f"{address}/64", strict=False).network_address)
    return str(address)


def _tell_what_is_odd(request: HttpRequest, enterprise: Enterprise) -> None:
    for warning in uscc_warnings(enterprise.uscc) if enterprise.uscc else []:
        messages.warning(request, warning)
    if enterprise.size:
        size = enterprise.get_size_display()
        messages.info(request, _("按所填数据，规模为%(size)s。") % {"size": size})
