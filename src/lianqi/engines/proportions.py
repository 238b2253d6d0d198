"""A proportion with its uncertainty: Wilson's score interval, for small counts too."""

from dataclasses import dataclass
from math import sqrt

# The 97.5th percentile of the standard normal distribution: 95 % two-sided.
Z95 = 1.959963984540054


@dataclass(frozen=True)
class Interval:
    """The 95 % interval of a proportion, both ends between 0 and 1."""

    low: float
    high: float


def wilson(hits: int, of: int) -> Interval | None:
    """Return Wilson's 95 % interval of ``hits`` out of ``of``; None where nothing was counted.

    E. B. Wilson 1927, without continuity correction (method 3 of Newcombe 1998). It never leaves
    0..1 and says something at 0 % and 100 %, where the usual interval has no width.

    Raises:
        ValueError: the counts do not fit each other.
    """
    if not 0 <= hits <= of:
        raise ValueError(f"{hits} out of {of} is no proportion")
    if of == 0:
        return None
    share, square = hits / of, Z95 * Z95
    middle = (share + square / (2 * of)) / (1 + square / of)
    reach = Z95 * sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    # Exactly 0 and 1 at the ends, whatever the last bit of the reckoning is.
    low = 0.0 if hits == 0 else max(0.0, middle - reach)
    high = 1.0 if hits == of else min(1.0, middle + reach)
    return Interval(low, high)
