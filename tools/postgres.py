"""A PostgreSQL of our own for one test run: made in a scratch folder, thrown away afterwards."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ACCOUNT = "postgres"
QUICK = "-c fsync=off -c full_page_writes=off"
# What any guide sets on a server of its own; fsync and synchronous_commit stay on.
DURABLE = "-c shared_buffers=1GB -c max_wal_size=4GB -c random_page_cost=1.1"


def server_programs() -> Path | None:
    """Return the folder of the newest installed server, or None."""
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    if debian:
        return debian[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def as_server(command: list[str]) -> list[str]:
    """Return the command as the account that the server runs under."""
    # The server refuses to run as root.
    return ["runuser", "-u", ACCOUNT, "--", *command] if os.geteuid() == 0 else command


@contextmanager
def scratch_server(*, durable: bool = False) -> Iterator[str]:
    """Start a server that listens on a socket only; yield its DATABASE_URL; stop and remove it.

    Tests do without the disk; a ``durable`` one writes as a server in service does.
    """
    programs = server_programs()
    if programs is None:
        raise FileNotFoundError(
            "没有找到 PostgreSQL 服务器程序（Debian：apt-get install postgresql）。"
        )
    folder = Path(tempfile.mkdtemp(prefix="lianqi-postgres-"))
    if os.geteuid() == 0:
        account = pwd.getpwnam(ACCOUNT)
        os.chown(folder, account.pw_uid, account.pw_gid)
    data = folder / "data"
    run = lambda *words: subprocess.run(  # noqa: E731 fixed programs, no shell
        as_server([str(word) for word in words]), check=True, capture_output=True
    )
    run(
        programs / "initdb",
        "-D",
        data,
        "-U",
        "lianqi",
        "--auth=trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
    )
    settings = (
        f"-k {folder} -c listen_addresses= -c max_connections=60 {DURABLE if durable else QUICK}"
    )
    try:
        run(
            programs / "pg_ctl",
            "-D",
            data,
            "-w",
            "-t",
            "60",
            "-l",
            folder / "log",
            "-o",
            settings,
            "start",
        )
        quoted = str(folder).replace("/", "%2F")
        yield f"postgres://lianqi@{quoted}/postgres"
    finally:
        subprocess.run(
            as_server([str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"]),
            check=False,
            capture_output=True,
        )
        shutil.rmtree(folder, ignore_errors=True)
