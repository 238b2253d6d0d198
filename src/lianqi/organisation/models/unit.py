"""The district and its units."""

from django.db import models
from django.urls import reverse


class Region(models.Model):
    """The district that this instance serves; there is one row."""

    code = models.CharField("区划代码", max_length=12, unique=True)
    name = models.CharField("名称", max_length=60)
    short_name = models.CharField("简称", max_length=20)

    class Meta:
        verbose_name = "区域"

    def __str__(self) -> str:
        """Show the name."""
        return self.name


class Unit(models.Model):
    """A department, township, company or stationed agency that takes part."""

    code = models.CharField("代码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=60, unique=True)
    aliases = models.JSONField("别名", default=list, blank=True)
    kind = models.CharField("性质", max_length=40, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name="区域")
    order = models.PositiveSmallIntegerField("排序", default=0)
    # A responsible unit without an account in the system, e.g. a court (附件5 二（一）3).
    on_platform = models.BooleanField("入驻平台", default=True)
    active = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = "单位"
        ordering = ["order", "code"]

    def __str__(self) -> str:
        """Show the name."""
        return self.name

    def get_absolute_url(self) -> str:
        """Return the unit's page."""
        return reverse("organisation:unit_detail", args=[self.code])
