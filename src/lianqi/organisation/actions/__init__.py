"""What the organisation room does, by noun."""

from lianqi.organisation.actions.accounts import (
    end_sessions,
    open_account,
    reset_password,
    reset_second_factor,
    restore_account,
    suspend_account,
    suspend_unused,
)
from lianqi.organisation.actions.appointments import appoint, end_appointment, seat
from lianqi.organisation.actions.handovers import end_handover, hand_over_desk
from lianqi.organisation.actions.roster import enter_roster, import_roster, register_units
from lianqi.organisation.actions.roster_changes import (
    acknowledge_roster_change,
    file_roster_change,
    return_roster_change,
    take_effect,
)
from lianqi.organisation.actions.tokens import issue_token, revoke_tokens, user_of_token

__all__ = [
    "acknowledge_roster_change",
    "appoint",
    "end_appointment",
    "end_handover",
    "end_sessions",
    "enter_roster",
    "file_roster_change",
    "hand_over_desk",
    "import_roster",
    "issue_token",
    "open_account",
    "register_units",
    "reset_password",
    "reset_second_factor",
    "restore_account",
    "return_roster_change",
    "revoke_tokens",
    "seat",
    "suspend_account",
    "suspend_unused",
    "take_effect",
    "user_of_token",
]
