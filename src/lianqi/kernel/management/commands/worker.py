"""`lianqi worker`: run periodic jobs and deliver the outbox; run as many as wanted."""

from django.core.management.base import BaseCommand, CommandParser

from lianqi.kernel.management.worker import Worker


class Command(BaseCommand):
    """Two workers share the work: each job and message is claimed by one UPDATE."""

    help = "后台进程：执行定时任务、发送消息。可同时运行多个；SIGTERM 后办完手头一件再退出。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Offer a single round."""
        parser.add_argument("--once", action="store_true", help="只做一轮")

    def handle(self, *args: object, **options: object) -> None:
        """Work until a signal comes, or once."""
        worker = Worker()
        if options["once"]:
            self.stdout.write(f"done {worker.round()}")
            return
        worker.stop_on_signals()
        self.stdout.write("worker started")
        self.stdout.flush()
        worker.run()
        self.stdout.write("worker stopped")
