"""`lianqi permission_sheet`: every permission, what it allows, and who has it."""

import csv

from django.core.management.base import BaseCommand, CommandParser

from lianqi.kernel.access import permission_sheet

HEADINGS = ("权限", "可以做什么", "谁可以")


class Command(BaseCommand):
    """Prints the table that the code itself asks."""

    help = "打印权限清单；--csv 输出可用表格软件打开的 CSV。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Offer CSV."""
        parser.add_argument("--csv", action="store_true", help="输出 CSV")

    def handle(self, *args: object, **options: object) -> None:
        """Print one permission a line."""
        if options["csv"]:
            writer = csv.writer(self.stdout)
            writer.writerow(HEADINGS)
            writer.writerows(permission_sheet())
            return
        for name, title, who in permission_sheet():
            self.stdout.write(f"{name}\t{title}\t{who}")
