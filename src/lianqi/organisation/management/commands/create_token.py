"""Issue an API token for a user; the token is shown this once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lianqi.kernel.access import SYSTEM
from lianqi.organisation.actions import issue_token
from lianqi.organisation.models import User


class Command(BaseCommand):
    """``lianqi create_token USERNAME``: prints the token and nothing else."""

    help = "为一个账号签发接口令牌，只显示这一次。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the user name and what the token is for."""
        parser.add_argument("username", help="账号的用户名")
        parser.add_argument("--label", default="命令行签发", help="令牌的用途，记入审计")

    def handle(self, *args: Any, **options: Any) -> None:
        """Issue the token; CommandError (exit code 1) for an unknown or suspended account."""
        username = options["username"]
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"没有用户名为“{username}”的账号，请核对，或先开户。")
        if not user.is_active:
            raise CommandError(f"账号“{username}”已停用，不能签发令牌；请先启用账号。")
        self.stdout.write(issue_token(user, actor=SYSTEM, label=options["label"][:80]))
