"""Finding the firm that a caller speaks for."""

from django.db.models import Q, QuerySet

from lianqi.enterprises.access import visible_enterprises
from lianqi.enterprises.enums import EnterpriseState
from lianqi.enterprises.models import Enterprise
from lianqi.organisation.models import User

MOST_FIRMS = 8


def firms_like(user: User, text: str) -> list[Enterprise]:
    """Return the first verified firms whose name contains, or whose code begins with, the text."""
    asked = text.strip()
    if not asked:
        return []
    said = Q(name__icontains=asked) | Q(uscc__istartswith=asked)
    return list(callable_firms(user).filter(said).order_by("name", "pk")[:MOST_FIRMS])


def firm_with(user: User, said: str) -> Enterprise | None:
    """Return the verified firm with exactly this code, or else this name."""
    return callable_firms(user).filter(Q(uscc=said) | Q(name=said)).first() if said else None


def callable_firms(user: User) -> QuerySet[Enterprise]:
    """Return the firms for which an appeal may be filed."""
    return visible_enterprises(user).filter(state=EnterpriseState.VERIFIED, private=True)
