"""销号 of all that a statement has brought to agreement: each in a transaction of its own."""

from dataclasses import dataclass

from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.idempotency import once
from lianqi.kernel.problems import Refused
from lianqi.ledger.actions import strike_off
from lianqi.ledger.models import Item, Statement
from lianqi.ledger.queries.statements import strikeable_items
from lianqi.organisation.models import User


@dataclass(frozen=True)
class Struck:
    """How one item fared: struck off, or why not."""

    item: Item
    done: bool
    message: str = ""


def strike_off_agreed(statement: Statement, *, actor: User, once_key: str) -> list[Struck]:
    """Strike off each item that both books call done; one that is refused stops no other.

    With the same ``once_key`` a second call (a double click) says what the first one said.
    """
    return [_strike(item, actor, once_key) for item in strikeable_items(statement)]


def _strike(item: Item, actor: User, once_key: str) -> Struck:
    key = once_key and f"{once_key}:{item.number}"
    try:
        taken, _made = once(
            actor,
            key,
            {"item": item.pk, "step": "strike_off"},
            lambda: strike_off(item, actor=actor),
        )
    except Refused:
        raise
    except RuleBroken as refused:
        return Struck(item, False, refused.message)
    return Struck(taken, True)
