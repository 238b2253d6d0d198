"""The browser's door into the ledger room."""

from lianqi.ledger.views.items import item_detail, item_export, item_list, item_new, item_step
from lianqi.ledger.views.overview import board_page, calendar_page, scorecard
from lianqi.ledger.views.plans import (
    plan_detail,
    plan_list,
    plan_new,
    plan_step,
    plan_task,
    plan_tasks,
)
from lianqi.ledger.views.statements import statement_detail

__all__ = [
    "board_page",
    "calendar_page",
    "item_detail",
    "item_export",
    "item_list",
    "item_new",
    "item_step",
    "plan_detail",
    "plan_list",
    "plan_new",
    "plan_step",
    "plan_task",
    "plan_tasks",
    "scorecard",
    "statement_detail",
]
