"""Addresses of the officials' appeal pages."""

from django.urls import path

from lianqi.appeals import views

app_name = "appeals"
urlpatterns = [
    path("", views.appeal_list, name="appeal_list"),
    path("export/", views.appeal_export, name="appeal_export"),
    path("new/", views.appeal_new, name="appeal_new"),
    path("board/", views.board_page, name="board"),
    path("promises/", views.promise_list, name="promise_list"),
    path("promises/export/", views.promise_export, name="promise_export"),
    path("promises/found/", views.promise_rows_found, name="promise_rows"),
    path("precedents/", views.precedent_list, name="precedent_list"),
    path("bulk/", views.appeal_bulk, name="appeal_bulk"),
    path("intake/", views.appeal_intake, name="appeal_intake"),
    path("<str:number>/", views.appeal_detail, name="appeal_detail"),
    path("<str:number>/steps/<str:key>/", views.appeal_step, name="appeal_step"),
]
