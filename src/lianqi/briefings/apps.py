"""Django's entry for the briefings room."""

from django.apps import AppConfig


class BriefingsConfig(AppConfig):
    """Circulars, bulletins, reports, requests, letters, and the register of what was issued."""

    name = "lianqi.briefings"
    label = "briefings"
    verbose_name = "通报简报"
