"""`lianqi serve`: web server and worker of one machine, by one command."""

import os
import sys

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from lianqi.kernel.management.serving import House, is_free, web_command, worker_command

THREADS = 8
# Several writers on SQLite only wait for each other: one process, and threads in it.
PROCESSES = {"sqlite": 1, "postgresql": 2}


class Command(BaseCommand):
    """Starts granian and `lianqi worker`; a worker that dies is started again."""

    help = "启动网站和后台进程；地址可用环境变量 HOST、PORT 设置。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take address and number of processes."""
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--workers", type=int, default=0, help="网站进程数；默认按数据库选择")

    def handle(self, *args: object, **options: object) -> None:
        """Run until a signal comes; exit with the web server's code if it ends by itself."""
        host, port = str(options["host"]), int(str(options["port"]))
        workers = int(str(options["workers"])) or PROCESSES.get(connection.vendor, 1)
        if not is_free(host, port):
            raise CommandError(
                f"端口 {port} 已被别的程序占用（也许联企已经在运行）。请先停掉它，"
                f"或换一个端口，如 PORT={port + 1} make run。"
            )
        self.stdout.write(f"联企：http://{host}:{port}/")
        self.stdout.flush()
        house = House(web_command(host, port, workers, THREADS), worker_command())
        sys.exit(house.run())
