"""The ledger for other systems: the same filters, rows, steps and refusals as its pages."""

from lianqi.ledger.api.routes import router

__all__ = ["router"]
