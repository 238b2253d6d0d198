"""Issued documents of any record: handed out, proved unchanged, and who downloaded them."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_safe

from lianqi.kernel.access import may
from lianqi.kernel.documents import (
    hand_out,
    may_see_readings,
    prove,
    readable_documents,
    visible_readings,
)
from lianqi.kernel.filter_forms import ReadingFilter
from lianqi.kernel.htmx import render_page
from lianqi.kernel.models import IssuedDocument
from lianqi.kernel.paging import keyset_page
from lianqi.kernel.rate_limits import spend


def _readable(request: HttpRequest, pk: int) -> IssuedDocument:
    rows = readable_documents(request.user).select_related("file", "issued_by")
    return get_object_or_404(rows, pk=pk)


@login_required
@require_GET  # no HEAD: each answer is written down as a download
def document_download(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out a document to who may read it; a restricted one with the reader's name across it."""
    document = _readable(request, pk)
    spend("export", f"documents:{request.user.pk}")
    copy = hand_out(document, actor=request.user)
    response = HttpResponse(copy.content, content_type=copy.content_type)
    response["Content-Disposition"] = content_disposition_header(True, copy.name)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_safe
def document_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whether the kept file is whole and the frozen data still makes it."""
    document = _readable(request, pk)
    context = {
        "document": document,
        "proof": prove(document),
        "may_see_readings": may_see_readings(request.user, document),
    }
    return render_page(request, "kernel/document_check.html", context)


@login_required
@require_safe
def reading_list(request: HttpRequest) -> HttpResponse:
    """Show downloads, newest first: an auditor all, an issuer those of their own documents."""
    if not may(request.user, "kernel.view_readings"):
        raise PermissionDenied
    form = ReadingFilter(request.GET)
    rows = visible_readings(request.user)
    if form.is_valid():
        rows = form.narrow(rows)
    page = keyset_page(rows, request.GET, order=("-pk",))
    context = {"form": form, "page": page}
    return render_page(request, "kernel/readings.html", context, parts=["rows"])
