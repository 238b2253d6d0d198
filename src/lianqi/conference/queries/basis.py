"""The clauses behind the steps, in the wording of annex 1."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class Clause:
    """A clause as the page quotes it: where it stands and what it says."""

    number: str
    text: str


@cache
def _clauses() -> dict[str, Clause]:
    table = resources.files("lianqi.conference").joinpath("clauses.csv").read_text("utf-8")
    rows = csv.DictReader(table.splitlines())
    return {row["id"]: Clause(row["place"], row["phrase"]) for row in rows}


def clauses_behind(basis: str) -> list[Clause]:
    """Return the clauses whose ids a step names, spaces between; KeyError for an unknown id."""
    return [_clauses()[one] for one in basis.split()]
