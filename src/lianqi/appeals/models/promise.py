"""What was promised to the firm for a day, and what became of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from lianqi.appeals.enums import PromiseFate
from lianqi.appeals.models.appeal import Appeal
from lianqi.organisation.models import Unit


class PromiseQuerySet(models.QuerySet["Promise"]):
    """Finds promises by what became of them; the same words as ``Promise.fate``."""

    def with_fate(self, fate: str) -> "PromiseQuerySet":
        """Return the promises of this fate."""
        return self.filter(_FATES[PromiseFate(fate)])


class Promise(models.Model):
    """A dated sentence of an answer or stage reply, given to the firm as a promise."""

    appeal = models.ForeignKey(Appeal, models.CASCADE, related_name="promises", verbose_name="诉求")
    round = models.PositiveSmallIntegerField("轮次")
    text = models.CharField("承诺", max_length=300)
    on = models.DateField("承诺日期")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="单位")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="作出人"
    )
    made_at = models.DateTimeField("作出时间")

    kept = models.BooleanField("兑现", null=True)
    checked_at = models.DateTimeField("复核时间", null=True)
    check_note = models.TextField("复核情况", blank=True)
    # A promise of a later day took this one's place, with a reason that the firm was told.
    moved_to = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="moved_from", verbose_name="改期为"
    )
    # A new round, or the withdrawal, took its place before it was checked.
    superseded_at = models.DateTimeField("失效时间", null=True)
    denied_at = models.DateTimeField("企业反映未兑现", null=True)
    denial = models.TextField("企业说明", blank=True)
    # The firm contradicted a check: it is done again, within a limit of its own.
    reopened_at = models.DateTimeField("重新复核起", null=True)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        verbose_name = "承诺"
        ordering = ["on", "pk"]
        indexes = [
            models.Index(fields=["on", "id"], name="promise_day"),
            models.Index(fields=["unit", "on", "id"], name="promise_unit_day"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(moved_to=None) | ~Q(moved_to=F("id")),
                name="promise_not_moved_to_itself",
            )
        ]

    def __str__(self) -> str:
        """Show day and words."""
        return f"{self.on:%Y-%m-%d} {self.text}"

    @property
    def fate(self) -> PromiseFate:
        """What became of it; a broken promise stays broken, whatever was promised after it."""
        if self.kept is not None:
            return PromiseFate.KEPT if self.kept else PromiseFate.BROKEN
        if self.moved_to_id is not None:
            return PromiseFate.MOVED
        return PromiseFate.OPEN if self.superseded_at is None else PromiseFate.SUPERSEDED


_UNCHECKED = Q(kept=None)
_FATES = {
    PromiseFate.KEPT: Q(kept=True),
    PromiseFate.BROKEN: Q(kept=False),
    PromiseFate.MOVED: _UNCHECKED & Q(moved_to__isnull=False),
    PromiseFate.OPEN: _UNCHECKED & Q(moved_to=None, superseded_at=None),
    PromiseFate.SUPERSEDED: _UNCHECKED & Q(moved_to=None, superseded_at__isnull=False),
}
