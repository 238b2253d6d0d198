"""An answered appeal told to everybody, without anybody in it."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from lianqi.appeals.enums import CaseState, Kind
from lianqi.appeals.models.appeal import Appeal
from lianqi.organisation.models import Unit


class PublicCase(models.Model):
    """Question and answer of an appeal as the public reads them, with the firm's consent."""

    appeal = models.OneToOneField(
        Appeal, models.PROTECT, related_name="public_case", verbose_name="来自诉求"
    )
    state = models.CharField("状态", max_length=10, choices=CaseState)
    title = models.CharField("标题", max_length=100)
    question = models.TextField("问题")
    answer = models.TextField("答复")
    kind = models.CharField("类别", max_length=12, choices=Kind)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name="答复单位"
    )
    # Finds that somebody has looked at: kind, text, reason, who.
    cleared = models.JSONField("已核对的检查结果", default=list)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="起草人"
    )
    drafted_at = models.DateTimeField("起草时间")
    consented_at = models.DateTimeField("企业同意时间", null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="发布人"
    )
    published_at = models.DateTimeField("公开时间", null=True)
    ended_at = models.DateTimeField("撤下或不同意时间", null=True)

    class Meta:
        verbose_name = "公开案例"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["state", "-id"], name="case_state"),
            models.Index(fields=["state", "kind", "-id"], name="case_kind"),
        ]

    def __str__(self) -> str:
        """Show the appeal's number and the title."""
        return f"{self.appeal.number} 公开案例：{self.title}"

    def get_absolute_url(self) -> str:
        """Return the officials' page of the case."""
        return reverse("appeals:case_detail", args=[self.pk])

    @property
    def texts(self) -> tuple[str, str, str]:
        """Return what the public reads."""
        return (self.title, self.question, self.answer)
