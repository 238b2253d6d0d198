"""Turns what the engine refuses into pages that speak to the person."""

import threading
from collections.abc import Callable

from django.conf import settings
from django.db import DataError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import render

from lianqi.kernel.errors import RuleBroken, TooManyRequests
from lianqi.kernel.problems import CODES, OUTAGES, Refused, problem_response
from lianqi.kernel.revisions import revisions_read_once
from lianqi.kernel.space import MIB, is_full
from lianqi.kernel.views import failure_page

Handler = Callable[[HttpRequest], HttpResponse]
BAD_REQUEST = 400
NOT_ALLOWED = 405
API = "/api/"
PAGES = {403: "403.html", 409: "409.html", 422: "422.html", 429: "429.html"}
READING = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# Signing in and out, and the language, go on when the disk has only its reserve left.
OPEN_WHEN_FULL = ("/accounts/", "/i18n/", "/large-print/")
SMALL = 64 * 1024  # bytes: forms without files; the network has buffered them already
UNREAD = {
    411: "请求没有写明长度（Content-Length），系统不收长度未知的内容。请写明长度后再提交。",
    413: "请求内容超过{limit} MB，请缩小或分次提交。",
    **OUTAGES,
}


def page_errors(get_response: Handler) -> Handler:
    """Answer refusals that no view caught, and requests that cannot be read."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if _has_nul(request):
            return _bad_request(request)
        with revisions_read_once():
            response = get_response(request)
        if response.status_code == NOT_ALLOWED and request.method == "GET" and not _says(response):
            # What the answer says in its headers stands.
            response.content = render(request, "405.html").content
        return response

    middleware.process_exception = answer_refusal  # type: ignore[attr-defined]
    return middleware


def _says(response: HttpResponse) -> bool:
    """Whether there is anything to read in the answer."""
    return response.streaming or bool(response.content)


def answer_refusal(request: HttpRequest, problem: Exception) -> HttpResponse | None:
    """Return the page that says what was refused, or None for anything unforeseen."""
    if isinstance(problem, RuleBroken):
        context = {"message": problem.message}
        response = render(request, PAGES[problem.status], context, status=problem.status)
        if isinstance(problem, TooManyRequests):
            response["Retry-After"] = str(problem.retry_after)
        return response
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


def request_limits(get_response: Handler) -> Handler:
    """Refuse what is too large, of unknown length, or finds no room, before a byte is read."""
    slots = threading.BoundedSemaphore(settings.LIANQI_UPLOADS_AT_ONCE)

    def middleware(request: HttpRequest) -> HttpResponse:
        status = _unfit(request)
        if status:
            return _refuse_unread(request, status)
        if _length(request) <= SMALL:
            return get_response(request)
        # Reading a large body from a slow line holds this thread: never all of them.
        if not slots.acquire(blocking=False):
            return _refuse_unread(request, 503)
        try:
            return get_response(request)
        finally:
            slots.release()

    return middleware


def _unfit(request: HttpRequest) -> int:
    """Return the status that refuses this request unread, or 0."""
    if "HTTP_TRANSFER_ENCODING" in request.META and "CONTENT_LENGTH" not in request.META:
        return 411
    if _length(request) > settings.LIANQI_REQUEST_MB * MIB:
        return 413
    writes = request.method not in READING and not request.path_info.startswith(OPEN_WHEN_FULL)
    return 507 if writes and is_full() else 0


def _length(request: HttpRequest) -> int:
    stated = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(stated) if stated.isascii() and stated.isdecimal() else 0


def _refuse_unread(request: HttpRequest, status: int) -> HttpResponse:
    if request.path_info.startswith(API):
        said = UNREAD[status].format(limit=settings.LIANQI_REQUEST_MB)
        return problem_response(request, Refused(status, CODES[status], said))
    return failure_page(status)
