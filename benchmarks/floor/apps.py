"""Django's entry of the floor."""

from django.apps import AppConfig


class FloorConfig(AppConfig):
    """One table."""

    name = "benchmarks.floor"
    label = "floor"
