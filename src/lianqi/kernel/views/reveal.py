"""Showing a full phone number after a purpose was given."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from lianqi.kernel.access import may, visible_subjects
from lianqi.kernel.actions import reveal_phone as reveal
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.filter_forms import PurposeForm
from lianqi.kernel.htmx import render_page
from lianqi.kernel.paging import query_url
from lianqi.kernel.phones import PhoneField
from lianqi.kernel.views.refusals import show_refusal


@login_required
@require_http_methods(["GET", "POST"])
def reveal_phone(request: HttpRequest) -> HttpResponse:
    """Ask for the purpose; then show the number once, never in an address or a cache."""
    asked = request.GET.get("for", "")
    subject, column = _subject(request, asked)
    if not may(request.user, f"{subject._meta.app_label}.reveal_phone", subject):
        raise PermissionDenied
    posted = request.method == "POST"
    form = PurposeForm(request.POST if posted else None)
    status, number = 422 if posted else 200, ""
    if posted and form.is_valid():
        purpose = form.cleaned_data["purpose"]
        try:
            number = reveal(subject, actor=request.user, field=column.name, purpose=purpose)
            status = 200
        except RuleBroken as problem:
            status = show_refusal(form, problem)
    back = subject.get_absolute_url() if hasattr(subject, "get_absolute_url") else ""
    context = {
        "subject": subject,
        "label": column.verbose_name,
        "mask": getattr(subject, column.name),
        "form": form,
        "number": number,
        "here": query_url(reverse("kernel:reveal_phone"), **{"for": asked}),
        "back": back,
    }
    response = render_page(
        request, "kernel/reveal.html", context, parts=["step-panel"], status=status
    )
    response["Cache-Control"] = "no-store"
    return response


def _subject(request: HttpRequest, asked: str) -> tuple[models.Model, PhoneField]:
    """Load the record named as app.model:pk:field through its row filter; all else is 404."""
    kind, _, rest = asked.partition(":")
    number, _, field = rest.partition(":")
    rows = visible_subjects(request.user, kind)
    if rows is None or not number.isdecimal():
        raise Http404
    try:
        column = rows.model._meta.get_field(field)
    except FieldDoesNotExist as unknown:
        raise Http404 from unknown
    subject = rows.filter(pk=int(number)).first()
    if subject is None or not isinstance(column, PhoneField):
        raise Http404
    return subject, column
