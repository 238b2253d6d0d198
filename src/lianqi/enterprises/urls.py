"""Addresses of the enterprise pages."""

from django.http import HttpResponse
from django.urls import path

app_name = "enterprises"
urlpatterns = [
    path("<int:pk>/", HttpResponse, name="enterprise_detail"),
    path("imports/<int:pk>/", HttpResponse, name="import_detail"),
]
