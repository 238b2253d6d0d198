"""The append-only journal: one hash chain for each record, and where each chain now ends."""

from django.conf import settings
from django.db import models

from lianqi.kernel.models.about import AboutSubject


class Audience(models.TextChoices):
    """The widest circle that may read a text."""

    INTERNAL = "internal", "内部"
    ENTERPRISE = "enterprise", "企业可见"
    PUBLIC = "public", "公开"


class JournalEntry(AboutSubject):
    """One thing that happened to one record; never changed, never removed."""

    seq = models.PositiveIntegerField("序号")
    at = models.DateTimeField("时间")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="经办人"
    )
    actor_label = models.CharField("经办人署名", max_length=200)
    verb = models.CharField("动作", max_length=80)
    label = models.CharField("动作名称", max_length=40)
    text = models.TextField("内容", blank=True)
    data = models.JSONField("要素", default=dict)
    audience = models.CharField("可见范围", max_length=10, choices=Audience)
    previous_hash = models.CharField("前值", max_length=64)
    hash = models.CharField("校验值", max_length=64)

    class Meta:
        verbose_name = "办理记录"
        ordering = ["subject_type", "subject_id", "seq"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "seq"], name="journal_line_once"
            )
        ]
        indexes = [
            models.Index(fields=["-at"], name="journal_at"),
            models.Index(fields=["actor", "-at"], name="journal_actor"),
        ]

    def __str__(self) -> str:
        """Say what happened."""
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_label} {self.label}"


class JournalIdentity(models.Model):
    """The one row that names this journal, whatever the database's address: its seals bear it."""

    name = models.CharField("标识", max_length=12, unique=True)

    class Meta:
        verbose_name = "记录标识"

    def __str__(self) -> str:
        """Show the name."""
        return self.name


class JournalHead(AboutSubject):
    """The last line of one record's chain, kept apart so that a cut tail shows."""

    seq = models.PositiveIntegerField("末行序号")
    hash = models.CharField("末行校验值", max_length=64)
    sealed_seq = models.PositiveIntegerField("已封存至", default=0)

    class Meta:
        verbose_name = "记录链末端"
        constraints = [
            models.UniqueConstraint(fields=["subject_type", "subject_id"], name="journal_head_once")
        ]

    def __str__(self) -> str:
        """Name the chain and its length."""
        return f"{self.subject_type}:{self.subject_id}#{self.seq}"
