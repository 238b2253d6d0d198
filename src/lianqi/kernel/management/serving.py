"""Keeps the web server and a worker running side by side, and stops both together."""

import contextlib
import ctypes
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence

log = logging.getLogger(__name__)
PATIENCE = 20.0  # seconds for a process to finish what it has in hand
WATCH_EVERY = 0.5  # seconds
PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
RESTART_PAUSE = 3.0  # seconds between two starts of a worker that keeps dying


def web_command(host: str, port: int, workers: int, threads: int) -> list[str]:
    """Return the command of the web server: granian, WSGI, a pool of threads in each process."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi"),
        *("--host", host, "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", str(threads)),
        *("--respawn-failed-workers", "--no-ws"),
        "lianqi.config.wsgi:application",
    ]


def worker_command() -> list[str]:
    """Return the command of the worker."""
    return [sys.executable, "-m", "lianqi", "worker"]


def is_free(host: str, port: int) -> bool:
    """Whether nobody listens at the address: the web server itself would share it in silence."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As a server does: connections that have ended do not keep the port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


class House:
    """A web server and a worker; the house stands as long as the web server does."""

    def __init__(self, web: Sequence[str], worker: Sequence[str]) -> None:
        """Take both commands; nothing is started yet."""
        self._commands = (list(web), list(worker))
        self._stop = threading.Event()

    def stop(self) -> None:
        """Let both end."""
        self._stop.set()

    def run(self) -> int:
        """Start both and keep the worker alive; return the web server's exit code.

        A stop by signal returns 0 once both have ended.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop())
        web, worker = (_start(command) for command in self._commands)
        started = time.monotonic()
        try:
            while not self._stop.wait(WATCH_EVERY) and web.poll() is None:
                if worker.poll() is not None and time.monotonic() - started > RESTART_PAUSE:
                    log.warning("worker ended with %s, starting another", worker.returncode)
                    worker, started = _start(self._commands[1]), time.monotonic()
        finally:
            for process in (web, worker):
                _end(process)
        return 0 if self._stop.is_set() else web.returncode


def _start(command: list[str]) -> "subprocess.Popen[bytes]":
    # A session of its own: Ctrl-C reaches us alone, and we stop the children in order.
    return subprocess.Popen(  # noqa: S603 our own commands
        command,
        env=os.environ.copy(),
        start_new_session=True,
        preexec_fn=_ends_with_us(),
    )


def _ends_with_us() -> Callable[[], None] | None:
    """Return what a child does before it begins, so that it ends if we are killed outright.

    Linux sends it SIGTERM when its parent dies, however that dies; other systems have no such
    order, and there a killed parent leaves its children to be stopped by hand.
    """
    if not sys.platform.startswith("linux"):
        return None
    order, parent = ctypes.CDLL(None, use_errno=True).prctl, os.getpid()

    def end_with_parent() -> None:
        order(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died between the fork and the order
            os.kill(os.getpid(), signal.SIGTERM)

    return end_with_parent


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        log.warning("process %s did not stop in time", process.pid)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
