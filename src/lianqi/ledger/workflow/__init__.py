"""The workflows of the room: items, the plans they come from, the statements that reconcile them."""

from lianqi.ledger.workflow.item import ITEM
from lianqi.ledger.workflow.plan import PLAN
from lianqi.ledger.workflow.statement import STATEMENT

__all__ = ["ITEM", "PLAN", "STATEMENT"]
