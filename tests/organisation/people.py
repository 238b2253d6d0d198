"""The people of the organisation tests."""

from lianqi.kernel.models import JournalEntry
from lianqi.organisation.enums import BodyCode, Post
from tests.factories import person


def secadmin(**fields):
    """Return the security administrator, who manages accounts."""
    return person(Post.SECADMIN, **fields)


def conference_clerk(**fields):
    """Return a clerk of the joint conference's office, who acknowledges filings."""
    return person(Post.OFFICE_STAFF, body=BodyCode.JC, **fields)


def verbs(subject):
    """Return the verbs of a record's journal, in order."""
    return list(JournalEntry.objects.about(subject).order_by("seq").values_list("verb", flat=True))
