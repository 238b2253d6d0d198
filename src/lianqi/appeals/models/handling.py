"""How an appeal is handled: helpers, what was said, extensions, returns."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from lianqi.appeals.enums import CommunicationKind
from lianqi.appeals.models.appeal import Appeal
from lianqi.kernel.models.journal import Audience
from lianqi.organisation.models import Unit


class CoHandler(models.Model):
    """A unit that helps the lead unit, with its own deadline."""

    appeal = models.ForeignKey(
        Appeal, models.CASCADE, related_name="cohandlers", verbose_name="诉求"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    active = models.BooleanField("在办", default=True)
    opinion_at = models.DateTimeField("提交意见时间", null=True)

    class Meta:
        verbose_name = "协办单位"
        constraints = [
            models.UniqueConstraint(
                fields=["appeal", "unit"], condition=Q(active=True), name="cohandler_once"
            )
        ]
        indexes = [models.Index(fields=["unit", "active"], name="cohandler_unit")]

    def __str__(self) -> str:
        """Show the unit."""
        return str(self.unit)


class HandlingUnit(models.Model):
    """A unit that leads or helps on an appeal now, with what its lists go by (ADR 28).

    Kept by the workflow from the appeal and its helpers: nothing is known here that is not there.
    """

    appeal = models.ForeignKey(
        Appeal, models.CASCADE, related_name="handled_by", verbose_name="诉求"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    leads = models.BooleanField("主办")
    open = models.BooleanField("在办")
    unrated = models.BooleanField("待评价")
    due_at = models.DateTimeField("应办时间", null=True)
    first_red_at = models.DateTimeField("首项转逾期时间", null=True)

    class Meta:
        verbose_name = "承办单位"
        constraints = [
            models.UniqueConstraint(fields=["unit", "appeal"], name="handling_unit_once")
        ]
        indexes = [
            # A unit's open appeals in order, and with what its figures are counted by.
            models.Index(
                fields=["unit", "due_at", "appeal"],
                include=["unrated", "first_red_at", "leads"],
                name="handling_unit_due",
                condition=Q(open=True),
            ),
        ]

    def __str__(self) -> str:
        """Show the unit."""
        return str(self.unit)


class Communication(models.Model):
    """Something said on an appeal: contact, stage reply, opinion, reply, supplement."""

    appeal = models.ForeignKey(
        Appeal, models.CASCADE, related_name="communications", verbose_name="诉求"
    )
    kind = models.CharField("性质", max_length=10, choices=CommunicationKind)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="单位")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="经办人"
    )
    content = models.TextField("内容")
    round = models.PositiveSmallIntegerField("轮次")
    at = models.DateTimeField("时间")
    audience = models.CharField("可见范围", max_length=10, choices=Audience)

    class Meta:
        verbose_name = "往来"
        ordering = ["pk"]

    def __str__(self) -> str:
        """Show what it is."""
        return f"{self.get_kind_display()}：{self.content[:40]}"


class ExtensionRequest(models.Model):
    """A lead unit's request for more working days: once, before the deadline."""

    appeal = models.ForeignKey(
        Appeal, models.CASCADE, related_name="extensions", verbose_name="诉求"
    )
    days = models.PositiveSmallIntegerField("工作日")
    reason = models.TextField("理由")
    round = models.PositiveSmallIntegerField("轮次")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人"
    )
    requested_at = models.DateTimeField("申请时间")
    approved = models.BooleanField("批准", null=True)
    note = models.TextField("批复意见", blank=True)
    decided_at = models.DateTimeField("批复时间", null=True)

    class Meta:
        verbose_name = "延期申请"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["appeal", "round"], name="extension_once_a_round")
        ]

    def __str__(self) -> str:
        """Show how much."""
        return f"延期{self.days}个工作日"


class ReturnOrder(models.Model):
    """A unit's return of an order with its basis, and the office's ruling, kept as precedent."""

    appeal = models.ForeignKey(Appeal, models.CASCADE, related_name="returns", verbose_name="诉求")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="退单单位")
    basis = models.TextField("依据")
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="退单人"
    )
    returned_at = models.DateTimeField("退单时间")
    upheld = models.BooleanField("成立", null=True)
    ruling = models.TextField("裁定理由", blank=True)
    ruled_at = models.DateTimeField("裁定时间", null=True)
    new_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name="改派单位"
    )

    class Meta:
        verbose_name = "退单"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["appeal"], name="return_once")]

    def __str__(self) -> str:
        """Show who returned it."""
        return f"{self.unit}退单"
