"""Addresses of the pages that every room shares."""

from django.http import HttpResponse
from django.urls import path

app_name = "kernel"
urlpatterns = [
    path("desk/", HttpResponse, name="desk"),
]
