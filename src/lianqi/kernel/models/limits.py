"""Time limits: every number of days or hours is a row with its source and its date."""

from django.conf import settings
from django.db import models

from lianqi.engines.worktime import Limit, Unit


class LimitUnit(models.TextChoices):
    """What a limit is counted in."""

    WORKING_DAY = Unit.WORKING_DAY.value, "工作日"
    WORKING_HOUR = Unit.WORKING_HOUR.value, "工作小时"
    CALENDAR_DAY = Unit.CALENDAR_DAY.value, "自然日"
    # Settings that are no stretch of time: kept here for their date, source and journal.
    MINUTE = "minute", "分钟"
    PERCENT = "percent", "%"
    COUNT = "count", "件"


CLOCK_UNITS = (LimitUnit.WORKING_DAY, LimitUnit.WORKING_HOUR, LimitUnit.CALENDAR_DAY)


class LimitSource(models.TextChoices):
    """Where the number comes from."""

    TEXT = "text", "原文"
    SUGGESTED = "suggested", "建议值，原文未规定"
    DECIDED = "decided", "本区决定"


class TimeLimit(models.Model):
    """One limit from one day on; an older row stays as it was for what began under it."""

    key = models.CharField("时限", max_length=60)
    label = models.CharField("名称", max_length=60)
    amount = models.PositiveSmallIntegerField("数值")
    unit = models.CharField("单位", max_length=12, choices=LimitUnit)
    source = models.CharField("来源", max_length=10, choices=LimitSource)
    basis = models.CharField("依据", max_length=200)
    effective_from = models.DateField("生效日期")
    # Clocks that began earlier on the first day run on as they were; none: in force all that day.
    set_at = models.DateTimeField("设置时间", null=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="设置人"
    )

    class Meta:
        verbose_name = "时限"
        ordering = ["key", "-effective_from"]
        constraints = [
            models.UniqueConstraint(fields=["key", "effective_from"], name="limit_dated_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="limit_positive"),
        ]

    def __str__(self) -> str:
        """Say the limit in words, e.g. 受理：1工作日."""
        return f"{self.label}：{self.text}"

    @property
    def text(self) -> str:
        """Return the amount with its unit."""
        return f"{self.amount}{self.get_unit_display()}"

    @property
    def limit(self) -> Limit:
        """Return it as the engine counts it; ValueError for a setting that no clock counts."""
        return Limit(self.amount, Unit(self.unit))
