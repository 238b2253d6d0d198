"""What a request is behind ``login_required``, for the type checker."""

from django.http import HttpRequest

from lianqi.organisation.models import User


class SignedInRequest(HttpRequest):
    """A request whose user is an account, never a visitor."""

    user: User  # type: ignore[assignment]
