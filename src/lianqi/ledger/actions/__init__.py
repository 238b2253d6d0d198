"""The only code that changes the ledger; one function an act."""

from lianqi.ledger.actions.closing import (
    agree_books,
    apply_closing,
    grade_closing,
    reject_closing,
    reopen_item,
    strike_off,
)
from lianqi.ledger.actions.docketing import (
    amend_item,
    assign_item,
    cancel_item,
    docket_item,
    draft_item,
    draft_next_year,
    draft_series,
    enter_item,
    redraft_item,
)
from lianqi.ledger.actions.handling import (
    decide_extension,
    explain_delay,
    hand_item_to,
    reach_milestone,
    report_progress,
    request_extension,
    return_item,
    sign_extension,
    sign_item,
    turn_period,
)
from lianqi.ledger.actions.plan_reading import enter_plan, read_plan_again
from lianqi.ledger.actions.plan_tasks import (
    confirm_tasks,
    correct_task,
    leave_tasks_out,
    settle_differences,
    take_tasks_in,
)
from lianqi.ledger.actions.plans import close_review, discard_plan, docket_plan
from lianqi.ledger.actions.urging import answer_slip, issue_slip

__all__ = [
    "agree_books",
    "amend_item",
    "answer_slip",
    "apply_closing",
    "assign_item",
    "cancel_item",
    "close_review",
    "confirm_tasks",
    "correct_task",
    "decide_extension",
    "discard_plan",
    "docket_item",
    "docket_plan",
    "draft_item",
    "draft_next_year",
    "draft_series",
    "enter_item",
    "enter_plan",
    "explain_delay",
    "grade_closing",
    "hand_item_to",
    "issue_slip",
    "leave_tasks_out",
    "reach_milestone",
    "read_plan_again",
    "redraft_item",
    "reject_closing",
    "reopen_item",
    "report_progress",
    "request_extension",
    "return_item",
    "settle_differences",
    "sign_extension",
    "sign_item",
    "strike_off",
    "take_tasks_in",
    "turn_period",
]
