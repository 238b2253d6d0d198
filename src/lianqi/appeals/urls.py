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
    path("<str:number>/", views.appeal_detail, name="appeal_detail"),
    path("<str:number>/like/", views.appeal_like_this, name="appeal_like_this"),
    path("<str:number>/steps/<str:key>/", views.appeal_step, name="appeal_step"),
]
