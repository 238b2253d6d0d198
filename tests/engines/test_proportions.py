"""Wilson's interval against values in print, and at the ends where others fail."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqi.engines.proportions import wilson


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998), table I, method 3 (score, no correction).
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_the_published_one(hits, of, low, high):
    interval = wilson(hits, of)

    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)


def test_nothing_counted_has_no_interval():
    assert wilson(0, 0) is None


@pytest.mark.parametrize(("hits", "of"), [(-1, 3), (4, 3), (0, -1)])
def test_counts_that_do_not_fit_are_refused(hits, of):
    with pytest.raises(ValueError, match="is no proportion"):
        wilson(hits, of)


@given(st.integers(1, 5000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_the_share_lies_in_its_interval_and_both_mirror(counts):
    hits, of = counts
    interval, mirrored = wilson(hits, of), wilson(of - hits, of)

    assert 0 <= interval.low <= hits / of <= interval.high <= 1
    assert interval.low == pytest.approx(1 - mirrored.high)
