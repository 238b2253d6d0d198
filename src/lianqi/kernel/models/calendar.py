"""The working calendar and office hours, dated and editable."""

from django.db import models


class DayKind(models.TextChoices):
    """How a day departs from the plain Monday-to-Friday week."""

    OFF = "off", "放假"
    SHIFTED = "shifted", "调休上班"


class CalendarDay(models.Model):
    """A day that the State Council's notice (or the district) sets apart."""

    date = models.DateField("日期", unique=True)
    kind = models.CharField("性质", max_length=8, choices=DayKind)
    name = models.CharField("名称", max_length=40)
    source = models.CharField("依据", max_length=300)

    class Meta:
        verbose_name = "日历"
        ordering = ["date"]

    def __str__(self) -> str:
        """Say the day and what it is."""
        return f"{self.date} {self.name}{self.get_kind_display()}"


class OfficeHoursRow(models.Model):
    """Office hours from one day on."""

    morning_start = models.TimeField("上午上班")
    morning_end = models.TimeField("上午下班")
    afternoon_start = models.TimeField("下午上班")
    afternoon_end = models.TimeField("下午下班")
    effective_from = models.DateField("生效日期", unique=True)
    source = models.CharField("依据", max_length=200)

    class Meta:
        verbose_name = "办公时间"
        ordering = ["-effective_from"]

    def __str__(self) -> str:
        """Say the hours."""
        return (
            f"{self.morning_start:%H:%M}-{self.morning_end:%H:%M}，"
            f"{self.afternoon_start:%H:%M}-{self.afternoon_end:%H:%M}"
        )
