"""Signed links that open one page of one appeal without signing in.

A link says in itself what it is for, which appeal, which round and until when; no table of links
is kept. That a rating counts once is the database's rule (one rating a round), not the link's.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from lianqi.appeals.models import Appeal, PublicCase
from lianqi.kernel.clock import now
from lianqi.kernel.limits import time_limit

RATING = "rating_link"
FOLLOWING = "follow_link"
CONSENT = "consent_link"
_PAGES = {
    RATING: "portal:rate_by_link",
    FOLLOWING: "portal:follow_by_link",
    CONSENT: "portal:consent_by_link",
}
_LIMITS = {
    RATING: "appeal.rating_link",
    FOLLOWING: "appeal.follow_link",
    CONSENT: "case.consent_link",
}


Found = TypeVar("Found", Appeal, PublicCase)


class LinkBroken(Exception):
    """The token was not made here, or was changed."""

    status = 404


class LinkExpired(LinkBroken):
    """The link's time has passed."""

    status = 410


@dataclass(frozen=True)
class Link:
    """What a sound token opens: an appeal, and the round of handling it was made for."""

    appeal: Appeal
    round: int

    @property
    def is_current(self) -> bool:
        """Whether the appeal is still in the round that the link was made for."""
        return self.round == self.appeal.round


def rating_link(appeal: Appeal) -> str:
    """Return the path of the page that rates this round's answer; limit appeal.rating_link."""
    return _link(RATING, appeal)


def progress_link(appeal: Appeal) -> str:
    """Return the path of the page that shows how far the appeal is; limit appeal.follow_link."""
    return _link(FOLLOWING, appeal)


def consent_link(case: PublicCase) -> str:
    """Return the path of the page on which the firm decides about a case; limit case.consent_link."""
    return _sign(CONSENT, case.pk, 0)


def open_consent(token: str) -> PublicCase:
    """Read a token made by ``consent_link``; raises as ``open_link`` does."""
    pk, _, expires = read_token(CONSENT, token)
    rows = PublicCase.objects.select_related("appeal__enterprise", "unit")
    return _fresh(rows.filter(pk=pk).first(), expires)


def open_link(purpose: str, token: str) -> Link:
    """Read a token made for this purpose.

    Raises:
        LinkBroken: it is not one of ours, or not for this purpose.
        LinkExpired: it was ours and its time is over.
    """
    pk, round_number, expires = read_token(purpose, token)
    rows = Appeal.objects.select_related("enterprise", "lead_unit")
    return Link(_fresh(rows.filter(pk=pk).first(), expires), round_number)


def _fresh(found: Found | None, expires: int) -> Found:
    if found is None:
        raise LinkBroken
    if now().timestamp() > expires:
        raise LinkExpired
    return found


def read_token(purpose: str, token: str) -> tuple[int, int, int]:
    """Return the appeal's key, the round and the expiry that a token names.

    Raises:
        LinkBroken: it is not one of ours, or not for this purpose.
    """
    try:
        pk, round_number, expires = _signer(purpose).unsign_object(token)
    except (BadSignature, ValueError) as problem:
        raise LinkBroken from problem
    return pk, round_number, expires


def _link(purpose: str, appeal: Appeal) -> str:
    return _sign(purpose, appeal.pk, appeal.round)


def _sign(purpose: str, pk: int, round_number: int) -> str:
    return signed_path(purpose, pk, round_number, int(_expiry(purpose).timestamp()))


def signed_path(purpose: str, pk: int, round_number: int, expires: int) -> str:
    """Return the path of a link; ``expires`` in seconds since 1970 (UTC)."""
    return reverse(
        _PAGES[purpose], args=[_signer(purpose).sign_object([pk, round_number, expires])]
    )


def _expiry(purpose: str) -> datetime:
    # Natural days: a link in a text message outlives the years that the working calendar knows.
    return now() + timedelta(days=time_limit(_LIMITS[purpose]).amount)


def _signer(purpose: str) -> Signer:
    return Signer(salt=f"lianqi.appeals.{purpose}", sep=".")
