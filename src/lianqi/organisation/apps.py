"""Django's entry for the organisation room."""

from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    """Who is who, in which post, from when to when."""

    name = "lianqi.organisation"
    label = "organisation"
    verbose_name = "组织机构"
