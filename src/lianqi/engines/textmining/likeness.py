"""How alike two texts are: cosine of their bigrams, rare ones weighing more."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from lianqi.engines.textmining.characters import bigrams, searchable

LEAST_SCORE = 0.05


def telling_bigrams(text: str) -> Counter[str]:
    """Count the bigrams that carry meaning: of letters, digits and characters, not of marks."""
    return Counter(gram for gram in bigrams(searchable(text)) if len(gram) == 2 and gram.isalnum())


def spread(texts: Iterable[str]) -> Counter[str]:
    """Count in how many of the texts each bigram occurs."""
    return Counter(gram for text in texts for gram in telling_bigrams(text))


class Likeness:
    """Ranks texts by their likeness to one text.

    The measure is the cosine of vectors of bigrams, weighted (1 + log count) * idf, between 0
    (nothing in common) and 1 (the same bigrams). The idf is taken from ``frequency`` (in how many
    of ``total`` texts a bigram occurs); a bigram that is not in it counts as the rarest.
    """

    def __init__(self, text: str, frequency: Mapping[str, int], total: int) -> None:
        """Weigh the bigrams of the text that the others are compared with."""
        self._frequency, self._total = frequency, total
        self._weights = self._weighted(text)
        self._length = _length(self._weights)

    def of(self, other: str) -> float:
        """Return how alike this text is, between 0 and 1."""
        weights = self._weighted(other)
        length = _length(weights)
        if not self._length or not length:
            return 0.0
        shared = sum(weight * weights.get(gram, 0.0) for gram, weight in self._weights.items())
        return shared / (self._length * length)

    def _weighted(self, text: str) -> dict[str, float]:
        return {
            gram: (1 + math.log(count)) * self._idf(gram)
            for gram, count in telling_bigrams(text).items()
        }

    def _idf(self, gram: str) -> float:
        return math.log((1 + self._total) / (1 + self._frequency.get(gram, 0))) + 1


def rank(
    query: str, documents: Sequence[str], least: float = LEAST_SCORE
) -> list[tuple[int, float]]:
    """Return (index, score) of the documents like the query, the most alike first.

    How rare a bigram is, is taken from the documents themselves. Scores below ``least`` are left
    out; equal scores keep the order of the documents.
    """
    likeness = Likeness(query, spread(documents), len(documents))
    scored = [(index, round(likeness.of(text), 4)) for index, text in enumerate(documents)]
    return sorted((one for one in scored if one[1] >= least), key=lambda found: -found[1])


def _length(weights: Mapping[str, float]) -> float:
    return math.sqrt(sum(weight * weight for weight in weights.values()))
