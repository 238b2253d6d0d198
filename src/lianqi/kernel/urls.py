"""Addresses of the pages that every room shares."""

from django.urls import path

from lianqi.kernel.views import (
    calendar,
    documents,
    duties,
    files,
    jobs,
    journal,
    lists,
    machinery,
    notices,
    reveal,
    settings,
)

app_name = "kernel"
urlpatterns = [
    path("desk/", duties.desk, name="desk"),
    path("duties/", duties.duty_list, name="duty_list"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.notices_read_all, name="notices_read_all"),
    path("notices/<int:pk>/", notices.notice_open, name="notice_open"),
    path("notices/<int:pk>/read/", notices.notice_read, name="notice_read"),
    path("settings/", settings.settings, name="settings"),
    path("settings/limits/", settings.limits, name="limits"),
    path("settings/limits/<str:key>/", settings.limit_change, name="limit_change"),
    path("settings/hours/", settings.office_hours, name="office_hours"),
    path("settings/calendar/", calendar.calendar, name="calendar"),
    path("settings/calendar/<int:year>/", calendar.calendar, name="calendar_year"),
    path("settings/calendar/enter/", calendar.calendar_day_enter, name="calendar_day_enter"),
    path("settings/calendar/year/", calendar.calendar_year_enter, name="calendar_year_enter"),
    path(
        "settings/calendar/days/<int:pk>/remove/",
        calendar.calendar_day_remove,
        name="calendar_day_remove",
    ),
    path("journal/", journal.journal, name="journal"),
    path("journal/verify/", journal.journal_verify, name="journal_verify"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/messages/retry/", jobs.message_retry_all, name="message_retry_all"),
    path("jobs/messages/<int:pk>/retry/", jobs.message_retry, name="message_retry"),
    path("jobs/<str:name>/release/", jobs.job_release, name="job_release"),
    path("files/<int:pk>/", files.file_download, name="file_download"),
    path("issued/readings/", documents.reading_list, name="reading_list"),
    path("issued/<int:pk>/", documents.document_download, name="document_download"),
    path("issued/<int:pk>/check/", documents.document_check, name="document_check"),
    path("reveal/", reveal.reveal_phone, name="reveal_phone"),
    path("lists/<slug:list_key>/views/", lists.view_save, name="view_save"),
    path("lists/<slug:list_key>/columns/", lists.columns_choose, name="columns_choose"),
    path("views/<int:pk>/rename/", lists.view_rename, name="view_rename"),
    path("views/<int:pk>/drop/", lists.view_drop, name="view_drop"),
    path("views/<int:pk>/first/", lists.view_first, name="view_first"),
    path("healthz", machinery.healthz, name="healthz"),
    path("large-print/", machinery.large_print, name="large_print"),
]
