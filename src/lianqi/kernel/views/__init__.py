"""Pages that every room shares."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form has aged and what to do."""
    return render(request, "403_csrf.html", status=403)
