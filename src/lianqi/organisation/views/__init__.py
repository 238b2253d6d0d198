"""Browser pages of the organisation room, by noun."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from lianqi.kernel.access import may
from lianqi.organisation.models import User


@dataclass(frozen=True)
class StepLink:
    """A step as ``{% step_buttons %}`` draws it."""

    key: str
    label: str
    url: str
    tone: str


def user_of(request: HttpRequest) -> User:
    """Return who is signed in; for views behind ``login_required``."""
    return request.user  # type: ignore[return-value]


def require_page(request: HttpRequest, permission: str) -> User:
    """Return the signed-in person, if the page is for them; 403 otherwise."""
    if not may(request.user, permission):
        raise PermissionDenied
    return user_of(request)
