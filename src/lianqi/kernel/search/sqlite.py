"""The index on SQLite: a contentless FTS5 table of bigrams, asked by phrases."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection
from django.db.models import Q

from lianqi.engines.textmining import bigrams
from lianqi.kernel.models.search import Scope

# The tokenizer parts at ASCII marks only; written wide they are letters to it, and no searchable
# text holds a wide form.
_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F) if not chr(code).isalnum()}
_COLUMNS = ", ".join(f"{scope.value}_text" for scope in Scope)
_MARKS = ", ".join("%s" for _ in Scope)
_KEPT = f"SELECT id, {_COLUMNS} FROM kernel_searchentry WHERE subject_type = %s AND subject_id = %s"  # noqa: S608 own column names
_KEEP = (
    f"INSERT INTO kernel_searchentry (subject_type, subject_id, {_COLUMNS})"  # noqa: S608 own column names
    f" VALUES (%s, %s, {_MARKS}) ON CONFLICT (subject_type, subject_id) DO UPDATE SET "
    + ", ".join(f"{scope.value}_text = excluded.{scope.value}_text" for scope in Scope)
    + " RETURNING id"
)
_ADD = f"INSERT INTO kernel_searchgrams (rowid, {_COLUMNS}) VALUES (%s, {_MARKS})"  # noqa: S608 own column names
# A contentless table forgets a row only when told again what was in it.
_FORGET = (
    f"INSERT INTO kernel_searchgrams (kernel_searchgrams, rowid, {_COLUMNS})"  # noqa: S608 own column names
    f" VALUES ('delete', %s, {_MARKS})"
)


def write(rows: Sequence[tuple[Any, ...]]) -> None:
    """Write entries (type, id, texts by scope) and their grams; what is unchanged is left alone."""
    with connection.cursor() as cursor:
        for row in rows:
            cursor.execute(_KEPT, row[:2])
            kept = cursor.fetchone()
            if kept is not None and kept[1:] == row[2:]:
                continue
            if kept is not None:
                cursor.execute(_FORGET, [kept[0], *map(_grams, kept[1:])])
            cursor.execute(_KEEP, row)
            [(entry,)] = cursor.fetchall()
            cursor.execute(_ADD, [entry, *map(_grams, row[2:])])


def _grams(text: str) -> str:
    """Return the grams of the lines of a text; each line ends in a lone character, as a stop."""
    return " ".join(gram for line in text.split("\n") for gram in bigrams(line.translate(_WIDE)))


def prefilter(clauses: Sequence[Sequence[tuple[Collection[Scope], str]]]) -> Q:
    """Return the condition on entries that lets through all that may match, by the index."""
    return Q(
        pk__matches=" AND ".join(f"({' OR '.join(map(_phrase, clause))})" for clause in clauses)
    )


def _phrase(term: tuple[Collection[Scope], str]) -> str:
    scopes, text = term
    columns = " ".join(f"{scope.value}_text" for scope in scopes)
    grams = bigrams(text.translate(_WIDE))
    if len(grams) == 1:
        return f'{{{columns}}} : "{grams[0]}" *'
    return f'{{{columns}}} : "{" ".join(grams[:-1])}"'
