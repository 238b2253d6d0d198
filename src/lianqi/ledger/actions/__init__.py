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
    release_owner,
    report_progress,
    request_extension,
    return_item,
    sign_extension,
    sign_item,
    turn_period,
)
from lianqi.ledger.actions.statements import (
    answer_statement,
    open_all,
    open_statement,
    rule_statement,
)
from lianqi.ledger.actions.urging import answer_slip, issue_slip

__all__ = [
    "agree_books",
    "answer_slip",
    "answer_statement",
    "apply_closing",
    "assign_item",
    "cancel_item",
    "decide_extension",
    "docket_item",
    "draft_item",
    "draft_next_year",
    "draft_series",
    "enter_item",
    "explain_delay",
    "grade_closing",
    "hand_item_to",
    "issue_slip",
    "open_all",
    "open_statement",
    "reach_milestone",
    "redraft_item",
    "reject_closing",
    "release_owner",
    "reopen_item",
    "report_progress",
    "request_extension",
    "return_item",
    "rule_statement",
    "sign_extension",
    "sign_item",
    "strike_off",
    "turn_period",
]
