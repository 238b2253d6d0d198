"""Papers of a topic: who may read them, who has confirmed to keep them, who has read them."""

from django.conf import settings
from django.db import models

from lianqi.conference.enums import AccessLevel
from lianqi.conference.models.topic import Topic


class TopicPaper(models.Model):
    """A file for the meeting; its attachment hangs on this row and is handed out by this room only."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="papers", verbose_name="议题")
    title = models.CharField("材料", max_length=160)
    access = models.CharField("阅读范围", max_length=10, choices=AccessLevel)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人"
    )
    added_at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = "审议材料"
        ordering = ["pk"]

    def __str__(self) -> str:
        """Show the title."""
        return self.title

    @property
    def is_restricted(self) -> bool:
        """Whether a reader confirms first that it goes no further."""
        return self.access == AccessLevel.RESTRICTED or self.topic.is_restricted


class Acknowledgement(models.Model):
    """A reader's word to keep what he reads of a topic (附件1 四（三）)."""

    topic = models.ForeignKey(
        Topic, models.CASCADE, related_name="acknowledgements", verbose_name="议题"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="阅读人"
    )
    at = models.DateTimeField("确认时间")

    class Meta:
        verbose_name = "保密确认"
        constraints = [models.UniqueConstraint(fields=["topic", "user"], name="acknowledged_once")]

    def __str__(self) -> str:
        """Say who has confirmed."""
        return f"{self.user}已确认保密要求"


class PaperReading(models.Model):
    """One download of a paper."""

    paper = models.ForeignKey(
        TopicPaper, models.CASCADE, related_name="readings", verbose_name="材料"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="下载人"
    )
    signature = models.CharField("下载人署名", max_length=200)
    marked = models.BooleanField("加水印")
    at = models.DateTimeField("下载时间")

    class Meta:
        verbose_name = "材料下载记录"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["paper", "-id"], name="paper_reading")]

    def __str__(self) -> str:
        """Say who read what."""
        return f"{self.signature}下载《{self.paper}》"
