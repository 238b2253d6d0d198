"""Chinese text without a dictionary: characters as they are searched, bigrams, likeness."""

from lianqi.engines.textmining.characters import bigrams, searchable
from lianqi.engines.textmining.likeness import Likeness

__all__ = ["Likeness", "bigrams", "searchable"]
