"""An uploaded table, read and checked, kept until somebody confirms or drops it."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from lianqi.ledger.enums import UploadKind, UploadState


class Upload(models.Model):
    """Rows of an xlsx or csv with their errors, and after entering how each row fared."""

    kind = models.CharField("内容", max_length=8, choices=UploadKind)
    name = models.CharField("文件名", max_length=160)
    state = models.CharField("状态", max_length=10, choices=UploadState)
    rows = models.JSONField("可导入行", default=list)
    errors = models.JSONField("问题行", default=list)
    results = models.JSONField("逐行结果", default=list)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人"
    )
    uploaded_at = models.DateTimeField("上传时间")
    entered_at = models.DateTimeField("导入时间", null=True)

    class Meta:
        verbose_name = "上传的表格"
        ordering = ["-pk"]

    def __str__(self) -> str:
        """Show the file's name."""
        return self.name

    def get_absolute_url(self) -> str:
        """Return the page with the preview or the results."""
        return reverse("ledger:upload_detail", args=[self.pk])
