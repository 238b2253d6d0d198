"""Addresses of the organisation pages."""

from django.http import HttpResponse
from django.urls import path

app_name = "organisation"
urlpatterns = [
    path("units/<str:code>/", HttpResponse, name="unit_detail"),
    path("roster-changes/<str:number>/", HttpResponse, name="roster_change_detail"),
]
