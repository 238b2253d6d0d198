"""Hints that an answer deserves a call, and the sample of closed appeals that get one."""

from django.db import models

from lianqi.appeals.enums import SignalKind
from lianqi.appeals.models.appeal import Appeal
from lianqi.appeals.models.rating import Callback


class ClosingSignal(models.Model):
    """A fact about how an appeal was closed, in words; it judges nobody and counts in no rate."""

    appeal = models.ForeignKey(Appeal, models.CASCADE, related_name="signals", verbose_name="诉求")
    round = models.PositiveSmallIntegerField("轮次")
    kind = models.CharField("提示", max_length=12, choices=SignalKind)
    text = models.CharField("事实", max_length=300)
    facts = models.JSONField("要素", default=dict)
    found_at = models.DateTimeField("发现时间")

    class Meta:
        verbose_name = "办结提示"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["appeal", "round", "kind"], name="signal_once_a_round")
        ]
        indexes = [models.Index(fields=["-found_at"], name="signal_found")]

    def __str__(self) -> str:
        """Show the hint's words."""
        return f"{self.get_kind_display()}：{self.text}"


class CallbackSample(models.Model):
    """A closed appeal drawn for a call; the call's record settles it."""

    appeal = models.ForeignKey(Appeal, models.CASCADE, related_name="samples", verbose_name="诉求")
    round = models.PositiveSmallIntegerField("轮次")
    reasons = models.JSONField("抽取原因", default=list)
    # What the draw gave and what it had to be below, in ten-thousandths: anybody can repeat it.
    draw = models.PositiveSmallIntegerField("抽签数")
    share = models.PositiveSmallIntegerField("抽取界限")
    drawn_at = models.DateTimeField("抽取时间")
    callback = models.OneToOneField(
        Callback, models.PROTECT, null=True, related_name="sample", verbose_name="回访"
    )

    class Meta:
        verbose_name = "回访抽样"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["appeal", "round"], name="sampled_once_a_round")
        ]
        indexes = [models.Index(fields=["-drawn_at"], name="sample_drawn")]

    def __str__(self) -> str:
        """Name the appeal."""
        return f"回访抽样 {self.appeal.number}"
