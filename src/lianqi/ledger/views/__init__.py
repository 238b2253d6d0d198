"""The browser's door into the ledger room."""

from lianqi.ledger.views.items import item_detail, item_export, item_list, item_new, item_step
from lianqi.ledger.views.overview import (
    board_export,
    board_page,
    calendar_page,
    score_export,
    scorecard,
)
from lianqi.ledger.views.plans import (
    plan_detail,
    plan_list,
    plan_new,
    plan_step,
    plan_task,
    plan_tasks,
)
from lianqi.ledger.views.statements import (
    statement_detail,
    statement_export,
    statement_list,
    statement_new,
    statement_step,
    statement_strike_off,
)
from lianqi.ledger.views.uploads import (
    item_import,
    report_form,
    report_upload,
    upload_detail,
    upload_drop,
    upload_enter,
)

__all__ = [
    "board_export",
    "board_page",
    "calendar_page",
    "item_detail",
    "item_export",
    "item_import",
    "item_list",
    "item_new",
    "item_step",
    "plan_detail",
    "plan_list",
    "plan_new",
    "plan_step",
    "plan_task",
    "plan_tasks",
    "report_form",
    "report_upload",
    "score_export",
    "scorecard",
    "statement_detail",
    "statement_export",
    "statement_list",
    "statement_new",
    "statement_step",
    "statement_strike_off",
    "upload_detail",
    "upload_drop",
    "upload_enter",
]
