"""What the three rates are counted from: one row of facts an appeal, live and frozen."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from lianqi.appeals.enums import ContactFact, FirmWord, Kind, Level, Outcome
from lianqi.appeals.models.appeal import Appeal
from lianqi.organisation.models import Unit


class CaseFacts(models.Model):
    """The facts of one dispatched appeal that figures count; live and frozen rows are alike."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="主办单位")
    kind = models.CharField("类别", max_length=12, choices=Kind)
    # The first dispatch: a ruling or a redo does not move an appeal into another period.
    dispatched_on = models.DateField("首次派单日")
    contact = models.CharField("首次联系", max_length=6, choices=ContactFact)
    answered = models.BooleanField("已答复", default=False)
    outcome = models.CharField("办理结果", max_length=14, choices=Outcome, blank=True)
    word = models.CharField("企业意见", max_length=10, choices=FirmWord, blank=True)
    level = models.PositiveSmallIntegerField("最近评价", null=True)
    bad_ratings = models.PositiveSmallIntegerField("不满意次数", default=0)
    closed = models.BooleanField("曾办结", default=False)
    reopened = models.BooleanField("办结后重启", default=False)
    returned = models.PositiveSmallIntegerField("退单退稿次数", default=0)
    extension_refused = models.BooleanField("延期未获批", default=False)
    nudges = models.PositiveSmallIntegerField("企业催办次数", default=0)
    # Approved entries of the exclusion ledger, one column a rate.
    out_response = models.BooleanField("响应率剔除", default=False)
    out_resolution = models.BooleanField("解决率剔除", default=False)
    out_satisfaction = models.BooleanField("满意率剔除", default=False)

    class Meta:
        abstract = True

    @property
    def level_word(self) -> str:
        """Return the last rating in words, "" where there is none."""
        return str(Level(self.level).label) if self.level else ""


FACT_NAMES = tuple(field.attname for field in CaseFacts._meta.local_fields)


class CaseFact(CaseFacts):
    """The facts of an appeal as they stand, kept in the transaction of each step."""

    appeal = models.OneToOneField(
        Appeal, models.CASCADE, primary_key=True, related_name="facts", verbose_name="诉求"
    )

    class Meta:
        verbose_name = "诉求统计要素"
        indexes = [
            models.Index(fields=["dispatched_on", "unit"], name="fact_period"),
            models.Index(fields=["unit", "dispatched_on"], name="fact_unit"),
        ]

    def __str__(self) -> str:
        """Name the appeal."""
        return str(self.appeal)


class FrozenRates(models.Model):
    """The three rates of a period as the office froze them, with all they were counted from."""

    number = models.CharField("编号", max_length=24, unique=True)
    first_day = models.DateField("起")
    last_day = models.DateField("止")
    # {unit code: {cell: count}}, and the settings under which the page was shown.
    figures = models.JSONField("数据", default=dict)
    settings_then = models.JSONField("当时的设置", default=dict)
    digest = models.CharField("校验值", max_length=64)
    note = models.TextField("说明", blank=True)
    frozen_at = models.DateTimeField("固化时间")
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="固化人"
    )
    published_at = models.DateTimeField("公开时间", null=True)

    class Meta:
        verbose_name = "三率固化表"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["published_at"], name="frozen_published")]

    def __str__(self) -> str:
        """Show number and period."""
        return f"{self.number} {self.first_day:%Y-%m-%d}至{self.last_day:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        """Return the frozen table's page."""
        return reverse("appeals:frozen_rates_detail", args=[self.number])


class FrozenFact(CaseFacts):
    """The facts of one appeal on the day of the freeze; never changed."""

    table = models.ForeignKey(
        FrozenRates, models.CASCADE, related_name="rows", verbose_name="三率固化表"
    )
    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="+", verbose_name="诉求")

    class Meta:
        verbose_name = "固化的统计要素"
        constraints = [models.UniqueConstraint(fields=["table", "appeal"], name="frozen_fact_once")]
        indexes = [models.Index(fields=["table", "unit"], name="frozen_fact_unit")]

    def __str__(self) -> str:
        """Name table and appeal."""
        return f"{self.table_id}:{self.appeal_id}"
