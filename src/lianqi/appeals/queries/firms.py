"""Finding the firm that a caller speaks for."""

from django.db.models import Q

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
    firms = visible_enterprises(user).filter(said, state=EnterpriseState.VERIFIED, private=True)
    return list(firms.exclude(uscc=None).order_by("name", "pk")[:MOST_FIRMS])
