"""A unit's filing that its leader or liaison has changed."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from lianqi.kernel.phones import PhoneField, PhoneIndexField
from lianqi.organisation.enums import Post, RosterChangeState
from lianqi.organisation.models.unit import Unit


class RosterChange(models.Model):
    """Who takes over which post from which day (附件1 四（二）, clause A1-R-3)."""

    number = models.CharField("编号", max_length=24, unique=True)
    state = models.CharField("状态", max_length=14, choices=RosterChangeState)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="单位")
    post = models.CharField(
        "岗位", max_length=20, choices=[(p.value, p.label) for p in (Post.LEADER, Post.LIAISON)]
    )
    successor_name = models.CharField("接任人姓名", max_length=40)
    successor_title = models.CharField("接任人职务", max_length=60)
    successor_phone = PhoneField("接任人手机", null=True)
    successor_phone_index = PhoneIndexField("successor_phone")
    reason = models.CharField("调整原因", max_length=200)
    effective_on = models.DateField("生效日期")
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="备案人"
    )
    filed_at = models.DateTimeField("备案时间")
    predecessor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="前任"
    )
    successor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="接任人"
    )
    # What was open on the desk at the moment of takeover: the printed handover list.
    handed_over = models.JSONField("移交清单", default=list)

    class Meta:
        verbose_name = "人员调整备案"
        ordering = ["-filed_at"]

    def __str__(self) -> str:
        """Say which post changes hands."""
        return f"{self.unit}{self.get_post_display()}调整为{self.successor_name}"

    def get_absolute_url(self) -> str:
        """Return the filing's page."""
        return reverse("organisation:roster_change_detail", args=[self.number])
