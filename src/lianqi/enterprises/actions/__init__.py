"""What the enterprises room does, one module a noun."""

from lianqi.enterprises.actions.accounts import end_account, open_account, renew_password
from lianqi.enterprises.actions.batches import drop_batch, enter_batch, preview_batch
from lianqi.enterprises.actions.contacts import add_contact, correct_contact, remove_contact
from lianqi.enterprises.actions.corrections import change_code, correct_enterprise
from lianqi.enterprises.actions.facts import size_of
from lianqi.enterprises.actions.registration import enter_enterprise, register_enterprise
from lianqi.enterprises.actions.verification import (
    readmit_enterprise,
    refuse_enterprise,
    remove_enterprise,
    verify_enterprise,
)

__all__ = [
    "add_contact",
    "change_code",
    "correct_contact",
    "correct_enterprise",
    "drop_batch",
    "end_account",
    "enter_batch",
    "enter_enterprise",
    "open_account",
    "preview_batch",
    "readmit_enterprise",
    "refuse_enterprise",
    "register_enterprise",
    "remove_contact",
    "remove_enterprise",
    "renew_password",
    "size_of",
    "verify_enterprise",
]
