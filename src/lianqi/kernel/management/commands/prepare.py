"""`lianqi prepare`: bring an empty or older database to what this version needs."""

from importlib import resources

from django.apps import apps
from django.core.management import call_command
from django.core.management.base import BaseCommand

from lianqi.kernel.limits import fill_limits
from lianqi.kernel.workdays import fill_calendar


class Command(BaseCommand):
    """May be run at every start: what is there already is left alone."""

    help = "建库或升级：迁移、缓存表、静态文件、工作日历、时限。可重复执行。"

    def handle(self, *args: object, **options: object) -> None:
        """Do each step and say what it did."""
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        self.stdout.write("数据库、缓存表和静态文件已就绪")
        self.stdout.write(f"工作日历：新增 {fill_calendar()} 天")
        for package in rooms_with_limits():
            self.stdout.write(f"时限（{package}）：新增 {fill_limits(package)} 项")


def rooms_with_limits() -> list[str]:
    """Return the packages of ours that bring a ``limits.csv``."""
    ours = [config.name for config in apps.get_app_configs() if config.name.startswith("lianqi.")]
    return [name for name in ours if resources.files(name).joinpath("limits.csv").is_file()]
