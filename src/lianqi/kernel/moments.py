"""Moments out of PostgreSQL, read quickly: a page of a list reads hundreds of them (ADR 28)."""

from datetime import UTC, datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import BaseTzLoader, get_adapters_template


class MomentLoader(BaseTzLoader):
    """Python's own reader of ISO dates; psycopg's takes the text apart by patterns."""

    timezone = UTC  # Django asks each reader for the zone that it reads in

    def load(self, data: Any) -> datetime:
        """Return the moment in UTC."""
        try:
            moment = datetime.fromisoformat(bytes(data).decode())
        except ValueError:  # before Christ, or infinity: psycopg has words for these
            return super().load(data)
        return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


def read_moments_quickly() -> None:
    """Let it stand for Django's own on every connection."""
    get_adapters_template(True, UTC).register_loader("timestamptz", MomentLoader)
