"""Who holds which post, from when to when."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from lianqi.kernel.clock import today
from lianqi.organisation.enums import BODY_POSTS, SYSTEM_POSTS, UNIT_POSTS, Post
from lianqi.organisation.models.body import Body
from lianqi.organisation.models.unit import Unit
from lianqi.organisation.models.user import User


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Finds appointments by date."""

    def in_force(self) -> Self:
        """Return those in force today, stand-ins' included."""
        day = today()
        return self.filter(
            Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day, revoked_at=None
        ).order_by("pk")

    def own(self) -> Self:
        """Return those held in one's own right, without stand-ins."""
        return self.filter(acting_for=None)


class Appointment(models.Model):
    """A person's post in a unit or a body, or in running the system, with its dates."""

    user = models.ForeignKey(User, models.PROTECT, related_name="appointments", verbose_name="人员")
    post = models.CharField("岗位", max_length=20, choices=Post)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="appointments", verbose_name="单位"
    )
    body = models.ForeignKey(
        Body, models.PROTECT, null=True, related_name="appointments", verbose_name="议事机构"
    )
    title = models.CharField("职务", max_length=60, blank=True)
    valid_from = models.DateField("任职起")
    valid_to = models.DateField("任职止", null=True)
    source = models.CharField("依据", max_length=200, blank=True)
    # A stand-in's appointment points to the one whose desk it has for some days.
    acting_for = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="stand_ins", verbose_name="代理谁的岗位"
    )
    revoked_at = models.DateTimeField("提前结束", null=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = "任职"
        constraints = [
            models.CheckConstraint(
                condition=Q(acting_for=None) | Q(valid_to__isnull=False),
                name="appointment_acting_ends",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="appointment_dates_ordered",
            ),
            models.CheckConstraint(
                condition=(
                    Q(post__in=sorted(UNIT_POSTS), unit__isnull=False, body=None)
                    | Q(post__in=sorted(BODY_POSTS), body__isnull=False)
                    | Q(post__in=sorted(SYSTEM_POSTS), unit=None, body=None)
                ),
                name="appointment_where_it_belongs",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "post", "valid_to"], name="appointment_unit"),
            models.Index(fields=["body", "post", "valid_to"], name="appointment_body"),
        ]

    def __str__(self) -> str:
        """Say who holds which post."""
        return f"{self.user} {self.describe()}"

    def describe(self) -> str:
        """Return the post in words, e.g. 经济发展局联络员."""
        where = self.body.name if self.body else self.unit.name if self.unit else ""
        post = _("%(where)s%(post)s") % {"where": where, "post": self.get_post_display()}
        if self.acting_for is None:
            return post
        return _("%(post)s（代%(name)s）") % {"post": post, "name": self.acting_for.user}

    @property
    def desk_words(self) -> str:
        """Return the post without who is standing in for whom."""
        where = self.body.name if self.body else self.unit.name if self.unit else ""
        return f"{where}{self.get_post_display()}"
