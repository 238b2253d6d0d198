"""Who reads which official document of a topic or a meeting, beyond seeing the record itself."""

from typing import Any

from django.db.models import Q

from lianqi.conference.access.bodies import acting_units, bodies_steered, oversees
from lianqi.conference.access.topics import visible_topics
from lianqi.conference.enums import AccessLevel
from lianqi.conference.models import Acknowledgement, Meeting, Topic
from lianqi.kernel.documents import read_documents_through
from lianqi.kernel.models.document import DocumentAccess
from lianqi.organisation.models import User

# What units get; the approval sheet quotes all opinions, the attendance sheet all names.
_FOR_UNITS = ("consultation", "meeting_notice", "minutes")


def _steered(user: User, model: Any) -> Q:
    if oversees(user):
        return Q(pk__isnull=False)  # an empty condition would vanish in an "or"
    return Q(subject_id__in=model.objects.filter(body__in=bodies_steered(user)).values("pk"))


def _kept(user: User) -> Any:
    """Return the restricted topics that this reader has open: proposed, or confirmed to keep."""
    acknowledged = Acknowledgement.objects.filter(user=user).values("topic")
    mine = Q(proposed_by=user) | Q(proposing_unit_id__in=acting_units(user))
    return visible_topics(user).filter(Q(pk__in=acknowledged) | mine)


def readable_topic_documents(user: User) -> Q:
    """Return the condition for documents about topics: restricted ones after one's word to keep them."""
    kept = Q(access=DocumentAccess.RECORD) | Q(subject_id__in=_kept(user).values("pk"))
    return _steered(user, Topic) | (Q(kind__in=_FOR_UNITS) & kept)


def readable_meeting_documents(user: User) -> Q:
    """Return the condition for documents about meetings: minutes only with all their topics open."""
    closed = Topic.objects.filter(access=AccessLevel.RESTRICTED).exclude(
        pk__in=_kept(user).values("pk")
    )
    open_ones = Meeting.objects.exclude(agenda__topic__in=closed.values("pk"))
    kept = Q(access=DocumentAccess.RECORD) | Q(subject_id__in=open_ones.values("pk"))
    return _steered(user, Meeting) | (Q(kind__in=_FOR_UNITS) & kept)


read_documents_through("conference.topic", readable_topic_documents)
read_documents_through("conference.meeting", readable_meeting_documents)
