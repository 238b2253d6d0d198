"""The index on PostgreSQL: an array of hashed grams with a GIN index; the texts are asked again."""

from collections.abc import Collection, Iterable, Sequence
from functools import reduce
from operator import add, and_, or_
from typing import Any
from zlib import crc32

from django.db import connection
from django.db.models import Q

from lianqi.engines.textmining import bigrams
from lianqi.kernel.models.search import Scope

# The checksum of a scope's name, from which that of each gram goes on.
_BEGUN = {scope: crc32(f"{scope.value}:".encode()) for scope in Scope}
_NAMES = [f"{scope.value}_text" for scope in Scope]
_SETS = ", ".join(f"{name} = excluded.{name}" for name in [*_NAMES, "grams"])
_WRITE = (
    f"INSERT INTO kernel_searchentry (subject_type, subject_id, {', '.join(_NAMES)}, grams)"  # noqa: S608 own column names
    f" VALUES (%s, %s, {', '.join('%s' for _ in _NAMES)}, %s::integer[])"
    f" ON CONFLICT (subject_type, subject_id) DO UPDATE SET {_SETS}"
    " WHERE (" + ", ".join(f"kernel_searchentry.{name}" for name in _NAMES) + ") IS DISTINCT FROM ("
    + ", ".join(f"excluded.{name}" for name in _NAMES) + ")"
)  # fmt: skip


def write(rows: Sequence[tuple[Any, ...]]) -> None:
    """Write entries (type, id, texts by scope) and their grams; what is unchanged is left alone."""
    with connection.cursor() as cursor:
        cursor.executemany(_WRITE, [(*row, grams_of(row[2:])) for row in rows])


def grams_of(texts: Sequence[str]) -> list[int]:
    """Return the hashed grams of an entry's texts, in the order of the scopes."""
    found: set[int] = set()
    for scope, text in zip(Scope, texts, strict=True):
        # A pair across two lines is in no phrase: its blank is never searched.
        grams = {*text, *map(add, text, text[1:])}
        begun = _BEGUN[scope]
        found.update(crc32(gram.encode("utf-8", "surrogatepass"), begun) for gram in grams)
    return sorted(map(_signed, found))


def _hash(scope: Scope, gram: str) -> int:
    """Return a signed 32-bit number; two grams that share one only cost a second look."""
    return _signed(crc32(gram.encode("utf-8", "surrogatepass"), _BEGUN[scope]))


def _signed(number: int) -> int:
    return number - 2**32 if number >= 2**31 else number


def prefilter(clauses: Sequence[Sequence[tuple[Collection[Scope], str]]]) -> Q:
    """Return the condition on entries that lets through all that may match, by the index."""
    return reduce(and_, (reduce(or_, _alternatives(clause)) for clause in clauses))


def _alternatives(clause: Iterable[tuple[Collection[Scope], str]]) -> Iterable[Q]:
    for scopes, text in clause:
        grams = bigrams(text)[:-1] or [text]
        for scope in scopes:
            yield Q(pk__matches=sorted({_hash(scope, gram) for gram in grams}))
