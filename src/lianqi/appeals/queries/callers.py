"""Who is calling: the firm by name, code or the caller's number, its contact, its open appeals."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from lianqi.appeals.access import identity_known, visible_appeals
from lianqi.appeals.enums import OPEN_STATES
from lianqi.appeals.models import Appeal
from lianqi.appeals.queries.firms import MOST_FIRMS, callable_firms, firms_like
from lianqi.appeals.queries.identity import Identity, told_with
from lianqi.appeals.queries.listing import day_range
from lianqi.enterprises.models import Contact, Enterprise
from lianqi.kernel.clock import today
from lianqi.kernel.phones import phone_index
from lianqi.organisation.models import User

MOST_APPEALS = 3
MOST_TODAY = 20


@dataclass
class Caller:
    """A firm that may be calling: whom we know there, and what it already has under way."""

    firm: Enterprise
    contact_name: str = ""
    contact_phone: Any = None
    appeals: list[Appeal] = field(default_factory=list)


def callers(user: User, text: str) -> list[Caller]:
    """Return the firms that a caller may speak for, in four queries at most.

    A whole telephone number finds the firm whose contact, account or earlier appeal has it; other
    text finds firms by name or code.
    """
    said = text.strip()
    if not said:
        return []
    index = _number(said)
    firms = _firms_with_number(user, index) if index else firms_like(user, said)
    found = {firm.pk: Caller(firm) for firm in firms}
    for contact in Contact.objects.filter(enterprise__in=found).order_by("-main", "pk"):
        caller = found[contact.enterprise_id]
        if not caller.contact_name or (index and contact.phone.index == index):
            caller.contact_name, caller.contact_phone = contact.name, contact.phone
    _add_appeals(user, found)
    return list(found.values())


def _number(text: str) -> str:
    """Return the blind index of a whole number, "" for anything else."""
    try:
        return phone_index(text)
    except ValueError:
        return ""


def _firms_with_number(user: User, index: str) -> list[Enterprise]:
    known = (
        Q(contacts__phone_index=index)
        | Q(memberships__user__phone_index=index)
        | Q(pk__in=_known(user).filter(contact_phone_index=index).values("enterprise"))
    )
    firms = callable_firms(user).filter(known).distinct()
    return list(firms.order_by("name", "pk")[:MOST_FIRMS])


def _known(user: User) -> QuerySet[Appeal]:
    """Return the appeals that may stand under their firm's name for this person (ADR 16)."""
    return visible_appeals(user).filter(identity_known(user))


def _add_appeals(user: User, found: dict[int, Caller]) -> None:
    rows = _known(user).filter(enterprise__in=found, state__in=OPEN_STATES)
    for appeal in rows.order_by("-pk"):
        appeals = found[appeal.enterprise_id].appeals
        if len(appeals) < MOST_APPEALS:
            appeals.append(appeal)


def registered_today(user: User) -> list[tuple[Appeal, Identity]]:
    """Return what this person has registered today, the newest first, with whose it is."""
    begin, end = day_range(today())
    rows = visible_appeals(user).filter(
        filed_by=user, submitted_at__gte=begin, submitted_at__lt=end
    )
    newest = rows.select_related("enterprise").order_by("-pk")[:MOST_TODAY]
    return list(told_with(user, newest, lambda appeal: appeal))
