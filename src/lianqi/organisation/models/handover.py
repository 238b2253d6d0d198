"""A desk lent for some days: who has it for whom, why, and what lay on it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse

from lianqi.kernel.clock import today
from lianqi.organisation.models.appointment import Appointment


class DeskHandover(models.Model):
    """代理: the record of a stand-in's appointment; the appointment itself gives the rights."""

    appointment = models.OneToOneField(
        Appointment, models.PROTECT, related_name="handover", verbose_name="代理任职"
    )
    reason = models.CharField("原因", max_length=200)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人"
    )
    filed_at = models.DateTimeField("登记时间")
    # What lay on the desk when it was lent: duties, and the holder's unread notices.
    handed_over = models.JSONField("移交事项", default=list)
    notices = models.JSONField("未读通知", default=list)
    ended_at = models.DateTimeField("交还时间", null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="交还人"
    )

    class Meta:
        verbose_name = "岗位代理"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["ended_at"], name="handover_running")]

    def __str__(self) -> str:
        """Say who stands in for whom."""
        acting = self.appointment
        return f"{acting.user}代{self.principal.user}（{acting.desk_words}）"

    def get_absolute_url(self) -> str:
        """Return the record's page."""
        return reverse("organisation:handover_detail", args=[self.pk])

    @property
    def principal(self) -> Any:
        """Return the appointment whose desk was lent."""
        return self.appointment.acting_for

    @property
    def stage(self) -> str:
        """Where it stands by its dates: ahead, running or over."""
        if self.ended_at is not None or self.appointment.revoked_at is not None:
            return "over"
        if today() < self.appointment.valid_from:
            return "ahead"
        last = self.appointment.valid_to
        return "running" if last is not None and today() <= last else "over"
