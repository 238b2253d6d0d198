"""Which of some texts are most like a text: cosine of TF-IDF over character bigrams."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from math import log, sqrt

_WORDS = re.compile(r"[\u4e00-\u9fff]+|[a-z0-9]+")
LEAST_SCORE = 0.05


def rank(
    query: str, documents: Sequence[str], least: float = LEAST_SCORE
) -> list[tuple[int, float]]:
    """Return (index, score) of the documents like the query, the most alike first.

    Scores lie between 0 and 1; those below ``least`` are left out. Equal scores keep the order of
    the documents.
    """
    bags = [_bigrams(document) for document in documents]
    asked = _bigrams(query)
    if not asked or not bags:
        return []
    found_in = Counter(gram for bag in bags for gram in bag)
    weight = {gram: log((1 + len(bags)) / (1 + found_in[gram])) + 1 for gram in {*found_in, *asked}}
    query_vector = _weighted(asked, weight)
    scored = [
        (index, round(_cosine(query_vector, _weighted(bag, weight)), 4))
        for index, bag in enumerate(bags)
    ]
    return sorted(
        ((index, score) for index, score in scored if score >= least),
        key=lambda found: (-found[1], found[0]),
    )


def _bigrams(text: str) -> Counter[str]:
    """Count pairs of neighbouring Chinese characters; Latin words and numbers count whole."""
    grams: Counter[str] = Counter()
    for run in _WORDS.findall(text.lower()):
        if run[0] >= "\u4e00":
            grams.update(run[at : at + 2] for at in range(max(len(run) - 1, 1)))
        else:
            grams[run] += 1
    return grams


def _weighted(bag: Mapping[str, int], weight: Mapping[str, float]) -> dict[str, float]:
    return {gram: (1 + log(count)) * weight[gram] for gram, count in bag.items()}


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    shared = sum(value * other[gram] for gram, value in one.items() if gram in other)
    lengths = sqrt(sum(v * v for v in one.values())) * sqrt(sum(v * v for v in other.values()))
    return shared / lengths if lengths else 0.0
