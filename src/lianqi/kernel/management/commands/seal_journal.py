"""`lianqi seal_journal`: write the ends of all grown chains into the seal file."""

from django.core.management.base import BaseCommand

from lianqi.kernel.seals import seal_file, seal_journal


class Command(BaseCommand):
    """Does by hand what the worker does hourly."""

    help = "把新增办理记录的校验值写入数据库之外的封存文件；请每日把该文件备份到另一台机器。"

    def handle(self, *args: object, **options: object) -> None:
        """Print how many chains were sealed and where."""
        count = seal_journal()
        self.stdout.write(f"sealed {count} subjects into {seal_file()}")
