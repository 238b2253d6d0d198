"""`lianqi verify_journal`: prove that no journal line was changed, cut or moved."""

import sys

from django.core.management.base import BaseCommand

from lianqi.kernel.journal import verify_journal


class Command(BaseCommand):
    """Reads every chain against its hashes, its end and the seals outside the database."""

    help = "校验全部办理记录；完整时退出码为 0，否则为 1 并指出第一处问题。"

    def handle(self, *args: object, **options: object) -> None:
        """Print the verdict; exit 1 at the first break."""
        verdict = verify_journal()
        if verdict.broken:
            self.stdout.write(f"broken {verdict.broken}")
            sys.exit(1)
        self.stdout.write(f"ok {verdict.subjects} subjects {verdict.lines} lines")
