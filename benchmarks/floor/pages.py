"""The four pages of the floor: fifty rows in a template, one row, one insert, one kept number."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from benchmarks.floor.models import Row


def fifty(request: HttpRequest) -> HttpResponse:
    """Show fifty rows in a template."""
    return render(request, "fifty.html", {"rows": Row.objects.order_by("pk")[:50]})


def one(request: HttpRequest) -> HttpResponse:
    """Show one row."""
    return HttpResponse(Row.objects.get(pk=7).title)


def insert(request: HttpRequest) -> HttpResponse:
    """Insert one row, durably."""
    with transaction.atomic():
        row = Row.objects.create(
            number="SQ", title="一行", state="submitted", due_at=timezone.now()
        )
    return HttpResponse(str(row.pk), status=201)


urlpatterns = [path("fifty/", fifty), path("one/", one), path("insert/", insert)]
