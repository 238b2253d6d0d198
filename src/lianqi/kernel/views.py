"""Pages that every room shares."""

from django.shortcuts import render


def csrf_failure(request, reason=""):
    """Say that the form has aged and what to do."""
    return render(request, "403_csrf.html", status=403)
