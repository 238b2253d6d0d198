"""对账: what the office's book and the unit's say of each item, side by side, once a month."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from lianqi.ledger.enums import ItemState, LineAnswer, Ruling, StatementState
from lianqi.ledger.models.item import Item
from lianqi.organisation.models import Unit


class Statement(models.Model):
    """One unit's statement of a month."""

    number = models.CharField("编号", max_length=24, unique=True)
    state = models.CharField("状态", max_length=10, choices=StatementState)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    month = models.CharField("月份", max_length=7)  # 2020-09
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="开账人"
    )
    opened_at = models.DateTimeField("开账时间")
    answered_at = models.DateTimeField("单位核对时间", null=True)
    settled_at = models.DateTimeField("对账完毕时间", null=True)

    class Meta:
        verbose_name = "对账单"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["month", "state"], name="statement_month")]
        constraints = [
            models.UniqueConstraint(fields=["unit", "month"], name="statement_once_a_month")
        ]

    def __str__(self) -> str:
        """Show unit and month."""
        return f"{self.number} {self.unit}{self.month}对账单"

    def get_absolute_url(self) -> str:
        """Return the statement's page."""
        return reverse("ledger:statement_detail", args=[self.number])


class StatementLine(models.Model):
    """One item on a statement: the office's values frozen at its opening, the unit's beside them."""

    statement = models.ForeignKey(
        Statement, models.CASCADE, related_name="lines", verbose_name="对账单"
    )
    item = models.ForeignKey(
        Item, models.PROTECT, related_name="statement_lines", verbose_name="事项"
    )
    office_state = models.CharField("办公室：状态", max_length=10, choices=ItemState)
    office_percent = models.PositiveSmallIntegerField("办公室：进度")
    office_light = models.CharField("办公室：灯号", max_length=10)
    answer = models.CharField("单位意见", max_length=10, choices=LineAnswer, blank=True)
    unit_done = models.BooleanField("单位：已完成", null=True)
    unit_percent = models.PositiveSmallIntegerField("单位：进度", null=True)
    unit_note = models.CharField("单位：说明", max_length=300, blank=True)
    ruling = models.CharField("裁定", max_length=10, choices=Ruling, blank=True)
    ruling_note = models.CharField("裁定理由", max_length=300, blank=True)

    class Meta:
        verbose_name = "对账明细"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["statement", "item"], name="statement_line_once")
        ]

    def __str__(self) -> str:
        """Show the item."""
        return str(self.item)

    @property
    def agreed(self) -> bool:
        """Whether both books say the same, or the office has taken the unit's word."""
        return self.answer == LineAnswer.AGREED or self.ruling == Ruling.ADOPTED
