"""Addresses of the conference room."""

from django.urls import path

from lianqi.conference import views

app_name = "conference"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("topics/", views.topic_list, name="topic_list"),
    path("topics/export/", views.topic_export, name="topic_export"),
    path("topics/new/", views.topic_new, name="topic_new"),
    path("topics/new/<str:number>/", views.topic_from_appeal, name="topic_from_appeal"),
    path("topics/<str:number>/", views.topic_detail, name="topic_detail"),
    path("topics/<str:number>/steps/<str:key>/", views.topic_step, name="topic_step"),
    path("topics/<str:number>/papers/<int:pk>/", views.paper_read, name="paper_read"),
    path("meetings/", views.meeting_list, name="meeting_list"),
    path("meetings/export/", views.meeting_export, name="meeting_export"),
    path("meetings/new/", views.meeting_new, name="meeting_new"),
    path("meetings/<str:number>/", views.meeting_detail, name="meeting_detail"),
    path("meetings/<str:number>/code/", views.meeting_code, name="meeting_code"),
    path("meetings/<str:number>/steps/<str:key>/", views.meeting_step, name="meeting_step"),
    path("s/<str:token>/", views.sign_in_by_code, name="sign_in_by_code"),
    path("studies/", views.study_list, name="study_list"),
    path("studies/new/", views.study_new, name="study_new"),
    path("studies/<str:number>/", views.study_detail, name="study_detail"),
    path("studies/<str:number>/steps/<str:key>/", views.study_step, name="study_step"),
    path("rules/", views.rules_page, name="rules"),
    path("rules/<int:pk>/", views.rule_set, name="rule_set"),
    path("rules/members/new/", views.member_new, name="member_new"),
    path("rules/members/<int:pk>/end/", views.member_end, name="member_end"),
    path("rules/delegation/", views.delegation_new, name="delegation_new"),
]
