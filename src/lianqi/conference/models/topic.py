"""Topics: what a body is asked to decide, who is concerned, what the consulted units answered."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from lianqi.appeals.models import Appeal
from lianqi.conference.enums import (
    AccessLevel,
    MeetingKind,
    Programme,
    Purpose,
    Stance,
    TopicResult,
    TopicSource,
    TopicState,
)
from lianqi.organisation.enums import BodyCode
from lianqi.organisation.models import Unit


class Topic(models.Model):
    """A matter proposed for a meeting of a body (附件1 第四条（三）)."""

    number = models.CharField("编号", max_length=24, unique=True)
    state = models.CharField("状态", max_length=12, choices=TopicState)
    body = models.CharField("议事机构", max_length=8, choices=BodyCode)
    meeting_kind = models.CharField("会议形式", max_length=10, choices=MeetingKind)
    source = models.CharField("来源", max_length=10, choices=TopicSource)
    purpose = models.CharField("审议类型", max_length=10, choices=Purpose)
    programme = models.CharField("所属行动", max_length=12, choices=Programme)
    access = models.CharField("阅读范围", max_length=10, choices=AccessLevel)
    title = models.CharField("议题", max_length=100)
    content = models.TextField("提请审议的事项")
    proposing_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name="提出单位"
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提出人"
    )
    proposed_at = models.DateTimeField("提出时间")
    units = models.ManyToManyField(Unit, through="TopicUnit", related_name="+")
    appeals = models.ManyToManyField(Appeal, through="TopicAppeal", related_name="+")
    # 1 at the first circulation, one more at each further one.
    round = models.PositiveSmallIntegerField("征求意见轮次", default=0)
    # The meeting on whose agenda it stands now.
    meeting = models.ForeignKey(
        "Meeting", models.PROTECT, null=True, related_name="topics_planned", verbose_name="会议"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="审定人"
    )
    approved_as = models.CharField("审定人身份", max_length=10, blank=True)
    approved_at = models.DateTimeField("审定时间", null=True)
    result = models.CharField("审议结果", max_length=12, choices=TopicResult, blank=True)

    class Meta:
        verbose_name = "议题"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["body", "state", "-id"], name="topic_body_state"),
            models.Index(fields=["proposing_unit", "-id"], name="topic_proposing_unit"),
        ]

    def __str__(self) -> str:
        """Show number and title."""
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        """Return the topic's page."""
        return reverse("conference:topic_detail", args=[self.number])

    @property
    def is_restricted(self) -> bool:
        """Whether whoever reads it confirms first that it goes no further."""
        return self.access == AccessLevel.RESTRICTED


class TopicUnit(models.Model):
    """A unit that a topic concerns; one of them leads."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="concerned", verbose_name="议题")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="涉及单位")
    lead = models.BooleanField("牵头", default=False)

    class Meta:
        verbose_name = "议题涉及单位"
        ordering = ["-lead", "unit__order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["topic", "unit"], name="topic_unit_once"),
            models.UniqueConstraint(
                fields=["topic"], condition=Q(lead=True), name="topic_one_lead"
            ),
        ]

    def __str__(self) -> str:
        """Name the unit."""
        return str(self.unit)


class TopicAppeal(models.Model):
    """An appeal behind a topic; what is decided is told to it."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="behind", verbose_name="议题")
    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="+", verbose_name="诉求")

    class Meta:
        verbose_name = "议题所涉诉求"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["topic", "appeal"], name="topic_appeal_once")
        ]

    def __str__(self) -> str:
        """Name the appeal."""
        return self.appeal.number


class Opinion(models.Model):
    """What one unit is asked and answers on a topic, and whether it was taken up."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="opinions", verbose_name="议题")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    round = models.PositiveSmallIntegerField("轮次")
    stance = models.CharField("意见", max_length=8, choices=Stance, blank=True)
    text = models.TextField("理由或修改建议", blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="反馈人"
    )
    given_at = models.DateTimeField("反馈时间", null=True)
    adopted = models.BooleanField("采纳", null=True)
    answer = models.TextField("采纳情况说明", blank=True)
    # An objection that stays is put on record by name, so that the topic may go on.
    on_record = models.BooleanField("保留意见记录在案", default=False)

    class Meta:
        verbose_name = "征求意见"
        ordering = ["round", "unit__order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["topic", "unit", "round"], name="opinion_once_a_round"),
            models.CheckConstraint(
                condition=Q(stance="", given_at=None) | (~Q(stance="") & Q(given_at__isnull=False)),
                name="opinion_given_or_not",
            ),
        ]
        indexes = [models.Index(fields=["unit", "topic"], name="opinion_unit")]

    def __str__(self) -> str:
        """Name unit and stance."""
        return f"{self.unit}：{self.get_stance_display() or '未反馈'}"

    @property
    def is_open_objection(self) -> bool:
        """Whether it still keeps the topic from being approved."""
        return self.stance == Stance.OBJECT and self.adopted is not True and not self.on_record
