"""How often somebody has done something in the present hour or minute."""

from django.db import models


class RateCount(models.Model):
    """Uses counted for one person or firm in one span of time; all processes count here."""

    key = models.CharField("对象", max_length=80)
    span = models.BigIntegerField("时段")
    ends_at = models.DateTimeField("截止")
    used = models.PositiveIntegerField("次数", default=0)

    class Meta:
        verbose_name = "频次"
        constraints = [models.UniqueConstraint(fields=["key", "span"], name="rate_count_once")]
        indexes = [models.Index(fields=["ends_at"], name="rate_count_ends")]

    def __str__(self) -> str:
        """Show who and how often."""
        return f"{self.key}: {self.used}"
