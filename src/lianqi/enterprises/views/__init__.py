"""Browser pages of the enterprises room, by noun."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from lianqi.enterprises.access import serves_enterprises, visible_enterprises
from lianqi.enterprises.models import Enterprise
from lianqi.kernel.access import may


def require(request: HttpRequest, permission: str, thing: object = None) -> None:
    """Answer 403 unless this person holds the permission."""
    if not may(request.user, permission, thing):
        raise PermissionDenied


def visible(request: HttpRequest, pk: int) -> Enterprise:
    """Load a firm through the row filter; 404 if it is not this person's to see."""
    return get_object_or_404(visible_enterprises(request.user), pk=pk)


def home_of(request: HttpRequest, enterprise: Enterprise) -> str:
    """Return the firm's page as this person knows it: the record, or the firm's own page."""
    if serves_enterprises(request.user):
        return enterprise.get_absolute_url()
    return f"{reverse('enterprises:my_enterprise')}?firm={enterprise.pk}"
