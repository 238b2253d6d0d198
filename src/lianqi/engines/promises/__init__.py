"""Dated promises in Chinese office prose: which sentence promises what until which day."""

from lianqi.engines.promises.days import NamedDay, named_days
from lianqi.engines.promises.sentences import FoundPromise, find_promises

__all__ = ["FoundPromise", "NamedDay", "find_promises", "named_days"]
