"""What machines ask, and the switch to large print."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from lianqi.kernel.queries.machinery import health

YEAR = timedelta(days=365)


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say how the parts are; 503 only if the database does not answer."""
    report = health()
    response = JsonResponse(report, status=503 if report["status"] == "down" else 200)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def large_print(request: HttpRequest) -> HttpResponse:
    """Switch large print on or off for this browser and go back to the page."""
    asked = request.POST.get("next", "")
    own = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    response = HttpResponseRedirect(asked if own else reverse("home"))
    if request.POST.get("large_print") == "1":
        response.set_cookie(
            "large_print",
            "1",
            max_age=YEAR,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
        )
    else:
        response.delete_cookie("large_print", samesite="Lax")
    return response
