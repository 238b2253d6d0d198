"""The kept table says what was measured, and honestly whether a goal is met."""

import json
from datetime import date

from benchmarks.__main__ import run_from, size_of
from benchmarks.client import Timing
from benchmarks.papers import PaperResult, measured
from benchmarks.report import PageResult, Run, as_json, table


def run(size, p50, *, queries=12, database="postgresql"):
    page = PageResult("list", "清单", Timing(p50, p50 * 2, 150.0, 2048), queries, 16, 120, "fifty")
    floors = {"fifty": ("底线：50行", Timing(8.0, 9.0, 200.0, 1024))}
    return Run(database, size, [page], floors, 60.0, {"封存": 3.0}, 1000, 2.0, 150, 120)


def line_about(text, word):
    return next(line for line in text.splitlines() if word in line)


def test_a_page_within_its_goals_is_said_to_meet_them():
    text = table([run(20_000, 12.0)], machine="2 cores", day=date(2026, 11, 24))

    assert line_about(text, "| 清单") == (
        "| 清单 | 12.0 | 24.0 | 150 | 1.5 | 12 | 2 | ≤ 16 ms, ≥ 120/s | yes |"
    )


def test_one_query_too_many_misses_the_goal():
    text = table([run(20_000, 12.0, queries=13)], machine="2 cores", day=date(2026, 11, 24))

    assert line_about(text, "| 清单").endswith("| **no** |")


def test_growth_compares_the_sizes_of_one_database_and_not_two_databases():
    runs = [run(20_000, 10.0), run(1_000_000, 16.0), run(20_000, 5.0, database="sqlite")]

    text = table(runs, machine="2 cores", day=date(2026, 11, 24))

    growth = text.split("## Growth")[1]
    assert (
        line_about(growth, "| 清单") == "| 清单 | postgresql 20,000 → 1,000,000 | 1.60 | **no** |"
    )
    assert "sqlite" not in growth


def test_a_run_comes_back_from_its_json():
    before = run(20_000, 12.0)

    assert run_from(json.loads(as_json([before]))[0]) == before


def test_sizes_are_read_as_people_write_them():
    assert [size_of(text) for text in ("500", "20k", "1m")] == [500, 20_000, 1_000_000]


def test_plans_and_documents_stand_beside_their_goals():
    papers = [PaperResult("Write", 0.25, 1), PaperResult("Read", 6.0, 5)]

    text = table([run(20_000, 10.0)], machine="2 cores", day=date(2026, 11, 24), papers=papers)

    assert line_about(text, "| Write") == "| Write | 0.25 | ≤ 1 | yes |"
    assert line_about(text, "| Read") == "| Read | 6.00 | ≤ 5 | **no** |"


def test_plans_are_read_and_documents_written_to_be_measured():
    assert [one.goal for one in measured()] == [0.5, 5, 1]
