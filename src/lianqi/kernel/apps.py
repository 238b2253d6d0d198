"""Django's entry for the kernel."""

from importlib import import_module

from django.apps import AppConfig
from django.db import connections
from django.utils.module_loading import autodiscover_modules


class KernelConfig(AppConfig):
    """The lowest Django room; wakes the jobs and listeners of the rooms above it."""

    name = "lianqi.kernel"
    label = "kernel"
    verbose_name = "内核"

    def ready(self) -> None:
        """Load what registers itself: permissions, workflows, jobs, listeners."""
        autodiscover_modules("access", "workflow", "jobs", "listeners")
        import_module("lianqi.kernel.chores")
        if connections["default"].vendor == "postgresql":
            import_module("lianqi.kernel.moments").read_moments_quickly()
