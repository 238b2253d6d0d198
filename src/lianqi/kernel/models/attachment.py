"""Files that belong to a record; read only through that record's row filter."""

from django.conf import settings
from django.db import models

from lianqi.kernel.models.about import AboutSubject
from lianqi.kernel.models.journal import Audience


class Attachment(AboutSubject):
    """One inspected file; its path is drawn, never taken from the uploaded name."""

    name = models.CharField("文件名", max_length=160)
    path = models.CharField("存放位置", max_length=120, unique=True)
    content_type = models.CharField("类型", max_length=100)
    size = models.PositiveIntegerField("字节数")
    sm3 = models.CharField("校验值", max_length=64)
    audience = models.CharField("可见范围", max_length=10, choices=Audience)
    # Sealed: only for those who may know whose record it is (``<room>.see_sealed``).
    sealed = models.BooleanField("保密", default=False)
    line = models.PositiveIntegerField("随办理记录第几行", default=0)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="上传人"
    )
    uploaded_at = models.DateTimeField("上传时间")
    notes = models.JSONField("检查说明", default=list)

    class Meta:
        verbose_name = "附件"
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="attachment_subject"),
            # The same file handed in elsewhere is found by its digest.
            models.Index(fields=["sm3"], name="attachment_sm3"),
        ]

    def __str__(self) -> str:
        """Show the file's name."""
        return self.name
