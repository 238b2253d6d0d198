"""Addresses that everybody may open without signing in."""

from django.urls import path

from lianqi.appeals import public_views as views

app_name = "public"
urlpatterns = [
    path("cases/", views.case_list, name="case_list"),
    path("cases/<int:pk>/", views.case_detail, name="case_detail"),
]
