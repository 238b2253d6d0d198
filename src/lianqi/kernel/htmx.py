"""The only place that knows htmx: parts of pages, and where to go after a post."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect


def render_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    parts: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    """Answer with the whole page, or with the one part that HX-Target names.

    Partial name = DOM id = HX-Target; boosted links and history restores get the whole page.
    """
    target = getattr(request.htmx, "target", None) or ""  # type: ignore[attr-defined]
    target = target.rpartition("#")[2]
    restoring = getattr(request.htmx, "history_restore_request", False)  # type: ignore[attr-defined]
    name = f"{template}#{target}" if target in parts and not restoring else template
    response = render(request, name, dict(context), status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def after_post(request: HttpRequest, url: str) -> HttpResponse:
    """Go on to another page after a successful post."""
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(url)
    return HttpResponseRedirect(url)
