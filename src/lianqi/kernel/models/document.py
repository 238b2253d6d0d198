"""Official documents that were issued, frozen with what they were made from, and who read them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lianqi.engines.officialdoc import FORMS
from lianqi.kernel.models.about import AboutSubject
from lianqi.kernel.models.attachment import Attachment


class DocumentAccess(models.TextChoices):
    """Who of those that see the record may read its document."""

    RECORD = "record", _("同所属事项")
    RESTRICTED = "restricted", _("限定范围")


class IssuedDocument(AboutSubject):
    """A document as it went out: number, data, file. Never changed afterwards."""

    kind = models.CharField(
        "文种", max_length=20, choices=[(key, form.name) for key, form in FORMS.items()]
    )
    title = models.CharField("标题", max_length=200)
    number = models.CharField("文号", max_length=60, blank=True)
    issuer_word = models.CharField("机关代字", max_length=12, blank=True)
    year = models.PositiveSmallIntegerField("年度")
    serial = models.PositiveIntegerField("序号", null=True)
    issuer = models.CharField("发文机关", max_length=80, blank=True)
    data = models.JSONField("发文时数据")
    engine_version = models.CharField("生成程序版本", max_length=10)
    file = models.OneToOneField(
        Attachment, models.PROTECT, related_name="issued_as", null=True, verbose_name="文件"
    )
    access = models.CharField(
        "阅读范围", max_length=10, choices=DocumentAccess, default=DocumentAccess.RECORD
    )
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="经办人"
    )
    issued_at = models.DateTimeField("发文时间")

    class Meta:
        verbose_name = "发文"
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "issuer_word", "year", "serial"],
                condition=Q(serial__isnull=False),
                name="document_number_once",
            )
        ]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="document_subject"),
            models.Index(fields=["-issued_at", "-id"], name="document_issued"),
            models.Index(fields=["kind", "year", "serial"], name="document_series"),
        ]

    def __str__(self) -> str:
        """Show number and title."""
        return f"{self.number} {self.title}".strip()

    def get_absolute_url(self) -> str:
        """Return where the document is handed out."""
        return reverse("kernel:document_download", args=[self.pk])


class DocumentReading(models.Model):
    """One handing out of a document: to whom, when, whether marked with the reader's name."""

    document = models.ForeignKey(
        IssuedDocument, models.PROTECT, related_name="readings", verbose_name="发文"
    )
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="下载人"
    )
    signature = models.CharField("下载时岗位", max_length=120)
    marked = models.BooleanField("加水印")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "发文下载"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["document", "-id"], name="reading_document")]

    def __str__(self) -> str:
        """Say who read what."""
        return f"{self.signature} {self.document_id}"
