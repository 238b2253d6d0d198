"""Repeated calls with the same key return the first call's record."""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction

from lianqi.kernel.clock import now
from lianqi.kernel.crypto import sm3
from lianqi.kernel.errors import KeyReused, StepUnfit
from lianqi.kernel.models import IdempotencyKey
from lianqi.kernel.models.about import pointer

M = TypeVar("M", bound=models.Model)


def fingerprint(content: Mapping[str, object]) -> str:
    """Return a digest of what was asked, independent of the order of its fields."""
    return sm3(json.dumps(content, ensure_ascii=False, sort_keys=True, default=str).encode())


def once(
    user: Any, key: str, content: Mapping[str, object], create: Callable[[], M]
) -> tuple[M, bool]:
    """Run ``create`` once for this person's key; return its record and whether it is new.

    Raises:
        KeyReused: the same key came with other content.
    """
    if not key:
        return create(), True
    digest = fingerprint(content)
    earlier = _earlier(user, key, digest)
    if earlier is not None:
        return earlier, False  # type: ignore[return-value]
    try:
        with transaction.atomic():
            made = create()
            IdempotencyKey.objects.create(
                user=user, key=key, fingerprint=digest, created_at=now(), **pointer(made)
            )
    except (IntegrityError, StepUnfit):
        # Two calls at once: the loser's work is rolled back and the winner's record returned.
        earlier = _earlier(user, key, digest)
        if earlier is None:
            raise
        return earlier, False  # type: ignore[return-value]
    return made, True


def _earlier(user: Any, key: str, digest: str) -> models.Model | None:
    row = IdempotencyKey.objects.filter(user=user, key=key).first()
    if row is None:
        return None
    if row.fingerprint != digest:
        raise KeyReused(
            "这个防重键（Idempotency-Key）已经用于另一内容，请换一个新键再提交。",
            field="Idempotency-Key",
        )
    return row.subject
