"""Chinese text without a dictionary: likeness by character bigrams."""

from lianqi.engines.textmining.similarity import rank

__all__ = ["rank"]
