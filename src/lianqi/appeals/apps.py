"""Django's entry for the appeals room."""

from django.apps import AppConfig


class AppealsConfig(AppConfig):
    """The main job of the system (附件3)."""

    name = "lianqi.appeals"
    label = "appeals"
    verbose_name = "诉求响应"
