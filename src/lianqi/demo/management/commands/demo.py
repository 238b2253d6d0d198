"""`lianqi demo`: fill an empty database with the demonstration district and list its accounts."""

import json

from django.core.management.base import BaseCommand

from lianqi.demo.filling import accounts, fill, is_empty


class Command(BaseCommand):
    """Fills an empty database; on a filled one only lists the accounts."""

    help = "在空数据库中建立演示区县，并列出演示账号（--json 供程序读取）。"

    def add_arguments(self, parser):
        """Offer the machine-readable list."""
        parser.add_argument("--json", action="store_true", help="以 JSON 列出演示账号")

    def handle(self, *args, **options):
        """Fill if empty, then list."""
        filled = fill() if is_empty() else 0
        rows = accounts()
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        if filled:
            self.stdout.write(f"已建立演示区县，诉求 {filled} 件。")
        for row in rows[:24]:
            self.stdout.write(
                f"  {row['username']:<20}{row['password']:<14}{row['role']:<24}{row['unit']}"
            )
        if len(rows) > 24:
            self.stdout.write(f"  …另有 {len(rows) - 24} 个单位账号：lianqi demo --json")
