"""Addresses of the entrepreneurs' pages."""

from django.urls import path

from lianqi.appeals import portal_views as views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("new/", views.appeal_file, name="appeal_file"),
    path("like/", views.appeal_like, name="appeal_like"),
    path("filed/<str:number>/", views.appeal_filed, name="appeal_filed"),
    path("appeals/", views.appeal_list, name="appeal_list"),
    path("appeals/<str:number>/steps/<slug:key>/", views.appeal_step, name="appeal_step"),
    path("cases/<int:pk>/", views.case_consent, name="case_consent"),
    path("c/<str:token>/", views.consent_by_link, name="consent_by_link"),
    path("r/<str:token>/", views.rate_by_link, name="rate_by_link"),
    path("f/<str:token>/", views.follow_by_link, name="follow_by_link"),
]
