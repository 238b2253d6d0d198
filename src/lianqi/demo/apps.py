"""Django's entry for the demonstration district."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Fills an empty database; writes nothing of its own kind."""

    name = "lianqi.demo"
    label = "demo"
    verbose_name = "演示数据"
