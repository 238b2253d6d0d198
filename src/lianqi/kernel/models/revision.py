"""Counters that tell every process that something it keeps in memory has changed."""

from django.db import models


class Revision(models.Model):
    """One counter a subject ("calendar", "limits"); raised in the transaction of each change."""

    name = models.CharField("名称", max_length=40, primary_key=True)
    number = models.PositiveIntegerField("版次", default=0)

    class Meta:
        verbose_name = "版次"

    def __str__(self) -> str:
        """Name the counter."""
        return f"{self.name}#{self.number}"
