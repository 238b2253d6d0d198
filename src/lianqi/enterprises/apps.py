"""Django's entry for the enterprises room."""

from django.apps import AppConfig


class EnterprisesConfig(AppConfig):
    """The firms and persons that the district serves."""

    name = "lianqi.enterprises"
    label = "enterprises"
    verbose_name = "企业名录"
