"""The kept table of docs/performance.md, written from what was measured."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date

from benchmarks.client import Timing
from benchmarks.papers import PaperResult

GROWTH_GOAL, QUERIES_GOAL, MEMORY_GOAL = 1.5, 12, 150
LOAD_GOAL, NIGHT_GOAL, EXPORT_GOAL, EXPORT_MEMORY_GOAL = 600, 120, 30, 200


@dataclass(frozen=True)
class PageResult:
    """One page at one size; goals are stated for a million appeals."""

    key: str
    title: str
    timing: Timing
    queries: int
    goal_p50: float
    goal_a_second: float
    floor: str


@dataclass(frozen=True)
class Run:
    """Everything measured on one database at one size."""

    database: str
    size: int
    pages: list[PageResult]
    floors: dict[str, tuple[str, Timing]]
    load_seconds: float
    night: dict[str, float]
    export_rows: int
    export_seconds: float
    export_memory: int
    memory: int
    peers: list[tuple[str, Timing]] = field(default_factory=list)


def table(
    runs: Sequence[Run], *, machine: str, day: date, papers: Sequence[PaperResult] = ()
) -> str:
    """Return the document: a part for each run, growth between the sizes of a database."""
    parts = [HEAD.format(machine=machine, day=f"{day:%Y-%m-%d}")]
    parts += [_run_part(run) for run in runs]
    parts.append(_growth_part(runs))
    parts.append(_papers_part(papers))
    parts.append(FOOT)
    return "\n\n".join(part for part in parts if part).rstrip() + "\n"


def as_json(runs: Sequence[Run]) -> str:
    """Return the figures for a program."""
    return json.dumps([asdict(run) for run in runs], ensure_ascii=False, indent=1)


def _run_part(run: Run) -> str:
    lines = [
        f"## {run.size:,} appeals on {run.database}",
        "",
        "| page | p50 ms | p95 ms | a second, 8 at once | × floor | SQL | kB | goal at 1M | met |",
        "|---|---:|---:|---:|---:|---:|---:|---|---|",
    ]
    lines += [_page_line(page, run) for page in run.pages]
    lines += [
        f"| {title} | {_ms(timing.p50)} | {_ms(timing.p95)} | {timing.a_second:,.0f} | | | {_kb(timing)} | | |"
        for title, timing in [*run.floors.values(), *run.peers]
    ]
    night = "，".join(f"{name} {seconds:.1f} s" for name, seconds in run.night.items())
    total = sum(run.night.values())
    lines += [
        "",
        f"- Load: {run.load_seconds:.0f} s ({_met(run.load_seconds <= LOAD_GOAL)}, goal {LOAD_GOAL} s).",
        f"- Nightly jobs: {night}; together {total:.0f} s ({_met(total <= NIGHT_GOAL)}, goal {NIGHT_GOAL} s).",
        f"- Workbook of {run.export_rows:,} rows: {run.export_seconds:.1f} s, {run.export_memory} MB at most"
        f" ({_met(run.export_seconds <= EXPORT_GOAL and run.export_memory <= EXPORT_MEMORY_GOAL)},"
        f" goal {EXPORT_GOAL} s for 100,000 rows below {EXPORT_MEMORY_GOAL} MB).",
        f"- Memory of a web worker after the pages: {run.memory} MB"
        f" ({_met(run.memory <= MEMORY_GOAL)}, goal {MEMORY_GOAL} MB).",
    ]
    return "\n".join(lines)


def _page_line(page: PageResult, run: Run) -> str:
    took = page.timing
    met = (
        took.p50 <= page.goal_p50
        and took.a_second >= page.goal_a_second
        and page.queries <= QUERIES_GOAL
    )
    beside = took.p50 / run.floors[page.floor][1].p50
    return (
        f"| {page.title} | {_ms(took.p50)} | {_ms(took.p95)} | {took.a_second:,.0f} | {beside:.1f} |"
        f" {page.queries} | {_kb(took)} | ≤ {page.goal_p50:g} ms, ≥ {page.goal_a_second:g}/s | {_met(met)} |"
    )


def _papers_part(papers: Sequence[PaperResult]) -> str:
    if not papers:
        return ""
    head = ["## Plans and documents", "", "| what | seconds | goal | met |", "|---|---:|---:|---|"]
    lines = [
        f"| {one.title} | {one.seconds:.2f} | ≤ {one.goal:g} | {_met(one.seconds <= one.goal)} |"
        for one in papers
    ]
    return "\n".join([*head, *lines])


def _growth_part(runs: Sequence[Run]) -> str:
    """Compare the largest size of each database with its smallest."""
    lines = []
    for database in dict.fromkeys(run.database for run in runs):
        sizes = sorted((run for run in runs if run.database == database), key=lambda run: run.size)
        small, large = sizes[0], sizes[-1]
        if small is large:
            continue
        before = {page.key: page.timing.p50 for page in small.pages}
        for page in large.pages:
            if page.key in before:
                grown = page.timing.p50 / before[page.key]
                lines.append(
                    f"| {page.title} | {database} {small.size:,} → {large.size:,} | {grown:.2f} | {_met(grown <= GROWTH_GOAL)} |"
                )
    if not lines:
        return ""
    head = [
        f"## Growth of p50 (goal ≤ {GROWTH_GOAL})",
        "",
        "| page | sizes | times | met |",
        "|---|---|---:|---|",
    ]
    return "\n".join([*head, *lines])


def _ms(milliseconds: float) -> str:
    return f"{milliseconds:.1f}"


def _kb(timing: Timing) -> str:
    return f"{timing.length / 1024:.0f}"


def _met(good: bool) -> str:
    return "yes" if good else "**no**"


HEAD = """# Performance

Written by `make bench` on {day}; never by hand. Machine: {machine}.

Staff people with real sessions, kept-alive connections on loopback, the product's own web server with
two workers (one on SQLite); appeals with Chinese texts, 18 units, whole histories. "× floor" divides p50 by that
of a bare Django page of the same kind in the same run (50 rows in a template, one row, one insert): absolute
milliseconds are this machine's and drift, the ratio stays. The goals are those for a million appeals."""

FOOT = """## How to run it

`make bench` loads 20,000 appeals into a PostgreSQL and a SQLite of its own and throws both away. `make bench
SIZES="20k 1m" DATABASES=postgresql` measures growth. How it works: `benchmarks/README.md`.

Peers: other software on the same machine, filled with the same work, is measured in the same run with
`make bench PEERS=peers.json`, a list of `{"name": ..., "url": "http://host:port/path", "cookie": "..."}`."""
