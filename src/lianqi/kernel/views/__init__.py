"""Pages that every room shares."""

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from lianqi.kernel.problems import OUTAGES, RETRY_AFTER, failure_of, problem_response

API = "/api/"


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form has aged and what to do."""
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an error that nobody caught: the disk is full, the database is away, or it is ours.

    The page is made without the request: whatever the frame asks the database for may fail too.
    """
    refusal = failure_of(sys.exc_info()[1])
    if request.path_info.startswith(API):
        return problem_response(request, refusal)
    return failure_page(refusal.status)


def failure_page(status: int) -> HttpResponse:
    """Return the page of this status without asking the database anything."""
    response = HttpResponse(render_to_string(f"{status}.html"), status=status)
    if status in OUTAGES:
        response["Retry-After"] = RETRY_AFTER
    return response
