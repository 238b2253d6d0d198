"""A roster between its preview and its confirmation: encrypted, short-lived, its reader's own."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict

from django.core.cache import cache

from lianqi.engines.roster import RosterRow
from lianqi.kernel.crypto import decrypt_field, encrypt_field
from lianqi.kernel.errors import RuleBroken
from lianqi.organisation.models import User

KEPT_SECONDS = 30 * 60


def keep_draft(rows: Sequence[RosterRow], *, actor: User, source: str) -> str:
    """Keep what was read for half an hour; return the key to it."""
    key = secrets.token_urlsafe(24)
    plain = [{**asdict(row), "raw": []} for row in rows]
    text = json.dumps({"source": source, "rows": plain}, ensure_ascii=False)
    cache.set(_name(key, actor), encrypt_field(text, "roster_draft"), KEPT_SECONDS)
    return key


def draft(key: str, *, actor: User) -> tuple[list[RosterRow], str]:
    """Return rows and source of a kept roster.

    Raises:
        RuleBroken: it is too old, already entered, or somebody else's.
    """
    kept = cache.get(_name(key, actor))
    if kept is None:
        raise RuleBroken("预览已过期（保留30分钟）或已经导入，请重新上传名册文件。")
    told = json.loads(decrypt_field(kept, "roster_draft"))
    return [RosterRow(**{**row, "raw": ()}) for row in told["rows"]], told["source"]


def drop_draft(key: str, *, actor: User) -> None:
    """Forget a roster that has been entered."""
    cache.delete(_name(key, actor))


def _name(key: str, actor: User) -> str:
    return f"roster-draft:{actor.pk}:{key}"
