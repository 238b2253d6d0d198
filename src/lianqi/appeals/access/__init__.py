"""Who sees which appeals and what stands beside them, and who may take which step."""

from lianqi.appeals.access.appeals import (
    handling_units,
    identity_known,
    is_helper,
    known_appeals,
    knows_identity,
    may_know_sealed,
    oversees_appeals,
    sole_unit,
    visible_appeals,
    visible_promises,
)
from lianqi.appeals.access.beside import (
    published_cases,
    visible_cases,
    visible_exclusions,
    visible_facts,
    visible_unsealings,
)

__all__ = [
    "handling_units",
    "identity_known",
    "is_helper",
    "known_appeals",
    "knows_identity",
    "may_know_sealed",
    "oversees_appeals",
    "published_cases",
    "sole_unit",
    "visible_appeals",
    "visible_cases",
    "visible_exclusions",
    "visible_facts",
    "visible_promises",
    "visible_unsealings",
]
