"""Addresses of the organisation pages."""

from django.urls import path

from lianqi.organisation.views import (
    accounts,
    appointments,
    handovers,
    own_account,
    roster,
    roster_changes,
    units,
)

app_name = "organisation"
urlpatterns = [
    path("me/", own_account.my_account, name="my_account"),
    path("roster/", roster.roster, name="roster"),
    path("roster/export/", roster.roster_export, name="roster_export"),
    path("roster/import/", roster.roster_import, name="roster_import"),
    path("roster/import/confirm/", roster.roster_import_confirm, name="roster_import_confirm"),
    path("units/", units.unit_list, name="unit_list"),
    path("units/<str:code>/", units.unit_detail, name="unit_detail"),
    path("bodies/", units.bodies, name="bodies"),
    path("roster-changes/", roster_changes.roster_change_list, name="roster_change_list"),
    path("roster-changes/new/", roster_changes.roster_change_new, name="roster_change_new"),
    path(
        "roster-changes/<str:number>/",
        roster_changes.roster_change_detail,
        name="roster_change_detail",
    ),
    path(
        "roster-changes/<str:number>/handover/",
        roster_changes.handover_print,
        name="handover_print",
    ),
    path(
        "roster-changes/<str:number>/<slug:key>/",
        roster_changes.roster_change_step,
        name="roster_change_step",
    ),
    path("handovers/", handovers.handover_list, name="handover_list"),
    path("handovers/new/", handovers.handover_new, name="handover_new"),
    path("handovers/<int:pk>/", handovers.handover_detail, name="handover_detail"),
    path("handovers/<int:pk>/end/", handovers.handover_end, name="handover_end"),
    path("appointments/new/", appointments.appoint, name="appoint"),
    path("appointments/<int:pk>/end/", appointments.appointment_end, name="appointment_end"),
    path("accounts/", accounts.account_list, name="account_list"),
    path("accounts/new/", accounts.account_new, name="account_new"),
    path("accounts/<int:pk>/", accounts.account_detail, name="account_detail"),
    path("accounts/<int:pk>/<slug:key>/", accounts.account_act, name="account_act"),
]
