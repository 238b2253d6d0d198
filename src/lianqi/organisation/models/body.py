"""The joint conference and its task forces."""

from django.db import models

from lianqi.organisation.enums import BodyCode
from lianqi.organisation.models.unit import Unit


class Body(models.Model):
    """A working body with its approval basis and the unit that hosts its office (A1-1-1)."""

    code = models.CharField("代码", max_length=8, unique=True, choices=BodyCode)
    name = models.CharField("名称", max_length=60)
    host_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="hosted_bodies", verbose_name="办公室所在单位"
    )
    approval_ref = models.CharField("设立依据", max_length=200)
    established_on = models.DateField("设立日期", null=True)

    class Meta:
        verbose_name = "议事机构"
        verbose_name_plural = "议事机构"

    def __str__(self) -> str:
        """Show the name."""
        return self.name
