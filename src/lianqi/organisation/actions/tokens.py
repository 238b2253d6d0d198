"""API tokens: issued to a person, kept as a digest, revoked with the account."""

import secrets
from datetime import timedelta

from django.db import transaction

from lianqi.kernel.access import SYSTEM, Actor
from lianqi.kernel.clock import now
from lianqi.kernel.crypto import sm3
from lianqi.kernel.errors import NotPermitted
from lianqi.kernel.journal import write_line
from lianqi.organisation.models import ApiToken, User

TOKEN_LIFE = timedelta(days=365)


@transaction.atomic
def issue_token(user: User, *, actor: Actor, label: str) -> str:
    """Issue an API token for a user and return it; only its digest is kept.

    Raises:
        NotPermitted: the actor is neither the operator at the command line nor the user himself;
            a token for somebody else would let one act under a foreign name.
    """
    if actor is not SYSTEM and actor.pk != user.pk:
        raise NotPermitted("接口令牌只能由本人或系统运维命令签发，请由本人办理。")
    token = f"lq_{secrets.token_urlsafe(32)}"
    ApiToken.objects.create(
        user=user,
        label=label,
        digest=sm3(token.encode()),
        created_at=now(),
        expires_at=now() + TOKEN_LIFE,
    )
    write_line(user, actor=actor, verb="user.issue_token", label="签发接口令牌", text=label)
    return token


def revoke_tokens(user: User) -> int:
    """Revoke all live tokens of a user, as part of an act that closes doors; return how many."""
    return ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=now())


def user_of_token(token: str) -> User | None:
    """Return the active user behind a token that is neither revoked nor expired."""
    row = (
        ApiToken.objects.filter(digest=sm3(token.encode()), revoked_at=None, expires_at__gt=now())
        .select_related("user")
        .first()
    )
    return row.user if row and row.user.is_active else None
