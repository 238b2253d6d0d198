"""Addresses that everybody may open, without sign-in."""

from django.urls import path

from lianqi.appeals import public_views as views

app_name = "public"
urlpatterns = [
    path("cases/", views.case_list, name="case_list"),
    path("cases/<int:pk>/", views.case_detail, name="case_detail"),
    path("rates/", views.public_rates, name="public_rates"),
    path("rates/<str:number>/", views.public_rates_table, name="public_rates_table"),
]
