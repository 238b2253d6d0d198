"""The clauses behind steps, in the wording of the rules; each room brings its ``clauses.csv``."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

from django.apps import apps


@dataclass(frozen=True)
class Clause:
    """A clause as the page quotes it: where it stands and what it says."""

    number: str
    text: str


@cache
def _clauses() -> dict[str, Clause]:
    found: dict[str, Clause] = {}
    ours = [config.name for config in apps.get_app_configs() if config.name.startswith("lianqi.")]
    for package in ours:
        table = resources.files(package).joinpath("clauses.csv")
        if table.is_file():
            rows = csv.DictReader(table.read_text(encoding="utf-8").splitlines())
            found |= {row["id"]: Clause(row["place"], row["phrase"]) for row in rows}
    return found


def clauses_behind(basis: str) -> list[Clause]:
    """Return the clauses whose ids a step names, spaces between; KeyError for an unknown id."""
    return [_clauses()[one] for one in basis.split()]
