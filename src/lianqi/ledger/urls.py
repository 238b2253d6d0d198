"""Addresses of the ledger room."""

from django.urls import path

from lianqi.ledger import views

app_name = "ledger"
urlpatterns = [
    path("", views.item_list, name="item_list"),
    path("export/", views.item_export, name="item_export"),
    path("new/", views.item_new, name="item_new"),
    path("board/", views.board_page, name="board"),
    path("calendar/", views.calendar_page, name="calendar"),
    path("units/<str:code>/", views.scorecard, name="scorecard"),
    path("items/<str:number>/", views.item_detail, name="item_detail"),
    path("items/<str:number>/steps/<str:key>/", views.item_step, name="item_step"),
    path("plans/", views.plan_list, name="plan_list"),
    path("plans/new/", views.plan_new, name="plan_new"),
    path("plans/<int:pk>/", views.plan_detail, name="plan_detail"),
    path("plans/<int:pk>/steps/<str:key>/", views.plan_step, name="plan_step"),
    path("plans/<int:pk>/tasks/", views.plan_tasks, name="plan_tasks"),
    path("plans/<int:pk>/tasks/<int:task_pk>/", views.plan_task, name="plan_task"),
    path("statements/<str:number>/", views.statement_detail, name="statement_detail"),
]
