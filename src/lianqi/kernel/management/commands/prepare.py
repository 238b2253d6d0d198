"""`lianqi prepare`: bring an empty or older database to what this version needs."""

from importlib import resources
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand

from lianqi.kernel.crypto import sm3
from lianqi.kernel.limits import fill_limits, fill_others
from lianqi.kernel.search import fill_index, searchable_types
from lianqi.kernel.workdays import fill_calendar


class Command(BaseCommand):
    """May be run at every start: what is there already is left alone."""

    help = "建库或升级：迁移、缓存表、静态文件、工作日历、时限、检索索引。可重复执行。"

    def handle(self, *args: object, **options: object) -> None:
        """Do each step and say what it did."""
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        collected = collect_static()
        self.stdout.write(f"数据库和缓存表已就绪，静态文件{'已更新' if collected else '未变'}")
        self.stdout.write(f"工作日历：新增 {fill_calendar()} 天")
        for package in rooms_with_limits():
            self.stdout.write(f"时限（{package}）：新增 {fill_limits(package)} 项")
        for label, added in fill_others():
            self.stdout.write(f"{label}：新增 {added} 项")
        # Records of a version that had no index yet; the rooms' own code tells their texts.
        for label in searchable_types():
            self.stdout.write(f"检索（{label}）：新增 {fill_index(label)} 件")


def collect_static() -> bool:
    """Collect and compress static files if any has changed since; return whether it did.

    Compressing takes half a minute, too long for each start.
    """
    root = Path(settings.STATIC_ROOT)
    mark, found = root / ".collected", _static_fingerprint()
    if mark.exists() and mark.read_text() == found:
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    root.mkdir(parents=True, exist_ok=True)
    mark.write_text(found)
    return True


def _static_fingerprint() -> str:
    """Return a digest over path, size and time of every static file of the product."""
    files = sorted(
        (path, storage.size(path), storage.get_modified_time(path).isoformat())
        for finder in get_finders()
        for path, storage in finder.list([])
    )
    return sm3(repr(files).encode())


def rooms_with_limits() -> list[str]:
    """Return the packages of ours that bring a ``limits.csv``."""
    ours = [config.name for config in apps.get_app_configs() if config.name.startswith("lianqi.")]
    return [name for name in ours if resources.files(name).joinpath("limits.csv").is_file()]
