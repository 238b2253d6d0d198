"""An appeal whose firm keeps its name: the texts as they were written, the files, who was told."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from lianqi.appeals.enums import UnsealingState
from lianqi.appeals.models.appeal import Appeal
from lianqi.kernel.models import Attachment
from lianqi.organisation.models import Unit


class SealedText(models.Model):
    """A text as the firm wrote it, where the appeal tells it with the firm's name covered."""

    appeal = models.ForeignKey(
        Appeal, models.CASCADE, related_name="sealed_texts", verbose_name="诉求"
    )
    label = models.CharField("是什么", max_length=20)
    text = models.TextField("原文")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "保密原文"
        ordering = ["pk"]

    def __str__(self) -> str:
        """Say what it is."""
        return self.label


class SealedFile(models.Model):
    """A firm's file that the handling units do not get; at most a copy of it that the office released."""

    appeal = models.ForeignKey(
        Appeal, models.CASCADE, related_name="sealed_files", verbose_name="诉求"
    )
    original = models.OneToOneField(
        Attachment, models.PROTECT, related_name="+", verbose_name="原件"
    )
    # What the check found, for whoever releases it; nothing found is no proof.
    findings = models.JSONField("检查发现", default=list)
    released = models.OneToOneField(
        Attachment, models.PROTECT, null=True, related_name="+", verbose_name="放行的文件"
    )
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="放行人"
    )
    released_at = models.DateTimeField("放行时间", null=True)

    class Meta:
        verbose_name = "保密附件"
        ordering = ["pk"]

    def __str__(self) -> str:
        """Show the file's name."""
        return str(self.original)


class Unsealing(models.Model):
    """An application to tell one unit who filed a sealed appeal: one asks, another decides."""

    appeal = models.ForeignKey(
        Appeal, models.CASCADE, related_name="unsealings", verbose_name="诉求"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="向哪个单位开启")
    state = models.CharField("状态", max_length=8, choices=UnsealingState)
    reason = models.TextField("理由")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="单位提出人",
    )
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="提请人"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="审批人"
    )
    at = models.DateTimeField("提出时间")
    decided_at = models.DateTimeField("审批时间", null=True)
    note = models.TextField("审批意见", blank=True)

    class Meta:
        verbose_name = "开启身份申请"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["appeal", "unit"],
                condition=Q(state__in=["asked", "applied", "opened"]),
                name="unsealing_once",
            )
        ]
        indexes = [models.Index(fields=["state", "-id"], name="unsealing_state")]

    def __str__(self) -> str:
        """Show for which appeal and which unit."""
        return f"{self.appeal.number} 向{self.unit}开启身份"

    def get_absolute_url(self) -> str:
        """Return the application's page."""
        return reverse("appeals:unsealing_detail", args=[self.pk])
