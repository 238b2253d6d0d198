"""Everything that can happen to an appeal, one function an act."""

from lianqi.appeals.actions.answering import (
    approve_closing,
    reject_closing,
    request_closing,
    return_draft,
    sign_closing,
)
from lianqi.appeals.actions.dispatching import (
    answer_directly,
    dispatch_appeal,
    return_order,
    rule_return,
    sign_order,
)
from lianqi.appeals.actions.excluding import (
    apply_exclusion,
    approve_exclusion,
    refuse_exclusion,
    retract_exclusion,
    revoke_exclusion,
)
from lianqi.appeals.actions.freezing import freeze_rates, publish_rates
from lianqi.appeals.actions.handling import (
    decide_extension,
    record_contact,
    report_stage,
    request_extension,
    submit_opinion,
)
from lianqi.appeals.actions.intake import (
    accept_appeal,
    decline_appeal,
    merge_appeal,
    nudge_appeal,
    request_supplement,
    submit_appeal,
    supplement_appeal,
    waive_supplement,
    withdraw_appeal,
)
from lianqi.appeals.actions.judging import (
    call_back,
    close_appeal,
    instruct_redo,
    rate_appeal,
    redo_appeal,
    reopen_appeal,
)
from lianqi.appeals.actions.packing import make_facts_pack
from lianqi.appeals.actions.promises import deny_promise, move_promise, recheck_promise
from lianqi.appeals.actions.sealing import lift_seal, release_file, seal_appeal
from lianqi.appeals.actions.urging import urge_appeal, urge_duty

__all__ = [
    "accept_appeal",
    "answer_directly",
    "apply_exclusion",
    "approve_closing",
    "approve_exclusion",
    "call_back",
    "close_appeal",
    "decide_extension",
    "decline_appeal",
    "deny_promise",
    "dispatch_appeal",
    "freeze_rates",
    "instruct_redo",
    "lift_seal",
    "make_facts_pack",
    "merge_appeal",
    "move_promise",
    "nudge_appeal",
    "publish_rates",
    "rate_appeal",
    "recheck_promise",
    "record_contact",
    "redo_appeal",
    "refuse_exclusion",
    "reject_closing",
    "release_file",
    "reopen_appeal",
    "report_stage",
    "request_closing",
    "request_extension",
    "request_supplement",
    "retract_exclusion",
    "return_draft",
    "return_order",
    "revoke_exclusion",
    "rule_return",
    "seal_appeal",
    "sign_closing",
    "sign_order",
    "submit_appeal",
    "submit_opinion",
    "supplement_appeal",
    "urge_appeal",
    "urge_duty",
    "waive_supplement",
    "withdraw_appeal",
]
