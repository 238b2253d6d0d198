"""What the firm thinks of the answer."""

from django.conf import settings
from django.db import models

from lianqi.appeals.enums import Level, RatingSource
from lianqi.appeals.models.appeal import Appeal


class Rating(models.Model):
    """One rating in one round; silence leaves no row and is never satisfaction."""

    appeal = models.ForeignKey(Appeal, models.CASCADE, related_name="ratings", verbose_name="诉求")
    round = models.PositiveSmallIntegerField("轮次")
    level = models.PositiveSmallIntegerField("等级", choices=Level)
    reasons = models.JSONField("原因", default=list)
    comment = models.TextField("说明", blank=True)
    source = models.CharField("来源", max_length=10, choices=RatingSource)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "评价"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["appeal", "round"], name="rating_once_a_round")
        ]

    def __str__(self) -> str:
        """Show the level."""
        return self.get_level_display()


class Callback(models.Model):
    """A call back to the firm by somebody outside the handling units."""

    appeal = models.ForeignKey(
        Appeal, models.CASCADE, related_name="callbacks", verbose_name="诉求"
    )
    round = models.PositiveSmallIntegerField("轮次")
    level = models.PositiveSmallIntegerField("等级", choices=Level, null=True)
    note = models.TextField("回访记录")
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="回访人"
    )
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "回访"
        ordering = ["pk"]

    def __str__(self) -> str:
        """Show when."""
        return f"{self.at:%Y-%m-%d} 回访"
