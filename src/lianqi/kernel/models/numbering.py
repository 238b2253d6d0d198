"""Running numbers without gaps."""

from django.db import models


class NumberSeries(models.Model):
    """The last number given out in one series of one year."""

    key = models.CharField("系列", max_length=40)
    year = models.PositiveSmallIntegerField("年度")
    last = models.PositiveIntegerField("末号", default=0)

    class Meta:
        verbose_name = "编号"
        constraints = [models.UniqueConstraint(fields=["key", "year"], name="series_once")]

    def __str__(self) -> str:
        """Name the series."""
        return f"{self.key}-{self.year}#{self.last}"
