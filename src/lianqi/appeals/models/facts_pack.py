"""That facts on a case were put together: for whom, what for, and the file's digest."""

from django.conf import settings
from django.db import models

from lianqi.appeals.models.appeal import Appeal


class FactsPack(models.Model):
    """One making of a case's facts; kept apart from the case, whose unit need not know of it."""

    number = models.CharField("编号", max_length=24, unique=True)
    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="packs", verbose_name="诉求")
    purpose = models.CharField("用途", max_length=200)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="生成人"
    )
    made_at = models.DateTimeField("生成时间")

    class Meta:
        verbose_name = "事实材料"
        ordering = ["-pk"]

    def __str__(self) -> str:
        """Show number and case."""
        return f"{self.number} {self.appeal.number}事实材料"
