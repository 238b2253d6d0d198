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
RESTART_PAUSE = 3.0  # seconds between two starts of a process that keeps dying
# A web server that ends so often within so many seconds cannot run here, and trying on would hide it.
HOPELESS, WITHIN = 3, 60.0


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
    """A web server and a worker; whichever dies is started again."""

    def __init__(self, web: Sequence[str], worker: Sequence[str]) -> None:
        """Take both commands; nothing is started yet."""
        self._web, self._worker = _Kept("web server", web), _Kept("worker", worker)
        self._stop = threading.Event()

    def stop(self) -> None:
        """Let both end."""
        self._stop.set()

    def run(self) -> int:
        """Start both and keep them alive.

        Return 0 after a stop by signal, once both have ended; a web server that ends three times
        within a minute is given up, and its exit code returned.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop())
        kept = (self._web, self._worker)
        for one in kept:
            one.start()
        try:
            while not (self._stop.wait(WATCH_EVERY) or self._web.is_hopeless()):
                for one in kept:
                    one.restart_if_dead()
        finally:
            for one in kept:
                one.end()
        return 0 if self._stop.is_set() else self._web.exit_code


class _Kept:
    """A process that is started again when it dies."""

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self.name, self.command, self.exit_code = name, list(command), 0
        self.ends: list[float] = []
        self._seen = True

    def start(self) -> None:
        self.process, self.started, self._seen = _start(self.command), time.monotonic(), False

    def restart_if_dead(self) -> None:
        """Start it again, but not at once if it has hardly lived."""
        if self._has_ended() and time.monotonic() - self.started > RESTART_PAUSE:
            log.warning("%s ended with %s, starting another", self.name, self.exit_code)
            self.start()

    def is_hopeless(self) -> bool:
        """Whether it has ended too often of late."""
        self._has_ended()
        return sum(end > time.monotonic() - WITHIN for end in self.ends) >= HOPELESS

    def _has_ended(self) -> bool:
        code = self.process.poll()
        if code is not None and not self._seen:
            self._seen, self.exit_code = True, code
            self.ends = [*self.ends[1 - HOPELESS :], time.monotonic()]
        return code is not None

    def end(self) -> None:
        _end(self.process)


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
