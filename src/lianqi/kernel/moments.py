"""Moments out of PostgreSQL, read quickly: a page of a list reads hundreds of them (ADR 25)."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import connections


def read_moments_quickly() -> None:
    """Let Python's own reader of ISO dates stand for psycopg's, which takes a text apart by patterns."""
    if not settings.USE_TZ or connections["default"].vendor != "postgresql":
        return
    from django.db.backends.postgresql.psycopg_any import BaseTzLoader, get_adapters_template

    class MomentLoader(BaseTzLoader):
        timezone = UTC  # Django asks each reader for the zone that it reads in

        def load(self, data: Any) -> datetime:
            try:
                moment = datetime.fromisoformat(bytes(data).decode())
            except ValueError:  # before Christ, or infinity: psycopg has words for these
                return super().load(data)
            # Of a connection with another zone, PostgreSQL writes the moment in that one.
            return moment if moment.tzinfo is UTC else moment.astimezone(UTC)

    get_adapters_template(True, UTC).register_loader("timestamptz", MomentLoader)
