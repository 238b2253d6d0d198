"""Tables of the ledger room, one module a noun."""

from lianqi.ledger.models.item import Item, ItemUnit, Milestone
from lianqi.ledger.models.plan import PlanTask, WorkPlan
from lianqi.ledger.models.progress import Closing, DeadlineExtension, ProgressReport, Slip
from lianqi.ledger.models.statement import Statement, StatementLine
from lianqi.ledger.models.upload import Upload

__all__ = [
    "Closing",
    "DeadlineExtension",
    "Item",
    "ItemUnit",
    "Milestone",
    "PlanTask",
    "ProgressReport",
    "Slip",
    "Statement",
    "StatementLine",
    "Upload",
    "WorkPlan",
]
