"""How alike two short texts are: shared runs of characters, whatever the spacing and punctuation."""

import unicodedata

RUN = 4


def shingles(text: str) -> frozenset[str]:
    """Return the runs of four letters or digits in the text; a shorter text is one run."""
    letters = "".join(
        sign for sign in unicodedata.normalize("NFKC", text).lower() if sign.isalnum()
    )
    if len(letters) <= RUN:
        return frozenset([letters] if letters else [])
    return frozenset(letters[place : place + RUN] for place in range(len(letters) - RUN + 1))


def likeness(one: frozenset[str], other: frozenset[str]) -> int:
    """Return the share of runs that two texts have in common, in whole percent (Jaccard)."""
    union = len(one | other)
    return 100 * len(one & other) // union if union else 0
