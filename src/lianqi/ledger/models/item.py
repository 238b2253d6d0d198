"""The item: one matter with a lead unit, a person and a due rule; its units and its milestones."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from lianqi.ledger.enums import Grade, ItemSource, ItemState, Period, Recurs
from lianqi.organisation.models import Unit


class Item(models.Model):
    """A matter of the ledger (督办台账): 明确牵头部门、责任单位、办理时限 (A1-7-2)."""

    number = models.CharField("编号", max_length=24, unique=True)
    state = models.CharField("状态", max_length=10, choices=ItemState)
    title = models.CharField("事项", max_length=120)
    text = models.TextField("内容", blank=True)
    source = models.CharField("来源", max_length=12, choices=ItemSource)
    # What it was born from, a task of a plan or a record of a higher room; one record, one item a year.
    origin_type = models.CharField("来源对象类别", max_length=60, blank=True)
    origin_id = models.BigIntegerField("来源对象编号", null=True)
    # Of an imported ledger: a digest of what the row says, so that importing it again doubles nothing.
    mark = models.CharField("导入识别码", max_length=64, blank=True)
    basis = models.CharField("依据文件", max_length=200, blank=True)
    # The day of that document: what was due before it is entered later (补录) and judges nobody.
    issued_on = models.DateField("文件印发日期", null=True)
    backfilled = models.BooleanField("补录", default=False)
    programme = models.CharField("专项标签", max_length=40, blank=True)

    lead_unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="led_items", verbose_name="牵头单位"
    )
    # Units of the text that no account stands behind, by their names.
    unknown_units = models.JSONField("未登记单位", default=list)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="具体责任人",
    )

    deadline_text = models.CharField("时限原文", max_length=120, blank=True)
    due_on = models.DateField("完成时限", null=True)
    # The same day where lists are sorted; what has none stands at the end.
    sort_on = models.DateField("排序日期", default=date.max)
    recurs = models.CharField("重复", max_length=10, choices=Recurs, blank=True)
    period = models.CharField("报送周期", max_length=10, choices=Period, default=Period.MONTHLY)
    # A recurring matter: the year this item is for, and the item of the year before.
    year = models.PositiveSmallIntegerField("年度")
    previous = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="followers", verbose_name="上一年度"
    )

    percent = models.PositiveSmallIntegerField("进度", default=0)
    reported_at = models.DateTimeField("最近报送", null=True)
    explained_at = models.DateTimeField("最近说明逾期原因", null=True)
    grade = models.CharField("评定", max_length=10, choices=Grade, blank=True)
    # Whether both books say the same: set by a settled statement, gone when the item moves on.
    agreed_at = models.DateTimeField("对账一致时间", null=True)

    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="拟立项人",
    )
    drafted_at = models.DateTimeField("拟立项时间")
    docketed_at = models.DateTimeField("立项时间", null=True)
    assigned_at = models.DateTimeField("交办时间", null=True)
    signed_at = models.DateTimeField("签收时间", null=True)
    # When the unit applied for the closing that was accepted: this, not the review, is punctual or late.
    completed_at = models.DateTimeField("完成时间", null=True)
    struck_at = models.DateTimeField("销号时间", null=True)
    # Kept from the dates above, so that lists and boards tell the light from the row alone.
    amber_at = models.DateTimeField("转临期时间", null=True)
    red_at = models.DateTimeField("转逾期时间", null=True)
    dark_at = models.DateTimeField("转严重逾期时间", null=True)
    # Open-ended: until when the last report holds.
    checked_until = models.DateTimeField("报送有效至", null=True)

    class Meta:
        verbose_name = "台账事项"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["state", "sort_on", "id"], name="item_state_due"),
            models.Index(fields=["sort_on", "id"], name="item_due"),
            models.Index(fields=["origin_type", "origin_id"], name="item_origin"),
            # All that board and scorecards count by, so that they never read the rows themselves.
            models.Index(
                fields=[
                    "lead_unit",
                    "state",
                    "year",
                    "completed_at",
                    "due_on",
                    "amber_at",
                    "red_at",
                    "dark_at",
                    "explained_at",
                    "checked_until",
                    "backfilled",
                ],
                name="item_board",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["origin_type", "origin_id", "year"],
                condition=~Q(origin_type=""),
                name="item_once_per_origin_and_year",
            ),
            models.UniqueConstraint(
                fields=["mark", "year"], condition=~Q(mark=""), name="item_once_per_mark_and_year"
            ),
            models.CheckConstraint(condition=Q(percent__lte=100), name="item_percent"),
        ]

    def __str__(self) -> str:
        """Show number and title."""
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        """Return the item's page."""
        return reverse("ledger:item_detail", args=[self.number])

    # Django's own version hashes every label of the choices anew at each call.
    def get_state_display(self) -> str:  # type: ignore[no-redef]
        """Return the state in words."""
        return str(ItemState(self.state).label)

    @property
    def open_ended(self) -> bool:
        """Whether it goes on without a day on which it must be done (持续推进、长期)."""
        return self.due_on is None


class ItemUnit(models.Model):
    """A unit's part in an item; state and day stand here too, so that a unit's list is one index."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="shares", verbose_name="事项")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    leads = models.BooleanField("牵头")
    stage = models.CharField("事项状态", max_length=10, choices=ItemState)
    sort_on = models.DateField("排序日期", default=date.max)

    class Meta:
        verbose_name = "责任单位"
        ordering = ["-leads", "pk"]
        indexes = [models.Index(fields=["unit", "stage", "sort_on", "item"], name="share_unit_due")]
        constraints = [
            models.UniqueConstraint(fields=["item", "unit"], name="share_once"),
            models.UniqueConstraint(
                fields=["item"], condition=Q(leads=True), name="share_one_leads"
            ),
        ]

    def __str__(self) -> str:
        """Show the unit and its part."""
        return f"{self.unit}{'（牵头）' if self.leads else ''}"


class Milestone(models.Model):
    """One of several days within a year by which part of an item is to be done (一期、每季度末)."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="milestones", verbose_name="事项")
    label = models.CharField("节点", max_length=40)
    due_on = models.DateField("日期")
    reached_at = models.DateTimeField("完成时间", null=True)
    note = models.CharField("完成情况", max_length=500, blank=True)

    class Meta:
        verbose_name = "节点"
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["item", "due_on"], name="milestone_once_a_day")
        ]

    def __str__(self) -> str:
        """Show the milestone."""
        return f"{self.label}（{self.due_on}）"
