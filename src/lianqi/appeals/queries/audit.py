"""Where an appeal's journal chain stands, and whether it is whole."""

from dataclasses import dataclass

from lianqi.appeals.models import Appeal
from lianqi.kernel.access import cover_lines
from lianqi.kernel.journal import GENESIS, line_hash
from lianqi.kernel.models import JournalEntry, JournalHead
from lianqi.organisation.models import User


@dataclass(frozen=True)
class AuditTrail:
    """The chain of one appeal: its lines, how many are sealed, the first broken line (0: none)."""

    lines: list[JournalEntry]
    sealed: int
    broken_at: int


def audit_trail(user: User, appeal: Appeal) -> AuditTrail:
    """Return the chain, checked line by line and against its head, as this reader may know it."""
    lines = list(JournalEntry.objects.about(appeal).order_by("seq"))
    head = JournalHead.objects.about(appeal).first()
    previous, broken_at = GENESIS, 0
    for place, line in enumerate(lines, 1):
        if (line.seq, line.previous_hash, line.hash) != (place, previous, line_hash(line)):
            broken_at = place
            break
        previous = line.hash
    ends = (head.seq, head.hash) if head else (0, GENESIS)
    if not broken_at and ends != (len(lines), previous):
        broken_at = len(lines) + 1
    cover_lines(user, lines)
    return AuditTrail(lines, head.sealed_seq if head else 0, broken_at)
