"""A matter given to units: what a resolution of a meeting and a finding of a field study share."""

from datetime import date

from django.db import models
from django.db.models import Q

from lianqi.organisation.models import Unit


class AssignedMatter(models.Model):
    """Text, lead unit, responsible units, deadline; then docketed, or left out with a reason."""

    text = models.TextField("内容")
    lead_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="牵头单位")
    units = models.ManyToManyField(Unit, related_name="+", verbose_name="责任单位")
    deadline_text = models.CharField("完成时限", max_length=100)
    # ISO days that the deadline means; empty for what has no end.
    dates = models.JSONField("时限日期", default=list)
    open_ended = models.BooleanField("持续推进", default=False)
    # What it became in the ledger, or why it became nothing there.
    ledger_number = models.CharField("台账编号", max_length=100, blank=True)
    ledger_url = models.CharField("台账页面", max_length=200, blank=True)
    excuse = models.CharField("不立项理由", max_length=300, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(ledger_number="") | Q(excuse=""), name="%(class)s_docketed_or_excused"
            )
        ]

    def __str__(self) -> str:
        """Show the beginning of the text."""
        return self.text[:60]

    @property
    def is_settled(self) -> bool:
        """Whether it stands in the ledger, or was left out with a reason."""
        return bool(self.ledger_number or self.excuse)

    @property
    def days(self) -> list[date]:
        """The days of its deadline."""
        return [date.fromisoformat(day) for day in self.dates]
