"""Meetings: agenda, invitations, preparation, results, minutes, resolutions."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from lianqi.conference.enums import (
    Capacity,
    MeetingKind,
    MeetingState,
    Reply,
    Role,
    SignInBy,
    TopicResult,
)
from lianqi.conference.models.body import Delegation
from lianqi.conference.models.matter import AssignedMatter
from lianqi.conference.models.topic import Topic
from lianqi.organisation.enums import BodyCode
from lianqi.organisation.models import Unit


class Meeting(models.Model):
    """A meeting of a body (附件1 第四条, 附件3 五（三）)."""

    number = models.CharField("编号", max_length=24, unique=True)
    state = models.CharField("状态", max_length=12, choices=MeetingState)
    body = models.CharField("议事机构", max_length=8, choices=BodyCode)
    kind = models.CharField("会议形式", max_length=10, choices=MeetingKind)
    title = models.CharField("会议名称", max_length=100)
    starts_at = models.DateTimeField("开会时间")
    # The day alone, by which meetings of a year are counted.
    day = models.DateField("开会日期")
    place = models.CharField("地点", max_length=100)
    on_rest_day = models.BooleanField("休息日召开", default=False)
    convened_as = models.CharField("召集", max_length=10, choices=Capacity)
    delegation = models.ForeignKey(
        Delegation, models.PROTECT, null=True, related_name="+", verbose_name="召集委托"
    )
    chair_name = models.CharField("主持人", max_length=60, blank=True)
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="筹备人"
    )
    notified_at = models.DateTimeField("通知时间", null=True)
    opened_at = models.DateTimeField("开会时刻", null=True)
    held_at = models.DateTimeField("散会时刻", null=True)
    minutes = models.TextField("会议纪要", blank=True)
    minutes_number = models.CharField("纪要编号", max_length=60, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="签发人"
    )
    signed_under = models.ForeignKey(
        Delegation, models.PROTECT, null=True, related_name="+", verbose_name="签发委托"
    )
    signed_at = models.DateTimeField("签发时间", null=True)
    issued_at = models.DateTimeField("印发时间", null=True)

    class Meta:
        verbose_name = "会议"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["body", "kind", "day"], name="meeting_of_year"),
            models.Index(fields=["state", "day"], name="meeting_next"),
        ]

    def __str__(self) -> str:
        """Show number and title."""
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        """Return the meeting's page."""
        return reverse("conference:meeting_detail", args=[self.number])


class AgendaItem(models.Model):
    """A topic on a meeting's agenda, who else listens to it, and what was decided."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda", verbose_name="会议")
    topic = models.ForeignKey(
        Topic, models.PROTECT, related_name="agenda_items", verbose_name="议题"
    )
    order = models.PositiveSmallIntegerField("顺序")
    observers = models.ManyToManyField(Unit, related_name="+", verbose_name="列席单位")
    guests = models.CharField("列席领导", max_length=200, blank=True)
    result = models.CharField("审议结果", max_length=12, choices=TopicResult, blank=True)
    note = models.TextField("审议情况", blank=True)

    class Meta:
        verbose_name = "议程"
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "topic"], name="agenda_topic_once")
        ]

    def __str__(self) -> str:
        """Show order and title."""
        return f"{self.order}. {self.topic.title}"


class Invitation(models.Model):
    """A unit asked to a meeting: what it answered, who came."""

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, related_name="invitations", verbose_name="会议"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    role = models.CharField("身份", max_length=8, choices=Role)
    # Why a unit is asked whom no topic concerns.
    reason = models.CharField("增邀理由", max_length=200, blank=True)
    reply = models.CharField("回执", max_length=8, choices=Reply, blank=True)
    attendee = models.CharField("参会人", max_length=60, blank=True)
    attendee_title = models.CharField("参会人职务", max_length=60, blank=True)
    leave_reason = models.CharField("请假原因", max_length=200, blank=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="回执人"
    )
    replied_at = models.DateTimeField("回执时间", null=True)
    signed_in_at = models.DateTimeField("签到时间", null=True)
    signed_in_by = models.CharField("签到方式", max_length=8, choices=SignInBy, blank=True)

    class Meta:
        verbose_name = "参会单位"
        ordering = ["role", "unit__order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "unit"], name="invited_once"),
            models.CheckConstraint(
                condition=Q(signed_in_at=None, signed_in_by="")
                | (Q(signed_in_at__isnull=False) & ~Q(signed_in_by="")),
                name="signed_in_or_not",
            ),
        ]
        indexes = [models.Index(fields=["unit", "meeting"], name="invitation_unit")]

    def __str__(self) -> str:
        """Name the unit and its role."""
        return f"{self.unit}（{self.get_role_display()}）"


class ChecklistItem(models.Model):
    """One thing to be ready before the meeting."""

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, related_name="checklist", verbose_name="会议"
    )
    text = models.CharField("准备事项", max_length=100)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="完成人"
    )
    done_at = models.DateTimeField("完成时间", null=True)

    class Meta:
        verbose_name = "会务准备"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "text"], name="checklist_item_once")
        ]

    def __str__(self) -> str:
        """Show the text."""
        return self.text


class Resolution(AssignedMatter):
    """A thing decided: who does it by when, and what became of it in the ledger."""

    item = models.ForeignKey(
        AgendaItem, models.PROTECT, related_name="resolutions", verbose_name="议程"
    )

    class Meta(AssignedMatter.Meta):
        verbose_name = "议定事项"
        ordering = ["item__order", "pk"]

    def get_absolute_url(self) -> str:
        """Return the meeting's page at its resolutions."""
        return f"{self.item.meeting.get_absolute_url()}#resolutions"
