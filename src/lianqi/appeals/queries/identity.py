"""Who filed an appeal, as far as the reader may know; the only place that reads it for a page (ADR 16)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from lianqi.appeals.access import known_appeals
from lianqi.appeals.enums import SEALED_NAME
from lianqi.appeals.models import Appeal, SealedFile, SealedText
from lianqi.organisation.models import User

AT_ONCE = 500
Row = TypeVar("Row")


@dataclass(frozen=True)
class Identity:
    """The firm and its people behind one appeal; all blank but the name where they are hidden."""

    name: str
    # Whose people may be told; a number is deciphered only where it is shown.
    told: Appeal | None = None

    @property
    def hidden(self) -> bool:
        """Whether the reader may not know who it is."""
        return self.told is None

    @property
    def enterprise_id(self) -> int | None:
        """The firm's key."""
        return self.told.enterprise_id if self.told else None

    @property
    def uscc(self) -> str | None:
        """The firm's credit code."""
        return self.told.enterprise.uscc if self.told else None

    @property
    def url(self) -> str:
        """The firm's page."""
        return self.told.enterprise.get_absolute_url() if self.told else ""

    @property
    def contact_name(self) -> str:
        """Whom to call."""
        return self.told.contact_name if self.told else ""

    @property
    def contact_phone(self) -> Any:
        """The number to call, masked when shown."""
        return self.told.contact_phone if self.told else ""

    @property
    def upstream_id(self) -> str:
        """The city platform's number: it leads to the firm there."""
        return self.told.upstream_id if self.told else ""


HIDDEN = Identity(SEALED_NAME)


def identities(user: User, appeals: Iterable[Appeal]) -> dict[int, Identity]:
    """Return who filed each appeal, as this reader may know; the firms must be loaded."""
    rows = list(appeals)
    known = known_appeals(user, rows)
    return {
        one.pk: Identity(one.enterprise.name, one) if one.pk in known else HIDDEN for one in rows
    }


def told_with(
    user: User, rows: Iterable[Row], appeal_of: Callable[[Row], Appeal]
) -> Iterator[tuple[Row, Identity]]:
    """Yield each row of a ledger with who filed its appeal, however many there are.

    One query more for each ``AT_ONCE`` rows among which an appeal is sealed; the firms must be loaded.
    """
    left = iter(rows)
    while some := list(islice(left, AT_ONCE)):
        known = identities(user, [appeal_of(row) for row in some])
        yield from ((row, known[appeal_of(row).pk]) for row in some)


def identity(user: User, appeal: Appeal) -> Identity:
    """Return who filed one appeal, as this reader may know."""
    return identities(user, [appeal])[appeal.pk]


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
