"""Addresses of the ledger room."""

from django.urls import path

from lianqi.ledger import views

app_name = "ledger"
urlpatterns = [
    path("", views.item_list, name="item_list"),
    path("export/", views.item_export, name="item_export"),
    path("new/", views.item_new, name="item_new"),
    path("board/", views.board_page, name="board"),
    path("board/export/", views.board_export, name="board_export"),
    path("board/scores/", views.score_export, name="score_export"),
    path("calendar/", views.calendar_page, name="calendar"),
    path("units/<str:code>/", views.scorecard, name="scorecard"),
    path("items/<str:number>/", views.item_detail, name="item_detail"),
    path("items/<str:number>/steps/<str:key>/", views.item_step, name="item_step"),
    path("plans/", views.plan_list, name="plan_list"),
    path("plans/new/", views.plan_new, name="plan_new"),
    path("plans/<int:pk>/", views.plan_detail, name="plan_detail"),
    path("reports/form/", views.report_form, name="report_form"),
    path("reports/upload/", views.report_upload, name="report_upload"),
    path("import/", views.item_import, name="item_import"),
    path("uploads/<int:pk>/", views.upload_detail, name="upload_detail"),
    path("uploads/<int:pk>/enter/", views.upload_enter, name="upload_enter"),
    path("uploads/<int:pk>/drop/", views.upload_drop, name="upload_drop"),
    path("statements/", views.statement_list, name="statement_list"),
    path("statements/new/", views.statement_new, name="statement_new"),
    path("plans/<int:pk>/steps/<str:key>/", views.plan_step, name="plan_step"),
    path("plans/<int:pk>/tasks/", views.plan_tasks, name="plan_tasks"),
    path("plans/<int:pk>/tasks/<int:task_pk>/", views.plan_task, name="plan_task"),
    path("statements/<str:number>/", views.statement_detail, name="statement_detail"),
    path("statements/<str:number>/export/", views.statement_export, name="statement_export"),
    path(
        "statements/<str:number>/strike-off/",
        views.statement_strike_off,
        name="statement_strike_off",
    ),
    path("statements/<str:number>/steps/<str:key>/", views.statement_step, name="statement_step"),
]
