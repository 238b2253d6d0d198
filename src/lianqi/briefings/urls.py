"""Addresses of the register and the papers."""

from django.urls import path

from lianqi.briefings.views import drafts, register

app_name = "briefings"
urlpatterns = [
    path("", register.document_list, name="document_list"),
    path("export.xlsx", register.document_export, name="document_export"),
    path("drafts/", drafts.draft_list, name="draft_list"),
    path("drafts/new/", drafts.draft_new, name="draft_new"),
    path("drafts/<int:pk>/", drafts.draft_detail, name="draft_detail"),
    path("drafts/<int:pk>/preview.docx", drafts.draft_preview, name="draft_preview"),
    path("drafts/<int:pk>/revise/", drafts.draft_revise, name="draft_revise"),
    path("drafts/<int:pk>/steps/<str:key>/", drafts.draft_step, name="draft_step"),
]
