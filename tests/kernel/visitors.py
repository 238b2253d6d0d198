"""People at their browsers."""

from django.test import Client

from lianqi.organisation.enums import BodyCode, Post
from tests.factories import person


def signed_in(user):
    """Return a browser in which this person has signed in."""
    client = Client()
    client.force_login(user)
    return client


def conference_clerk():
    """Return a member of the joint conference's office."""
    return person(Post.OFFICE_STAFF, body=BodyCode.JC)
