"""One run: prepare, load, measure pages, floor, export and nightly jobs of one database."""

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from urllib.parse import urlsplit

import django

django.setup()

from django.core.management import call_command  # noqa: E402 Django must be set up first

from benchmarks import servers  # noqa: E402
from benchmarks.cases import FLOORS, cases, export_target, floor_target  # noqa: E402
from benchmarks.client import Connection, Target, Timing, measure  # noqa: E402
from benchmarks.loader import load  # noqa: E402
from benchmarks.report import PageResult, Run  # noqa: E402
from lianqi.appeals.jobs import urge_overdue  # noqa: E402
from lianqi.kernel.chores import remind_due, seal  # noqa: E402

EXPORTED = 100_000
# As `lianqi serve` does: SQLite's writers would only wait for each other.
WORKERS = {"postgresql": 2, "sqlite": 1}
NIGHT: dict[str, Callable[[], str]] = {
    "临期提醒": remind_due,
    "逾期催办": urge_overdue,
    "封存办理记录": seal,
}


def run(database: str, size: int, seconds: float, peers: str) -> Run:
    """Measure everything on a database that is thrown away afterwards."""
    call_command("prepare", verbosity=0)
    begun = time.perf_counter()
    load(size, say=_say)
    loaded = time.perf_counter() - begun
    environment, workers = dict(os.environ), WORKERS[database]
    with servers.product(environment, workers=workers) as (port, pid):
        pages = [_page(case, seconds) for case in cases(port)]
        memory, _ = servers.worker_memory(pid)
    with servers.product(environment, workers=workers) as (port, pid):
        rows, export_seconds = _exported(port)
        _, export_memory = servers.worker_memory(pid)
    with servers.floor(environment, workers=workers) as port:
        floors = {
            key: (title, measure(floor_target(port, key), seconds=seconds))
            for key, (title, _, _) in FLOORS.items()
        }
    return Run(
        database=database,
        size=size,
        pages=pages,
        floors=floors,
        load_seconds=loaded,
        night={name: _timed(job) for name, job in NIGHT.items()},
        export_rows=rows,
        export_seconds=export_seconds,
        export_memory=export_memory,
        memory=memory,
        peers=_peers(peers, seconds),
    )


def _page(case, seconds: float) -> PageResult:
    timing = measure(case.target, seconds=seconds)
    _say(f"{case.title}: {timing.p50:.1f} ms, {timing.a_second:.0f}/s")
    return PageResult(
        case.key, case.title, timing, case.queries, case.goal.p50, case.goal.a_second, case.floor
    )


def _exported(port: int) -> tuple[int, float]:
    target, rows = export_target(port, EXPORTED)
    connection = Connection(target)
    begun = time.perf_counter()
    connection.ask(target)
    connection.close()
    return rows, time.perf_counter() - begun


def _timed(job: Callable[[], str]) -> float:
    begun = time.perf_counter()
    _say(job())
    return time.perf_counter() - begun


def _peers(path: str, seconds: float) -> list[tuple[str, Timing]]:
    """Ask other software the same way; each entry names it, its address and its session."""
    if not path:
        return []
    found = []
    for peer in json.loads(Path(path).read_text()):
        address = urlsplit(peer["url"])
        query = f"?{address.query}" if address.query else ""
        headers = (f"Cookie: {peer['cookie']}",) if peer.get("cookie") else ()
        target = Target(
            address.port or 80,
            f"{address.path or '/'}{query}",
            headers,
            host=address.hostname or "127.0.0.1",
        )
        found.append((peer["name"], measure(target, seconds=seconds)))
    return found


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    # Told to stop, it stops its servers too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    name, size, seconds, answer, *rest = sys.argv[1:]
    result = run(name, int(size), float(seconds), rest[0] if rest else "")
    Path(answer).write_text(json.dumps(asdict(result), ensure_ascii=False))
