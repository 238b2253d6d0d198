"""The pointer to "anything": which kind of record, and which one."""

from typing import Self

from django.apps import apps
from django.db import models


class AboutSubjectQuerySet(models.QuerySet):
    """Finds rows by the record they are about."""

    def about(self, subject: models.Model) -> Self:
        """Return the rows that point to this record."""
        return self.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)


class AboutSubject(models.Model):
    """Points by label and id, so that a line keeps its meaning outside this database (ADR 3)."""

    subject_type = models.CharField("对象类别", max_length=60)
    subject_id = models.BigIntegerField("对象编号")

    objects = AboutSubjectQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def subject(self) -> models.Model:
        """Load the record pointed to; raises its DoesNotExist if it is gone."""
        return apps.get_model(self.subject_type)._default_manager.get(pk=self.subject_id)


def pointer(subject: models.Model) -> dict[str, object]:
    """Return the two columns that point to a record."""
    return {"subject_type": subject._meta.label_lower, "subject_id": subject.pk}
