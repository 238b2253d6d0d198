"""Who filed an appeal, as far as the reader may know; the only place that reads it for a page (ADR 16)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lianqi.appeals.access import known_appeals
from lianqi.appeals.enums import SEALED_NAME
from lianqi.appeals.models import Appeal, SealedFile, SealedText
from lianqi.organisation.models import User


@dataclass(frozen=True)
class Identity:
    """The firm and its people behind one appeal; all blank but the name where they are hidden."""

    name: str
    hidden: bool = False
    enterprise_id: int | None = None
    uscc: str | None = None
    url: str = ""
    contact_name: str = ""
    contact_phone: Any = ""
    upstream_id: str = ""


HIDDEN = Identity(SEALED_NAME, hidden=True)


def identities(user: User, appeals: Iterable[Appeal]) -> dict[int, Identity]:
    """Return who filed each appeal, as this reader may know; the firms must be loaded."""
    rows = list(appeals)
    known = known_appeals(user, rows)
    return {one.pk: _identity(one) if one.pk in known else HIDDEN for one in rows}


def identity(user: User, appeal: Appeal) -> Identity:
    """Return who filed one appeal, as this reader may know."""
    return identities(user, [appeal])[appeal.pk]


def _identity(appeal: Appeal) -> Identity:
    firm = appeal.enterprise
    return Identity(
        name=firm.name,
        enterprise_id=firm.pk,
        uscc=firm.uscc,
        url=firm.get_absolute_url(),
        contact_name=appeal.contact_name,
        contact_phone=appeal.contact_phone,
        upstream_id=appeal.upstream_id,
    )


@dataclass(frozen=True)
class SealedParts:
    """What is kept back of a sealed appeal: texts as they were written, files not yet released."""

    texts: list[SealedText]
    withheld: list[SealedFile]


def sealed_parts(user: User, appeal: Appeal) -> SealedParts:
    """Return what is kept back; nothing for a reader who may not know whose appeal it is."""
    if not appeal.sealed or identity(user, appeal).hidden:
        return SealedParts([], [])
    withheld = appeal.sealed_files.filter(released=None).select_related("original")  # type: ignore[attr-defined]
    return SealedParts(list(appeal.sealed_texts.all()), list(withheld))  # type: ignore[attr-defined]
