"""Addresses of the enterprise pages."""

from django.urls import path

from lianqi.enterprises.views import directory, imports, mine, people, record, registration

app_name = "enterprises"
urlpatterns = [
    path("", directory.enterprise_list_page, name="enterprise_list"),
    path("export.xlsx", directory.enterprise_export, name="enterprise_export"),
    path("new/", directory.enterprise_new, name="enterprise_new"),
    path("register/", registration.register, name="register"),
    path("register/done/", registration.register_done, name="register_done"),
    path("register/size/", registration.size_class, name="size_class"),
    path("mine/", mine.my_enterprise, name="my_enterprise"),
    path("imports/", imports.import_new, name="import_new"),
    path("imports/template.xlsx", imports.import_template, name="import_template"),
    path("imports/<int:pk>/", imports.import_detail, name="import_detail"),
    path("imports/<int:pk>/enter/", imports.import_enter, name="import_enter"),
    path("imports/<int:pk>/drop/", imports.import_drop, name="import_drop"),
    path("imports/<int:pk>/errors.xlsx", imports.import_errors, name="import_errors"),
    path("<int:pk>/", record.enterprise_detail, name="enterprise_detail"),
    path("<int:pk>/steps/<str:key>/", record.enterprise_step, name="enterprise_step"),
    path("<int:pk>/correct/", record.enterprise_correct, name="enterprise_correct"),
    path("<int:pk>/code/", record.enterprise_change_code, name="enterprise_change_code"),
    path("<int:pk>/contacts/", people.contact_new, name="contact_new"),
    path("<int:pk>/contacts/<int:contact_pk>/", people.contact_edit, name="contact_edit"),
    path(
        "<int:pk>/contacts/<int:contact_pk>/remove/", people.contact_remove, name="contact_remove"
    ),
    path("<int:pk>/accounts/", people.account_new, name="account_new"),
    path(
        "<int:pk>/accounts/<int:membership_pk>/renew/", people.account_renew, name="account_renew"
    ),
    path("<int:pk>/accounts/<int:membership_pk>/end/", people.account_end, name="account_end"),
]
