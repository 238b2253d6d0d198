"""Who needs a second factor, and whose password must be renewed."""

from typing import Any

from django.conf import settings

from lianqi.kernel.clock import now
from lianqi.organisation.enums import BODY_POSTS, SYSTEM_POSTS, Post
from lianqi.organisation.passwords import PASSWORD_LIFE

GUARDED_POSTS = BODY_POSTS | SYSTEM_POSTS | {Post.DISCIPLINE}


def needs_second_factor(user: Any) -> bool:
    """Whether a post of this person demands one: in a body, discipline, administrators.

    GB/T 22239 8.1.4.1 d)：两种或两种以上组合的鉴别技术.
    """
    return settings.LIANQI_MFA_REQUIRED and any(
        held.post in GUARDED_POSTS for held in getattr(user, "posts_now", ())
    )


def rotates_password(user: Any) -> bool:
    """Whether the rule of 90 days holds for this person: officials, not the firms' people."""
    return bool(getattr(user, "posts_now", ()))


def must_renew_password(user: Any) -> bool:
    """Whether the password is a one-time one or older than 90 days."""
    if user.must_change_password:
        return True
    set_at = user.password_set_at
    return set_at is not None and now() - set_at > PASSWORD_LIFE and rotates_password(user)
