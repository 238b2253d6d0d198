"""The signed address behind the code at the door: it says which meeting and which day."""

from datetime import date

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from lianqi.conference.models import Meeting

_SALT = "lianqi.conference.sign_in"


class CodeBroken(Exception):
    """The token was not made here, or was changed."""


def sign_in_address(meeting: Meeting) -> str:
    """Return the whole address that the code on the spot leads to; it is good on the meeting's day."""
    token = _signer().sign_object([meeting.pk, meeting.day.isoformat()])
    return f"{settings.BASE_URL}{reverse('conference:sign_in_by_code', args=[token])}"


def read_sign_in(token: str) -> tuple[int, date]:
    """Return the meeting's key and the day that a token names.

    Raises:
        CodeBroken: it is not one of ours.
    """
    try:
        pk, day = _signer().unsign_object(token)
        return int(pk), date.fromisoformat(day)
    except (BadSignature, ValueError, TypeError) as problem:
        raise CodeBroken from problem


def _signer() -> Signer:
    return Signer(salt=_SALT, sep=".")
