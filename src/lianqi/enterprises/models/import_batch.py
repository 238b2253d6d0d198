"""An uploaded table of firms, read and checked but not entered yet."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from lianqi.enterprises.enums import BatchState


class ImportBatch(models.Model):
    """Rows of an xlsx or csv with their errors, kept until somebody confirms or drops them."""

    name = models.CharField("文件名", max_length=160)
    state = models.CharField("状态", max_length=10, choices=BatchState)
    rows = models.JSONField("可导入行", default=list)
    errors = models.JSONField("问题行", default=list)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人"
    )
    uploaded_at = models.DateTimeField("上传时间")
    entered_at = models.DateTimeField("导入时间", null=True)
    result = models.JSONField("导入结果", default=dict)

    class Meta:
        verbose_name = "导入批次"
        ordering = ["-pk"]

    def __str__(self) -> str:
        """Show the file's name."""
        return self.name

    def get_absolute_url(self) -> str:
        """Return the preview page."""
        return reverse("enterprises:import_detail", args=[self.pk])
