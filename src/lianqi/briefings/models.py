"""A paper from its draft to its issue."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from lianqi.briefings.enums import DraftState, PaperKind, Urgency
from lianqi.organisation.models import Body, Unit


class Draft(models.Model):
    """A paper that the conference office writes: to whom, what, and who let it out."""

    state = models.CharField("状态", max_length=10, choices=DraftState)
    kind = models.CharField("文种", max_length=10, choices=PaperKind)
    title = models.CharField("标题", max_length=120)
    text = models.TextField("正文")
    to_units = models.ManyToManyField(Unit, related_name="+", verbose_name="主送单位")
    to_bodies = models.ManyToManyField(Body, related_name="+", verbose_name="主送议事机构")
    to_others = models.CharField("其他主送机关", max_length=200, blank=True)
    copies = models.CharField("抄送", max_length=200, blank=True)
    attachments = models.TextField("附件名称", blank=True)
    contact = models.CharField("联系人和电话", max_length=60, blank=True)
    urgency = models.CharField("紧急程度", max_length=4, choices=Urgency, blank=True)
    body = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="发文机关")
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="拟稿人"
    )
    drafted_at = models.DateTimeField("拟稿时间")
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="签发人"
    )
    signed_at = models.DateTimeField("签发时间", null=True)
    reason = models.CharField("撤回理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "公文稿"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "-id"], name="draft_state")]

    def __str__(self) -> str:
        """Show the title."""
        return self.title

    def get_absolute_url(self) -> str:
        """Return the draft's page."""
        return reverse("briefings:draft_detail", args=[self.pk])
