"""Keeping the counted facts of an appeal in line with its records, in the step's transaction."""

from lianqi.appeals.models import Appeal, CaseFact
from lianqi.appeals.queries.facts import facts_of


def keep_facts(appeal: Appeal) -> CaseFact | None:
    """Write what is counted about an appeal now; return it, or None if it was never dispatched."""
    facts = facts_of(appeal)
    if facts is None:
        return None
    kept, _ = CaseFact.objects.update_or_create(appeal=appeal, defaults=facts)
    return kept


def keep_missing_facts(most: int) -> int:
    """Write the facts of up to ``most`` dispatched appeals that have none; return how many.

    Appeals that came in another way than by steps (an import, an older version) get theirs here.
    """
    missing = Appeal.objects.filter(
        dispatched_at__isnull=False, lead_unit__isnull=False, facts__isnull=True
    )
    return sum(keep_facts(appeal) is not None for appeal in missing.order_by("pk")[:most])
