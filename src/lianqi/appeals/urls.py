"""Addresses of the officials' appeal pages."""

from django.urls import path

from lianqi.appeals import views

app_name = "appeals"
urlpatterns = [
    path("", views.appeal_list, name="appeal_list"),
    path("export/", views.appeal_export, name="appeal_export"),
    path("new/", views.appeal_new, name="appeal_new"),
    path("like/", views.appeal_like, name="appeal_like"),
    path("board/", views.board_page, name="board"),
    path("rates/", views.rates, name="rates"),
    path("rates/rows/", views.rate_rows_page, name="rate_rows"),
    path("rates/export/", views.rates_export, name="rates_export"),
    path("rates/exclusions/", views.exclusion_list, name="exclusion_list"),
    path("rates/exclusions/export/", views.exclusion_export, name="exclusion_export"),
    path("rates/exclusions/<str:number>/", views.exclusion_detail, name="exclusion_detail"),
    path(
        "rates/exclusions/<str:number>/steps/<str:key>/",
        views.exclusion_step,
        name="exclusion_step",
    ),
    path("rates/frozen/", views.frozen_rates_list, name="frozen_rates_list"),
    path("rates/frozen/new/", views.frozen_rates_new, name="frozen_rates_new"),
    path("rates/frozen/<str:number>/", views.frozen_rates_detail, name="frozen_rates_detail"),
    path("rates/frozen/<str:number>/rows/", views.frozen_rate_rows_page, name="frozen_rate_rows"),
    path(
        "rates/frozen/<str:number>/export/",
        views.frozen_rates_export,
        name="frozen_rates_export",
    ),
    path(
        "rates/frozen/<str:number>/publish/",
        views.frozen_rates_publish,
        name="frozen_rates_publish",
    ),
    path("samples/", views.sample_list, name="sample_list"),
    path("supervision/", views.supervision_page, name="supervision"),
    path("promises/", views.promise_list, name="promise_list"),
    path("promises/export/", views.promise_export, name="promise_export"),
    path("promises/found/", views.promise_rows_found, name="promise_rows"),
    path("precedents/", views.precedent_list, name="precedent_list"),
    path("bulk/", views.appeal_bulk, name="appeal_bulk"),
    path("intake/", views.appeal_intake, name="appeal_intake"),
    path("cases/", views.case_list, name="case_list"),
    path("cases/<int:pk>/", views.case_detail, name="case_detail"),
    path("cases/<int:pk>/steps/<str:key>/", views.case_step, name="case_step"),
    path("unsealings/", views.unsealing_list, name="unsealing_list"),
    path("unsealings/<int:pk>/", views.unsealing_detail, name="unsealing_detail"),
    path("unsealings/<int:pk>/steps/<str:key>/", views.unsealing_step, name="unsealing_step"),
    path("<str:number>/", views.appeal_detail, name="appeal_detail"),
    path("<str:number>/like/", views.appeal_like_this, name="appeal_like_this"),
    path("<str:number>/steps/<str:key>/", views.appeal_step, name="appeal_step"),
    path("<str:number>/exclude/", views.exclusion_new, name="exclusion_new"),
    path("<str:number>/facts/", views.facts_pack, name="facts_pack"),
    path("<str:number>/case/", views.case_new, name="case_new"),
    path("<str:number>/unsealing/", views.unsealing_new, name="unsealing_new"),
]
