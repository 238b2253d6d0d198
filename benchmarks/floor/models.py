"""A table like a list's: a number, a title, a state, a date."""

from django.db import models


class Row(models.Model):
    """A line."""

    number = models.CharField(max_length=24)
    title = models.CharField(max_length=100)
    state = models.CharField(max_length=14)
    due_at = models.DateTimeField()

    class Meta:
        app_label = "floor"

    def __str__(self) -> str:
        """Show the number."""
        return self.number
