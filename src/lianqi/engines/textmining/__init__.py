"""Chinese text without a dictionary: characters as they are searched, bigrams, likeness."""

from lianqi.engines.textmining.characters import bigrams, searchable, searchable_characters
from lianqi.engines.textmining.likeness import Likeness, rank, spread, telling_bigrams

__all__ = [
    "Likeness",
    "bigrams",
    "rank",
    "searchable",
    "searchable_characters",
    "spread",
    "telling_bigrams",
]
