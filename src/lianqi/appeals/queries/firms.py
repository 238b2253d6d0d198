"""Finding the firm that a caller speaks for."""

from django.db.models import Q, QuerySet

from lianqi.engines.identifiers import fold_code
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
    said, code = Q(name__icontains=asked), fold_code(asked)
    if code:
        said |= Q(uscc__startswith=code)
    return list(callable_firms(user).filter(said).order_by("name", "pk")[:MOST_FIRMS])


def firm_with(user: User, said: str) -> Enterprise | None:
    """Return the verified firm with exactly this code, or else this name."""
    named = Q(uscc=fold_code(said)) | Q(name=said.strip())
    return callable_firms(user).filter(named).first() if said.strip() else None


def callable_firms(user: User) -> QuerySet[Enterprise]:
    """Return the firms for which an appeal may be filed."""
    return visible_enterprises(user).filter(state=EnterpriseState.VERIFIED, private=True)
