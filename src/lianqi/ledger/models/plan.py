"""Work plans that were read, and the tasks found in them."""

import json

from django.conf import settings
from django.db import models
from django.urls import reverse

from lianqi.kernel.crypto import sm3
from lianqi.ledger.enums import ItemSource, PlanState, Recurs, TaskFate
from lianqi.ledger.models.item import Item


class WorkPlan(models.Model):
    """A plan, scheme or task table; read again as often as a new version of it comes."""

    state = models.CharField("状态", max_length=10, choices=PlanState)
    title = models.CharField("名称", max_length=120)
    year = models.PositiveSmallIntegerField("计划年度")
    source = models.CharField("来源", max_length=12, choices=ItemSource, default=ItemSource.PLAN)
    basis = models.CharField("文号或依据", max_length=120, blank=True)
    issued_on = models.DateField("印发日期", null=True)
    programme = models.CharField("专项标签", max_length=40, blank=True)
    # How often it has been read; the file of each reading is an attachment.
    reading = models.PositiveSmallIntegerField("第几次读取", default=1)
    warnings = models.JSONField("整体存疑", default=list)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="导入人"
    )
    read_at = models.DateTimeField("导入时间")
    docketed_at = models.DateTimeField("立项时间", null=True)
    # For whom the clock still gives the orders of a long plan, one by one.
    assigning_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="陆续交办",
    )

    class Meta:
        verbose_name = "工作计划"
        ordering = ["-pk"]
        constraints = [
            # A newer version is read into the plan that is there, never beside it.
            models.UniqueConstraint(fields=["title", "year"], name="plan_once_a_year")
        ]

    def __str__(self) -> str:
        """Show the title."""
        return self.title

    def get_absolute_url(self) -> str:
        """Return the review page."""
        return reverse("ledger:plan_detail", args=[self.pk])


class PlanTask(models.Model):
    """One task as it was read, and as the office has corrected it; the original stays beside it."""

    plan = models.ForeignKey(WorkPlan, models.CASCADE, related_name="tasks", verbose_name="计划")
    fate = models.CharField("去向", max_length=10, choices=TaskFate, default=TaskFate.WAITING)
    fate_reason = models.CharField("不立项理由", max_length=200, blank=True)
    # What the task is known by in a later version: its place in the plan and its title.
    mark = models.CharField("识别码", max_length=64)
    order = models.PositiveIntegerField("顺序")
    path = models.JSONField("所在标题", default=list)
    title = models.CharField("事项", max_length=120)
    text = models.TextField("原文")
    units = models.JSONField("责任单位", default=list)  # by name, the lead unit first
    deadline_text = models.CharField("时限原文", max_length=120, blank=True)
    dates = models.JSONField("日期", default=list)  # ISO, ascending
    recurs = models.CharField("重复", max_length=10, choices=Recurs, blank=True)
    open_ended = models.BooleanField("持续推进", default=False)
    warnings = models.JSONField("存疑", default=list)
    # What a reading said of the fields that a person has overruled: {"dates": [...]}. Another
    # reading that says the same again is no difference.
    corrected = models.JSONField("已改", default=dict)
    # What the newest reading says otherwise than what stands here: {"dates": [...]}.
    difference = models.JSONField("与新版的差异", default=dict)
    items = models.ManyToManyField(Item, related_name="plan_tasks", verbose_name="台账事项")

    class Meta:
        verbose_name = "计划任务"
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["plan", "mark"], name="plan_task_once")]

    def __str__(self) -> str:
        """Show the title."""
        return self.title

    @property
    def fingerprint(self) -> str:
        """A digest of what stands in it now: two people's corrections do not overwrite each other."""
        said = [self.fate, self.title, self.units, self.deadline_text, self.dates, self.open_ended]
        return sm3(json.dumps([*said, self.warnings], ensure_ascii=False).encode())

    @property
    def doubtful(self) -> bool:
        """Whether something in it was assumed or not understood."""
        return bool(self.warnings)
