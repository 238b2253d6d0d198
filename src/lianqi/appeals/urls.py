"""Addresses of the officials' appeal pages."""

from django.http import HttpResponse
from django.urls import path

app_name = "appeals"
urlpatterns = [
    path("<str:number>/", HttpResponse, name="appeal_detail"),
]
