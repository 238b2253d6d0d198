"""`python -m benchmarks`: load, measure, write docs/performance.md."""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import papers
from benchmarks.client import Timing
from benchmarks.report import PageResult, Run, as_json, table

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

from postgres import scratch_server  # noqa: E402 the tools are no package

NO_END = "100000000/m"
MACHINE = "{cores} cores, {memory} GB, Linux"


def size_of(text: str) -> int:
    """Read a size: 20000, 20k or 1m."""
    units = {"k": 1_000, "m": 1_000_000}
    number, unit = (text[:-1], units[text[-1].lower()]) if text[-1].isalpha() else (text, 1)
    return int(number) * unit


def main() -> int:
    """Measure each size on each database, each in a process of its own, and write the table."""
    asked = _asked()
    runs = []
    for database in asked.databases.split():
        for size in asked.sizes.split():
            with _database(database) as url, tempfile.TemporaryDirectory() as home:
                runs.append(_measured(database, size_of(size), url, home, asked))
    text = table(runs, machine=_machine(), day=datetime.now(UTC).date(), papers=papers.measured())
    Path(asked.out).write_text(text, encoding="utf-8")
    if asked.json:
        Path(asked.out).with_suffix(".json").write_text(as_json(runs), encoding="utf-8")
    sys.stdout.write(text)
    return 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks")
    parser.add_argument("--sizes", default="20k")
    parser.add_argument("--databases", default="postgresql sqlite")
    parser.add_argument("--seconds", default="3", help="how long each page is asked, twice")
    parser.add_argument("--peers", default="", help="a JSON file of other software to ask")
    parser.add_argument("--out", default=str(ROOT / "docs" / "performance.md"))
    parser.add_argument("--json", action="store_true", help="the figures beside it, for a program")
    return parser.parse_args()


@contextmanager
def _database(name: str) -> Iterator[str]:
    if name == "sqlite":
        yield ""
        return
    with scratch_server(durable=True) as url:
        yield url


def _measured(database: str, size: int, url: str, home: str, asked: argparse.Namespace) -> Run:
    answer = Path(home) / "run.json"
    environment = {
        **os.environ,
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "DATABASE_URL": url or f"sqlite:///{home}/lianqi.sqlite3",
        "LIANQI_HOME": home,
        "LIANQI_MFA_REQUIRED": "0",
        "DJANGO_SETTINGS_MODULE": "lianqi.config.settings",
        # One caller sends what a district sends in a month.
        "LIANQI_RATE_API": NO_END,
        "LIANQI_RATE_SUBMIT": NO_END,
        "LIANQI_RATE_EXPORT": NO_END,
    }
    command = [
        sys.executable,
        "-m",
        "benchmarks.measuring",
        database,
        str(size),
        asked.seconds,
        str(answer),
    ]
    subprocess.run(
        [*command, *([asked.peers] if asked.peers else [])], cwd=ROOT, env=environment, check=True
    )
    return run_from(json.loads(answer.read_text()))


def run_from(told: dict) -> Run:
    """Read a run back from its JSON."""
    pages = [PageResult(**{**page, "timing": Timing(**page["timing"])}) for page in told["pages"]]
    floors = {key: (title, Timing(**timing)) for key, (title, timing) in told["floors"].items()}
    peers = [(name, Timing(**timing)) for name, timing in told["peers"]]
    return Run(**{**told, "pages": pages, "floors": floors, "peers": peers})


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return MACHINE.format(cores=os.cpu_count(), memory=round(memory))


if __name__ == "__main__":
    # Told to stop, it stops its servers too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    started = time.monotonic()
    code = main()
    sys.stderr.write(f"{time.monotonic() - started:.0f} s\n")
    sys.exit(code)
