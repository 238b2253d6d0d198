"""Notices people read here, and the outbox of what leaves this database."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Notice(models.Model):
    """A line in a person's notices."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", verbose_name="收件人"
    )
    at = models.DateTimeField("时间")
    title = models.CharField("标题", max_length=200)
    text = models.TextField("内容", blank=True)
    url = models.CharField("页面", max_length=200, blank=True)
    read_at = models.DateTimeField("已读", null=True)
    origin = models.CharField("来自", max_length=80, unique=True)

    class Meta:
        verbose_name = "通知"
        indexes = [
            models.Index(fields=["user", "-at"], name="notice_user"),
            models.Index(fields=["user"], name="notice_unread", condition=Q(read_at=None)),
        ]

    def __str__(self) -> str:
        """Show the title."""
        return self.title


class Channel(models.TextChoices):
    """The ways out; the last three stand behind the same table and wait for their gateways."""

    DESK = "desk", "岗位分发"
    EMAIL = "email", "电子邮件"
    SMS = "sms", "短信"
    WECOM = "wecom", "企业微信"
    DINGTALK = "dingtalk", "钉钉"


class OutboxState(models.TextChoices):
    """What has become of a message."""

    WAITING = "waiting", "待发送"
    SENT = "sent", "已发送"
    DEAD = "dead", "发送失败"


class OutboxMessage(models.Model):
    """One message, written with the act that causes it and delivered by the worker."""

    channel = models.CharField("渠道", max_length=8, choices=Channel)
    # A desk key, an address, or a user's id as text, according to the channel.
    recipient = models.CharField("收件方", max_length=254)
    title = models.CharField("标题", max_length=200)
    text = models.TextField("内容", blank=True)
    url = models.CharField("页面", max_length=200, blank=True)
    state = models.CharField("状态", max_length=8, choices=OutboxState, default=OutboxState.WAITING)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    created_at = models.DateTimeField("写入时间")
    not_before = models.DateTimeField("最早发送")
    leased_until = models.DateTimeField("占用至", null=True)
    leased_by = models.CharField("占用者", max_length=120, blank=True)
    # How many workers ended while they were sending it.
    crashes = models.PositiveSmallIntegerField("中断次数", default=0)
    sent_at = models.DateTimeField("发送时间", null=True)
    error = models.CharField("最近错误", max_length=300, blank=True)
    once = models.CharField("去重键", max_length=120, null=True, unique=True)  # noqa: DJ001 NULL means "no need", and NULLs never collide

    class Meta:
        verbose_name = "待发消息"
        indexes = [
            models.Index(fields=["not_before"], name="outbox_waiting", condition=Q(state="waiting"))
        ]

    def __str__(self) -> str:
        """Show channel and title."""
        return f"{self.get_channel_display()}：{self.title}"
