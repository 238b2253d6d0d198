"""What is said of an item while it is handled: reports, extensions, closings, slips."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from lianqi.ledger.enums import Grade, SlipColour
from lianqi.ledger.models.item import Item
from lianqi.organisation.models import Unit


class ProgressReport(models.Model):
    """How far the unit says it is, for one period (e.g. 2020-09 or 2020-Q3)."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="reports", verbose_name="事项")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    period = models.CharField("报送期", max_length=8)
    percent = models.PositiveSmallIntegerField("进度")
    text = models.TextField("进展")
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="报送人"
    )
    reported_at = models.DateTimeField("报送时间")
    in_time = models.BooleanField("按时", default=True)

    class Meta:
        verbose_name = "进展报送"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["unit", "period"], name="report_unit_period"),
            models.Index(fields=["unit", "in_time"], name="report_unit_in_time"),
        ]
        constraints = [models.CheckConstraint(condition=Q(percent__lte=100), name="report_percent")]

    def __str__(self) -> str:
        """Show period and percent."""
        return f"{self.period} {self.percent}%"


class DeadlineExtension(models.Model):
    """Another day asked for: before the old one, with the leader's signature, decided by the office."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="extensions", verbose_name="事项")
    from_day = models.DateField("原时限")
    to_day = models.DateField("拟延至")
    reason = models.CharField("理由", max_length=500)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人"
    )
    requested_at = models.DateTimeField("申请时间")
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="签批人"
    )
    signed_at = models.DateTimeField("签批时间", null=True)
    approved = models.BooleanField("同意", null=True)
    note = models.CharField("批复意见", max_length=300, blank=True)
    decided_at = models.DateTimeField("批复时间", null=True)

    class Meta:
        verbose_name = "延期申请"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(approved=None), name="extension_one_pending"
            )
        ]

    def __str__(self) -> str:
        """Show from when to when."""
        return f"{self.from_day} → {self.to_day}"


class Closing(models.Model):
    """An application for closing and its review; a reopened item keeps the old ones."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="closings", verbose_name="事项")
    result = models.TextField("完成情况")
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人"
    )
    applied_at = models.DateTimeField("申请时间")
    accepted = models.BooleanField("审核通过", null=True)
    grade = models.CharField("评定", max_length=10, choices=Grade, blank=True)
    note = models.CharField("审核意见", max_length=300, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="审核人"
    )
    reviewed_at = models.DateTimeField("审核时间", null=True)
    struck_at = models.DateTimeField("销号时间", null=True)
    reopened_at = models.DateTimeField("重启时间", null=True)
    reopen_reason = models.CharField("重启理由", max_length=300, blank=True)

    class Meta:
        verbose_name = "办结记录"
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["item"], name="closing_reopened", condition=Q(reopened_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        """Show the result's beginning."""
        return self.result[:40]


class Slip(models.Model):
    """督办单: one rung of the urging ladder, from a reminder to an order with its own day."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="slips", verbose_name="事项")
    number = models.CharField("编号", max_length=24, unique=True)
    colour = models.CharField("颜色", max_length=8, choices=SlipColour)
    text = models.CharField("督办要求", max_length=500)
    until = models.DateField("限期", null=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="签发人"
    )
    issued_at = models.DateTimeField("签发时间")
    answer = models.TextField("单位回复", blank=True)
    answered_at = models.DateTimeField("回复时间", null=True)

    class Meta:
        verbose_name = "督办单"
        ordering = ["pk"]
        constraints = [
            # One matter, one slip: the next rung follows once this one has been answered or is spent.
            models.UniqueConstraint(fields=["item", "colour", "issued_at"], name="slip_once")
        ]

    def __str__(self) -> str:
        """Show number and colour."""
        return f"{self.number} {self.get_colour_display()}"
