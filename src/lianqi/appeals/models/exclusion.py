"""The ledger of what is left out of a rate: who asked, why, who decided."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from lianqi.appeals.enums import ExclusionReason, ExclusionState, RateKey
from lianqi.appeals.models.appeal import Appeal
from lianqi.organisation.models import Unit


class Exclusion(models.Model):
    """An application to leave one appeal out of one rate, and what became of it."""

    number = models.CharField("编号", max_length=24, unique=True)
    state = models.CharField("状态", max_length=10, choices=ExclusionState)
    appeal = models.ForeignKey(
        Appeal, models.PROTECT, related_name="exclusions", verbose_name="诉求"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="主办单位")
    rate = models.CharField("指标", max_length=12, choices=RateKey)
    reason = models.CharField("原因", max_length=14, choices=ExclusionReason)
    text = models.TextField("情况说明")
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人"
    )
    filed_at = models.DateTimeField("申请时间")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="审批人"
    )
    decided_at = models.DateTimeField("审批时间", null=True)
    decision = models.TextField("审批意见", blank=True)

    class Meta:
        verbose_name = "剔除申请"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["appeal", "rate"],
                condition=Q(state__in=["applied", "approved"]),
                name="excluded_once_a_rate",
            )
        ]
        indexes = [
            models.Index(fields=["unit", "-id"], name="exclusion_unit"),
            models.Index(fields=["filed_at"], name="exclusion_filed"),
        ]

    def __str__(self) -> str:
        """Show number, rate and appeal."""
        return f"{self.number} {self.get_rate_display()}剔除 {self.appeal.number}"

    def get_absolute_url(self) -> str:
        """Return the application's page."""
        return reverse("appeals:exclusion_detail", args=[self.number])

    # The appeal's own predicates ask these two: whose it is decides who handles this as well.

    @property
    def lead_unit_id(self) -> int:
        """The unit whose rate it concerns."""
        return self.unit_id

    @property
    def co_unit_ids(self) -> set[int]:
        """Helping units have no part in it."""
        return set()
