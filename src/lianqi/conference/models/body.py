"""What each body's meetings go by: its rules, its member units, who stands in for whom."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from lianqi.conference.enums import Attends, DelegationScope, MeetingKind, WhoMay
from lianqi.kernel.clock import today
from lianqi.kernel.models.limits import LimitSource
from lianqi.organisation.enums import BodyCode
from lianqi.organisation.models import Unit


class MeetingRuleQuerySet(models.QuerySet["MeetingRule"]):
    """Finds rules by date."""

    def in_force(self, body: str, kind: str, on: date | None = None) -> "MeetingRule | None":
        """Return the rule of a body's form of meeting on a day (today), None if it has none."""
        dated = self.filter(body=body, kind=kind, effective_from__lte=on or today())
        return dated.order_by("-effective_from").first()


class MeetingRule(models.Model):
    """How often a body meets in one form, who convenes, who approves topics, who attends."""

    body = models.CharField("议事机构", max_length=8, choices=BodyCode)
    kind = models.CharField("会议形式", max_length=10, choices=MeetingKind)
    # In a calendar year; none: as needed, without a light.
    least = models.PositiveSmallIntegerField("每年至少", null=True)
    most = models.PositiveSmallIntegerField("每年至多", null=True)
    # From this month on, a year that lacks meetings shows amber.
    warn_month = models.PositiveSmallIntegerField("提醒月份", default=10)
    convened_by = models.CharField("谁召集", max_length=24, choices=WhoMay)
    approved_by = models.CharField("谁审定议题", max_length=24, choices=WhoMay)
    attends = models.CharField("谁出席", max_length=12, choices=Attends)
    source = models.CharField("来源", max_length=10, choices=LimitSource)
    basis = models.CharField("依据", max_length=200)
    effective_from = models.DateField("生效日期")
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="设置人"
    )

    objects = MeetingRuleQuerySet.as_manager()

    class Meta:
        verbose_name = "会议规则"
        ordering = ["body", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "kind", "effective_from"], name="meeting_rule_dated_once"
            ),
            models.CheckConstraint(
                condition=Q(least=None) | Q(most=None) | Q(most__gte=F("least")),
                name="meeting_rule_counts_ordered",
            ),
            models.CheckConstraint(
                condition=Q(warn_month__gte=1, warn_month__lte=12), name="meeting_rule_month"
            ),
        ]

    def __str__(self) -> str:
        """Name body and form."""
        return f"{self.get_body_display()}{self.get_kind_display()}"


class MemberUnitQuerySet(models.QuerySet["MemberUnit"]):
    """Finds memberships by date."""

    def in_force(self, body: str, on: date | None = None) -> "MemberUnitQuerySet":
        """Return the memberships of a body on a day (today)."""
        day = on or today()
        return self.filter(Q(until=None) | Q(until__gte=day), body=body, since__lte=day)


class MemberUnit(models.Model):
    """A unit's membership in a body, from when to when (the annexes do not list the members)."""

    body = models.CharField("议事机构", max_length=8, choices=BodyCode)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="成员单位")
    since = models.DateField("加入日期")
    until = models.DateField("退出日期", null=True)
    source = models.CharField("依据", max_length=200)

    objects = MemberUnitQuerySet.as_manager()

    class Meta:
        verbose_name = "成员单位"
        ordering = ["body", "unit__order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "unit"], condition=Q(until=None), name="member_unit_once"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="member_dates_ordered"
            ),
        ]

    def __str__(self) -> str:
        """Name unit and body."""
        return f"{self.unit}（{self.get_body_display()}）"


class Delegation(models.Model):
    """A recorded word that somebody acts for the convener or the chair."""

    body = models.CharField("议事机构", max_length=8, choices=BodyCode)
    scope = models.CharField("事项", max_length=8, choices=DelegationScope)
    # For signing, the one meeting whose minutes are meant.
    meeting = models.ForeignKey(
        "Meeting", models.PROTECT, null=True, related_name="delegations", verbose_name="会议"
    )
    delegate = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="受托人"
    )
    # At which desk the delegate finds what is owed.
    desk = models.CharField("受托人岗位", max_length=60)
    desk_label = models.CharField("受托人岗位名称", max_length=160)
    reason = models.CharField("原因和依据", max_length=300)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人"
    )
    recorded_at = models.DateTimeField("登记时间")
    valid_until = models.DateField("有效期至")

    class Meta:
        verbose_name = "委托记录"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["body", "scope", "valid_until"], name="delegation_in_force")
        ]

    def __str__(self) -> str:
        """Say who acts for what."""
        return f"委托{self.delegate}{self.get_scope_display()}"
