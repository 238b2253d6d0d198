"""Attachments, through the row filter of the record they belong to."""

from pathlib import Path

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from lianqi.kernel.access import may, visible_subjects
from lianqi.kernel.files import stored_at
from lianqi.kernel.models import Attachment
from lianqi.kernel.models.journal import Audience


@login_required
@require_safe
def file_download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand out a file to those who see its record, an internal one only to insiders."""
    attachment = get_object_or_404(Attachment, pk=pk)
    rows = visible_subjects(request.user, attachment.subject_type)
    subject = rows.filter(pk=attachment.subject_id).first() if rows is not None else None
    if subject is None:
        raise Http404
    insider = f"{subject._meta.app_label}.see_internal"
    if attachment.audience == Audience.INTERNAL and not may(request.user, insider, subject):
        raise Http404
    knows = f"{subject._meta.app_label}.see_sealed"
    if attachment.sealed and not may(request.user, knows, subject):
        raise Http404
    try:
        content = Path(stored_at(attachment)).open("rb")  # noqa: SIM115 the response closes it
    except FileNotFoundError as missing:
        raise Http404 from missing
    response = FileResponse(
        content,
        as_attachment=True,
        filename=attachment.name,
        content_type=attachment.content_type,
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response
