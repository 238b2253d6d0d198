"""Clean input of the ledger room; each form calls one action."""

from lianqi.ledger.forms.listing import ItemFilterForm
from lianqi.ledger.forms.plans import PLAN_FORMS, PlanFileForm, PlanTaskForm, PlanTasksForm
from lianqi.ledger.forms.steps import ITEM_FORMS, DraftItemForm

__all__ = [
    "ITEM_FORMS",
    "PLAN_FORMS",
    "DraftItemForm",
    "ItemFilterForm",
    "PlanFileForm",
    "PlanTaskForm",
    "PlanTasksForm",
]
