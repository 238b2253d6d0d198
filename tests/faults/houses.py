"""Starts the real `lianqi serve` on a scratch database, and does to it what a bad day does."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90  # seconds until a process must have done what a test waits for
SQLITE = "lianqi.sqlite3"


def until(asked, patience=PATIENCE, every=0.1):
    """Wait until the function returns something true; fail after so many seconds."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        found = asked()
        if found:
            return found
        time.sleep(every)
    raise AssertionError(f"waited in vain for {asked}")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def program(environment, module, *words):
    """Run a module of ours to its end; return what it printed."""
    done = subprocess.run(  # noqa: S603 our own program
        [sys.executable, "-m", module, *words],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def environment_of(home, url=""):
    """Return the environment of a product with a home, and so secrets and database, of its own."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("LIANQI_")}
    return {
        **kept,
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "DJANGO_SETTINGS_MODULE": "tests.faults.server_settings",
        "LIANQI_HOME": str(home),
        "DATABASE_URL": url,
        "LIANQI_RESERVE_MB": "0",
        "LIANQI_SPACE_ALARM_PERCENT": "101",
        "LIANQI_LEASE_SECONDS": "2",
        "LIANQI_RATE_SUBMIT": "100000/h",  # a fast machine files a day's appeals in a minute
        "LIANQI_RATE_API": "100000/m",
        "LOG_LEVEL": "ERROR",
    }


class Seed:
    """A filled database that houses are copied from, on the engine that the run is for."""

    def __init__(self, folder, url=""):
        """Fill it; ``url`` names a PostgreSQL server, else it is a SQLite file."""
        self.folder, self.url, self.copies = folder, url, 0
        self.own_url = self._make("seed") if url else ""
        self.environment = environment_of(folder / "seed", self.own_url)
        self.tokens = json.loads(program(self.environment, "tests.faults.seed"))

    def _make(self, name, template="template0"):
        database = f"faults_{os.getpid()}_{name}"
        with psycopg.connect(self.url, autocommit=True) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
            server.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
            # The copy's sequences count on log records of the original: a crash before the next
            # checkpoint would set them back.
            server.execute("CHECKPOINT")
        return f"{self.url.rpartition('/')[0]}/{database}"

    def copy(self, home=None):
        """Return the environment of a fresh copy; ``home`` is where its files shall lie."""
        self.copies += 1
        home = home or self.folder / f"copy{self.copies}"
        shutil.copytree(self.folder / "seed", home, dirs_exist_ok=True)
        url = self._make(f"copy{self.copies}", self.own_url.rpartition("/")[2]) if self.url else ""
        return environment_of(home, url)


class House:
    """`lianqi serve` with two web processes and a worker, as long as the block lasts."""

    def __init__(self, environment, **settings):
        """Take the environment of a seeded database and further variables."""
        self.port = free_port()
        self.environment = {**environment, **settings}
        self.base = f"http://127.0.0.1:{self.port}"
        self.log = Path(environment["LIANQI_HOME"]).with_suffix(".log")

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(40)
        self.kill_everything()

    def start(self):
        """Start it and wait until it answers."""
        words = ["-m", "lianqi", "serve", "--port", str(self.port), "--workers", "2"]
        with self.log.open("a") as log:
            self.process = subprocess.Popen(  # noqa: S603 our own program
                [sys.executable, *words], env=self.environment, cwd=ROOT, stdout=log, stderr=log
            )
        until(self.answers)

    def health(self):
        """Return what /healthz says, or nothing while nobody answers."""
        try:
            with urllib.request.urlopen(f"{self.base}/healthz", timeout=10) as answer:  # noqa: S310 our own
                return json.load(answer)
        except (OSError, ValueError):
            return {}

    def answers(self):
        """Whether the web processes answer; a house that has ended fails at once."""
        assert self.process.poll() is None, self.log.read_text()[-3000:]
        return self.health()

    def web_workers(self):
        """Return the processes that answer requests."""
        server = self.web_server()
        return [pid for pid in children(server) if "resource_tracker" not in command(pid)]

    def web_server(self):
        """Return the parent of the processes that answer requests, 0 if there is none."""
        [server] = [pid for pid in children(self.process.pid) if "granian" in command(pid)] or [0]
        return server

    def workers(self):
        """Return the processes that run jobs and deliver messages."""
        return [
            pid for pid in children(self.process.pid) if command(pid).split()[-1:] == ["worker"]
        ]

    def kill_everything(self):
        """Pull the plug: nobody gets a chance to tidy up."""
        for pid in [self.process.pid, *descendants(self.process.pid)]:
            kill(pid)
        self.process.wait(PATIENCE)

    def reckon(self):
        """Read the database as it is now."""
        return json.loads(program(self.environment, "tests.faults.reckoning"))


def kill(pid):
    """Kill a process without warning; it may be gone already."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _stat(pid):
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return ["Z", "0"]


def children(parent):
    """Return the living children of a process."""
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
    stats = {pid: _stat(pid) for pid in pids}
    return [pid for pid, stat in stats.items() if int(stat[1]) == parent and stat[0] != "Z"]


def descendants(parent):
    """Return children and their children, however deep."""
    return [each for child in children(parent) for each in (child, *descendants(child))]


def command(pid):
    """Return the command line of a process."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
    return ""
