"""Field studies: the plan, its visits, the report, what was found (附件1 第六条)."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from lianqi.conference.enums import StudyState
from lianqi.conference.models.matter import AssignedMatter
from lianqi.organisation.enums import BodyCode
from lianqi.organisation.models import Unit


class FieldStudy(models.Model):
    """A field study of how decisions are carried out."""

    number = models.CharField("编号", max_length=24, unique=True)
    state = models.CharField("状态", max_length=10, choices=StudyState)
    body = models.CharField("议事机构", max_length=8, choices=BodyCode, default=BodyCode.JC)
    title = models.CharField("调研题目", max_length=100)
    scope = models.TextField("调研指导事项")
    plan = models.TextField("工作方案")
    units = models.ManyToManyField(Unit, related_name="+", verbose_name="参加单位")
    report_on = models.DateField("报告日期")
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提出人"
    )
    planned_at = models.DateTimeField("提出时间")
    consented_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="同意人"
    )
    consented_at = models.DateTimeField("同意时间", null=True)
    report = models.TextField("调研报告", blank=True)
    reported_at = models.DateTimeField("报告时间", null=True)

    class Meta:
        verbose_name = "调研"
        verbose_name_plural = "调研"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "-id"], name="study_state")]

    def __str__(self) -> str:
        """Show number and title."""
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        """Return the study's page."""
        return reverse("conference:study_detail", args=[self.number])


class Visit(models.Model):
    """A visit of a field study: where it goes on which day, what was seen."""

    study = models.ForeignKey(
        FieldStudy, models.CASCADE, related_name="visits", verbose_name="调研"
    )
    place = models.CharField("调研单位或地点", max_length=100)
    planned_on = models.DateField("计划日期")
    done_on = models.DateField("实际日期", null=True)
    participants = models.CharField("参加人员", max_length=200, blank=True)
    seen = models.TextField("了解的情况", blank=True)

    class Meta:
        verbose_name = "实地调研"
        ordering = ["planned_on", "pk"]

    def __str__(self) -> str:
        """Name the place."""
        return self.place


class Finding(AssignedMatter):
    """Something a field study found that somebody has to put right."""

    study = models.ForeignKey(
        FieldStudy, models.PROTECT, related_name="findings", verbose_name="调研"
    )

    class Meta(AssignedMatter.Meta):
        verbose_name = "调研发现"
        verbose_name_plural = "调研发现"
        ordering = ["pk"]

    def get_absolute_url(self) -> str:
        """Return the study's page at its findings."""
        return f"{self.study.get_absolute_url()}#findings"
