"""The enterprise (or private-economy person) and the codes it had before."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from lianqi.enterprises.enums import EnterpriseKind, EnterpriseState, Origin, Size


class Enterprise(models.Model):
    """A party the district serves, known by its 统一社会信用代码, never keyed by it."""

    state = models.CharField("状态", max_length=10, choices=EnterpriseState)
    kind = models.CharField(
        "类别", max_length=14, choices=EnterpriseKind, default=EnterpriseKind.COMPANY
    )
    # NULL for a private-economy person, who has no code; unique where there is one.
    uscc = models.CharField("统一社会信用代码", max_length=18, null=True, unique=True)  # noqa: DJ001 NULLs never collide
    name = models.CharField("名称", max_length=120)
    industry_code = models.CharField("行业代码", max_length=6, blank=True)
    employees = models.PositiveIntegerField("从业人员", null=True, blank=True)
    revenue_wan = models.DecimalField(
        "营业收入（万元）", max_digits=14, decimal_places=2, null=True, blank=True
    )
    assets_wan = models.DecimalField(
        "资产总额（万元）", max_digits=14, decimal_places=2, null=True, blank=True
    )
    size = models.CharField("规模", max_length=8, choices=Size, blank=True)
    address = models.CharField("地址", max_length=200, blank=True)
    private = models.BooleanField("民营", default=True)
    origin = models.CharField("来源", max_length=12, choices=Origin)
    registered_at = models.DateTimeField("登记时间")
    verified_at = models.DateTimeField("核验时间", null=True)

    class Meta:
        verbose_name = "企业"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "-id"], name="enterprise_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="person") | Q(uscc__isnull=False), name="enterprise_has_code"
            )
        ]

    def __str__(self) -> str:
        """Show the name."""
        return self.name

    def get_absolute_url(self) -> str:
        """Return the firm's page for officials."""
        return reverse("enterprises:enterprise_detail", args=[self.pk])


class FormerCode(models.Model):
    """A code that a firm had before, e.g. before 个转企."""

    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="former_codes", verbose_name="企业"
    )
    uscc = models.CharField("原代码", max_length=18)
    until = models.DateField("使用至")
    reason = models.CharField("原因", max_length=100)

    class Meta:
        verbose_name = "曾用代码"
        indexes = [models.Index(fields=["uscc"], name="former_code")]

    def __str__(self) -> str:
        """Show the code."""
        return self.uscc
