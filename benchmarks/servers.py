"""Servers on loopback for the time of a measurement: the product's own command, and the floor."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from lianqi.kernel.management.serving import web_command

THREADS = 8
PATIENCE = 60.0  # seconds for a server to answer
ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def product(environment: Mapping[str, str], *, workers: int) -> Iterator[tuple[int, int]]:
    """Run the web server as `lianqi serve` starts it; yield its port and process id."""
    port = _free_port()
    with _running(web_command("127.0.0.1", port, workers, THREADS), port, environment) as pid:
        yield port, pid


@contextmanager
def floor(environment: Mapping[str, str], *, workers: int) -> Iterator[int]:
    """Run the bare Django beside it on the same kind of server; yield its port."""
    subprocess.run(
        [sys.executable, "-m", "benchmarks.floor"],
        cwd=ROOT,
        env={**environment, "DJANGO_SETTINGS_MODULE": "benchmarks.floor.settings"},
        check=True,
    )
    port = _free_port()
    command = web_command("127.0.0.1", port, workers, THREADS)
    command[-1] = "benchmarks.floor.wsgi:application"
    with _running(command, port, {**environment, "DJANGO_SETTINGS_MODULE": ""}):
        yield port


def worker_memory(pid: int) -> tuple[int, int]:
    """Return the most memory that a worker of this server holds, and ever held, in MB."""
    now = peak = 0
    for child in _descendants(pid):
        told = dict(
            line.split(":", 1)
            for line in Path(f"/proc/{child}/status").read_text().splitlines()
            if line.startswith(("VmRSS", "VmHWM"))
        )
        now = max(now, int(told["VmRSS"].split()[0]) // 1024)
        peak = max(peak, int(told["VmHWM"].split()[0]) // 1024)
    return now, peak


def _descendants(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += [int(child), *_descendants(int(child))]
    return found


@contextmanager
def _running(command: list[str], port: int, environment: Mapping[str, str]) -> Iterator[int]:
    env = {name: value for name, value in environment.items() if value}
    process = subprocess.Popen(command, cwd=ROOT, env=env, start_new_session=True)
    try:
        _wait_for(port, process)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError("the server did not come up")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
