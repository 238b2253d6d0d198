"""Django's entry for the conference room."""

from django.apps import AppConfig


class ConferenceConfig(AppConfig):
    """From a topic to a resolution, and what becomes of it (附件1)."""

    name = "lianqi.conference"
    label = "conference"
    verbose_name = "联席会议"
