"""Search in the texts of any record: what is written here is found by any two characters of it."""

from lianqi.kernel.models.search import Scope
from lianqi.kernel.search.alike import alike
from lianqi.kernel.search.finding import Field, Found, find
from lianqi.kernel.search.grammar import Query, Term, read_query
from lianqi.kernel.search.index import (
    Text,
    Texts,
    fill_index,
    index_subject,
    searchable_types,
    searched_through,
)
from lianqi.kernel.search.marking import Hit, first_hit, marked

__all__ = [
    "Field",
    "Found",
    "Hit",
    "Query",
    "Scope",
    "Term",
    "Text",
    "Texts",
    "alike",
    "fill_index",
    "find",
    "first_hit",
    "index_subject",
    "marked",
    "read_query",
    "searchable_types",
    "searched_through",
]
