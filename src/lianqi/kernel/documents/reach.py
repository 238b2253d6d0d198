"""Who reads which issued document: whoever sees its record, narrowed by the record's room."""

from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet

from lianqi.kernel.access import may, visible_subjects
from lianqi.kernel.models import DocumentReading, IssuedDocument
from lianqi.kernel.models.document import DocumentAccess

_narrowings: dict[str, Callable[[Any], Q]] = {}


def read_documents_through(label_lower: str, readable: Callable[[Any], Q]) -> None:
    """Register which documents about records of this model a reader who sees the record may read.

    ``readable`` returns the condition on documents for a reader. Without it those with the access
    of their record are read by all who see it, restricted ones by nobody but their issuer. A room
    whose records are seen from outside the administration must register one.
    """
    _narrowings[label_lower] = readable


def readable_documents(user: Any) -> QuerySet[IssuedDocument]:
    """Return the issued documents this person may read."""
    allowed = Q(pk__in=[])
    kinds = IssuedDocument.objects.order_by().values_list("subject_type", flat=True).distinct()
    for label in kinds:
        rows = visible_subjects(user, label)
        if rows is not None:
            seen = Q(subject_type=label, subject_id__in=rows.order_by().values("pk"))
            allowed |= seen & _narrowing(user, label)
    return IssuedDocument.objects.filter(allowed)


def documents_about(subject: models.Model) -> QuerySet[IssuedDocument]:
    """Return all documents issued about a record, newest first; pages narrow them to the reader's."""
    return IssuedDocument.objects.about(subject).select_related("file", "issued_by")


def _narrowing(user: Any, label: str) -> Q:
    own = Q(issued_by=user.pk) if user.pk else Q(pk__in=[])
    if label in _narrowings:
        return _narrowings[label](user) | own
    return Q(access=DocumentAccess.RECORD) | own


def visible_readings(user: Any) -> QuerySet[DocumentReading]:
    """Return the downloads this person may look up: an auditor all, others of what they issued."""
    rows = DocumentReading.objects.select_related("document", "reader")
    if may(user, "kernel.audit_readings"):
        return rows
    return rows.filter(document__issued_by=user.pk)


def may_see_readings(user: Any, document: IssuedDocument) -> bool:
    """Whether this person may look up who downloaded the document."""
    return document.issued_by_id == user.pk or may(user, "kernel.audit_readings")
