"""A small HTTP client: keep-alive, one request after the other or several connections at once."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median, quantiles

PATIENCE = 120.0  # seconds


@dataclass(frozen=True)
class Target:
    """Where a request goes and what it carries; ``body`` may differ from request to request."""

    port: int
    path: str
    headers: tuple[str, ...] = ()
    body: Callable[[], bytes] | None = None
    expected: int = 200
    host: str = "127.0.0.1"

    def request(self) -> bytes:
        """Return the bytes of the next request."""
        content = self.body() if self.body else b""
        method = "POST" if self.body else "GET"
        lines = [f"{method} {self.path} HTTP/1.1", f"Host: {self.host}:{self.port}", *self.headers]
        if self.body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
        return "\r\n".join([*lines, "", ""]).encode() + content


class WrongAnswer(Exception):
    """The server answered something else than the page that is measured."""


class Connection:
    """One kept-alive connection."""

    def __init__(self, target: Target) -> None:
        """Connect to where the target is."""
        self._socket = socket.create_connection((target.host, target.port), PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._left = b""

    def ask(self, target: Target) -> bytes:
        """Send one request and return the body of its answer.

        Raises:
            WrongAnswer: the status is not the expected one.
        """
        self._socket.sendall(target.request())
        head = self._until(b"\r\n\r\n").decode("latin-1")
        status = int(head.split(" ", 2)[1])
        fields = dict(
            line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line
        )
        if fields.get("transfer-encoding") == "chunked":
            body = b"".join(self._chunks())
        else:
            body = self._exactly(int(fields.get("content-length", 0)))
        if status != target.expected:
            raise WrongAnswer(f"{target.path}: {status} {body[:300]!r}")
        return body

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _chunks(self) -> Iterator[bytes]:
        while True:
            length = int(self._until(b"\r\n"), 16)
            chunk = self._exactly(length + 2)[:-2]
            if not length:
                return
            yield chunk

    def _until(self, mark: bytes) -> bytes:
        while mark not in self._left:
            self._receive()
        found, self._left = self._left.split(mark, 1)
        return found

    def _exactly(self, length: int) -> bytes:
        while len(self._left) < length:
            self._receive()
        found, self._left = self._left[:length], self._left[length:]
        return found

    def _receive(self) -> None:
        block = self._socket.recv(1 << 18)
        if not block:
            raise WrongAnswer("the server hung up")
        self._left += block


@dataclass(frozen=True)
class Timing:
    """What was measured: milliseconds alone, requests a second with several at once, bytes."""

    p50: float
    p95: float
    a_second: float
    length: int


def measure(target: Target, *, seconds: float = 3.0, at_once: int = 8, most: int = 400) -> Timing:
    """Ask alone, then with ``at_once`` connections, each for ``seconds`` after a warm-up."""
    _warm_up(target, at_once)
    connection, spans, length = Connection(target), [], 0
    until = time.perf_counter() + seconds
    while len(spans) < 5 or (time.perf_counter() < until and len(spans) < most):
        begun = time.perf_counter()
        length = len(connection.ask(target))
        spans.append((time.perf_counter() - begun) * 1000)
    connection.close()
    p95 = quantiles(spans, n=20)[-1]
    return Timing(median(spans), p95, _throughput(target, seconds, at_once), length)


def _warm_up(target: Target, at_once: int) -> None:
    # Each thread of each server process has its own connection and loads its templates once.
    _throughput(target, 0.5, at_once * 2)


def _throughput(target: Target, seconds: float, at_once: int) -> float:
    counts, faults = [0] * at_once, list[Exception]()
    until = time.perf_counter() + seconds

    def work(number: int) -> None:
        try:
            connection = Connection(target)
            while time.perf_counter() < until:
                connection.ask(target)
                counts[number] += 1
            connection.close()
        except (OSError, WrongAnswer) as fault:
            faults.append(fault)

    begun = time.perf_counter()
    threads = [threading.Thread(target=work, args=(n,)) for n in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return sum(counts) / (time.perf_counter() - begun)
