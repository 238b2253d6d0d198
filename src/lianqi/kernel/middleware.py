"""Turns what the engine refuses into pages that speak to the person."""

from collections.abc import Callable

from django.db import DataError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import render

from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.revisions import revisions_read_once

Handler = Callable[[HttpRequest], HttpResponse]
BAD_REQUEST = 400
API = "/api/"
PAGES = {403: "403.html", 409: "409.html", 422: "422.html"}


def page_errors(get_response: Handler) -> Handler:
    """Answer refusals that no view caught, and requests that cannot be read."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with revisions_read_once():
            return _bad_request(request) if _has_nul(request) else get_response(request)

    middleware.process_exception = answer_refusal  # type: ignore[attr-defined]
    return middleware


def answer_refusal(request: HttpRequest, problem: Exception) -> HttpResponse | None:
    """Return the page that says what was refused, or None for anything unforeseen."""
    if isinstance(problem, RuleBroken):
        context = {"message": problem.message}
        return render(request, PAGES[problem.status], context, status=problem.status)
    if isinstance(problem, DataError | UnreadablePostError):
        return _bad_request(request)
    return None


def _has_nul(request: HttpRequest) -> bool:
    """NUL bytes occur in no honest address, and PostgreSQL cannot store them."""
    if request.path_info.startswith(API):
        return False  # refuses them itself, by the field's name and as problem+json
    return "\0" in request.path_info or any(
        "\0" in text for key, values in request.GET.lists() for text in (key, *values)
    )


def _bad_request(request: HttpRequest) -> HttpResponse:
    return render(request, "400.html", status=BAD_REQUEST)
