"""The firm's yes or no to a public case: signed in, or by the signed link of the message."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from lianqi.appeals.enums import CaseState
from lianqi.appeals.forms.beside import ConsentForm, TakeBackForm
from lianqi.appeals.links import LinkBroken, open_consent
from lianqi.appeals.models import PublicCase
from lianqi.appeals.portal_queries import my_cases
from lianqi.appeals.portal_views.pages import FirmRequest, for_firms
from lianqi.appeals.workflow.covering import firm_label
from lianqi.kernel.access import LinkHolder
from lianqi.kernel.errors import RuleBroken

_FORMS: dict[str, Any] = {
    CaseState.CONSENT: ConsentForm,
    CaseState.CONSENTED: TakeBackForm,
    CaseState.PUBLISHED: TakeBackForm,
}


@for_firms
@require_http_methods(["GET", "POST"])
def case_consent(request: FirmRequest, pk: int) -> HttpResponse:
    """Show the firm what would be public, and take its decision."""
    case = get_object_or_404(my_cases(request.user), pk=pk)
    return _decide(request, case, request.user, "portal_base.html")


@cache_control(no_store=True, private=True)
@require_http_methods(["GET", "POST"])
def consent_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The same for whoever holds the link; it does this one thing."""
    try:
        case = open_consent(token)
        holder = LinkHolder("appeals.consent_case", case.pk, firm_label(case.appeal))
        response = _decide(request, case, holder, "base_plain.html")
    except LinkBroken as dead:
        context = {"expired": dead.status == 410}
        response = render(request, "portal/link_dead.html", context, status=dead.status)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    return response


def _decide(request: HttpRequest, case: PublicCase, actor: Any, frame: str) -> HttpResponse:
    kind = _FORMS.get(case.state)
    posted = request.method == "POST"
    form = kind(request.POST if posted else None) if kind else None
    status = 409 if posted and form is None else 200
    if form is not None and posted:
        status = 422
        if form.is_valid():
            try:
                form.save(case, actor=actor)
                return redirect(request.path)
            except RuleBroken as problem:
                form.add_error(None, problem.message)
                status = problem.status
    context = {
        "case": case,
        "form": form,
        "asks": kind is ConsentForm,
        "frame": frame,
        "here": request.path,
        "public_url": reverse("public:case_detail", args=[case.pk])
        if case.state == CaseState.PUBLISHED
        else "",
    }
    return render(request, "portal/case_consent.html", context, status=status)
