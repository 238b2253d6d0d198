"""Django's entry for the ledger room."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Where a work plan becomes matters with a lead unit and a deadline."""

    name = "lianqi.ledger"
    label = "ledger"
    verbose_name = "督办台账"
