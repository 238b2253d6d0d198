"""Finding records by a query: rare words by the index, frequent ones by walking the list itself.

A list that is walked in its own order stops after one page; for a rare word it would be walked to
its end. So the index is asked first, for no more than ``RARE`` records. Only what is found more
often is weighed again: if the newest records hold enough of it, the list is walked.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from types import ModuleType
from typing import Any

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery

from lianqi.kernel.models import SearchEntry
from lianqi.kernel.models.search import Scope
from lianqi.kernel.search import lookups as lookups  # registers the conditions
from lianqi.kernel.search import postgres, sqlite
from lianqi.kernel.search.grammar import Query, Term

RARE = 1_000
NEWEST = 2_000
# With fewer hits among the newest, a page of the list would be walked for too long.
OFTEN = 50
MOST_LISTED = 50_000
NOTHING = Q(pk__isnull=True)
# What a field of the search box looks into: some scopes, or the records that it names by a word.
Field = Collection[Scope] | Callable[[str], QuerySet[Any]]


@dataclass(frozen=True)
class Found:
    """The records of one kind that match: their ids, or (None) a condition to walk a list by."""

    condition: Q
    ids: frozenset[int] | None = None
    # Whether more than ``RARE`` records are known to match, as far as this reader's scopes go.
    is_frequent: bool = False


def find(
    query: Query,
    *,
    about: str,
    scopes: Collection[Scope],
    fields: Mapping[str, Field] | None = None,
) -> Found:
    """Return which records of the kind ``about`` match, as far as a reader of ``scopes`` may know.

    Each word must be found in one of the scopes; ``fields`` narrows a word that was asked for in a
    field to some of them, or tells which records of the kind answer it. ``Found.condition`` is a
    condition on the records' own key; the reader's row filter still has to be applied. A query that
    asks for nothing finds everything.
    """
    if not query:
        return Found(Q())
    asked = _Asked(frozenset(scopes), fields or {})
    matching = asked.matching(query)
    entries = SearchEntry.objects.filter(subject_type=about)
    walked = Found(Q(_walking(about, matching)))
    if not query.clauses:
        return walked
    # A single character begins many grams: the index is the dearer way to learn that it is common.
    short = any(len(term.text) == 1 and asked.of(term) for term in query.wanted)
    if short and _held_by_newest(entries, matching) >= OFTEN:
        return walked
    possible = entries.filter(asked.prefilter(query)).filter(matching)
    ids = some_ids(possible, RARE + 1)
    if len(ids) <= RARE:
        return _listed(ids)
    if not short and _held_by_newest(entries, matching) >= OFTEN:
        return Found(walked.condition, is_frequent=True)
    ids = some_ids(possible, MOST_LISTED + 1)
    if len(ids) > MOST_LISTED:
        return Found(walked.condition, is_frequent=True)
    return _listed(ids)


@dataclass(frozen=True)
class _Asked:
    scopes: frozenset[Scope]
    fields: Mapping[str, Field]

    def of(self, term: Term) -> list[Scope]:
        field = self.fields[term.field] if term.field else self.scopes
        allowed = frozenset() if callable(field) else self.scopes & frozenset(field)
        return [scope for scope in Scope if scope in allowed]

    def named(self, term: Term) -> QuerySet[Any] | None:
        field = self.fields[term.field] if term.field else None
        return field(term.text).order_by().values("pk") if callable(field) else None

    def holds(self, term: Term) -> Q:
        named = self.named(term)
        if named is not None:
            return Q(subject_id__in=named)
        # Whatever the reader may see nothing of holds nothing.
        parts = [Q(**{f"{scope.value}_text__holds": term.text}) for scope in self.of(term)]
        return reduce(or_, parts) if parts else NOTHING

    def matching(self, query: Query) -> Q:
        wanted = [reduce(or_, map(self.holds, clause)) for clause in query.clauses]
        return reduce(and_, [*wanted, *(~self.holds(term) for term in query.excluded)])

    def prefilter(self, query: Query) -> Q:
        clauses = [
            [(scopes, term.text) for term in clause if (scopes := self.of(term))]
            for clause in query.clauses
            # A clause that may be answered by other records than those of the index lets all through.
            if not any(term.field and callable(self.fields[term.field]) for term in clause)
        ]
        if not all(clauses):
            return NOTHING
        return _vendor().prefilter(clauses) if clauses else Q()


def candidates(
    entries: QuerySet[SearchEntry], grams: Collection[str], scopes: Collection[Scope]
) -> QuerySet[SearchEntry]:
    """Return the entries that hold one of the bigrams in one of the scopes, by the index."""
    looked_in = [scope for scope in Scope if scope in scopes]
    return entries.filter(_vendor().prefilter([[(looked_in, gram) for gram in grams]]))


def _vendor() -> ModuleType:
    return sqlite if connection.vendor == "sqlite" else postgres


def _walking(about: str, matching: Q) -> Subquery:
    """Return the condition as a subquery that is asked row by row.

    Not EXISTS: PostgreSQL would turn it into a join and read all entries first.
    """
    entry = SearchEntry.objects.filter(subject_type=about, subject_id=OuterRef("pk"))
    held = entry.annotate(held=ExpressionWrapper(matching, output_field=BooleanField()))
    return Subquery(held.values("held")[:1], output_field=BooleanField())


def _listed(ids: list[int]) -> Found:
    return Found(Q(pk__among=ids), frozenset(ids), is_frequent=len(ids) > RARE)


def some_ids(candidates: QuerySet[SearchEntry], most: int) -> list[int]:
    """Return up to ``most`` ids of the records that these entries are about, in no order."""
    rows = candidates.order_by().values_list("subject_id", flat=True)
    if connection.vendor == "sqlite":
        return list(rows[:most])
    # Planned for all of its rows, by the index, and read only as far as is asked: with a LIMIT of
    # its own the planner would hope to meet matches soon and read the table.
    sql, parameters = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH found AS MATERIALIZED ({sql}) SELECT * FROM found LIMIT %s",  # noqa: S608 Django's own SQL
            [*parameters, most],
        )
        return [number for (number,) in cursor.fetchall()]


def _held_by_newest(entries: QuerySet[SearchEntry], matching: Q) -> int:
    """Return how many of the newest records match."""
    newest = entries.order_by("-subject_id").values("pk")[:NEWEST]
    return SearchEntry.objects.filter(matching, pk__in=newest).count()
