"""Addresses of the officials' appeal pages."""

from django.urls import path

from lianqi.appeals import views

app_name = "appeals"
urlpatterns = [
    path("", views.appeal_list, name="appeal_list"),
    path("export/", views.appeal_export, name="appeal_export"),
    path("new/", views.appeal_new, name="appeal_new"),
    path("board/", views.board_page, name="board"),
    path("cases/", views.case_list, name="case_list"),
    path("cases/<int:pk>/", views.case_detail, name="case_detail"),
    path("cases/<int:pk>/steps/<str:key>/", views.case_step, name="case_step"),
    path("unsealings/", views.unsealing_list, name="unsealing_list"),
    path("unsealings/<int:pk>/", views.unsealing_detail, name="unsealing_detail"),
    path("unsealings/<int:pk>/steps/<str:key>/", views.unsealing_step, name="unsealing_step"),
    path("<str:number>/", views.appeal_detail, name="appeal_detail"),
    path("<str:number>/steps/<str:key>/", views.appeal_step, name="appeal_step"),
    path("<str:number>/case/", views.case_new, name="case_new"),
    path("<str:number>/unsealing/", views.unsealing_new, name="unsealing_new"),
]
