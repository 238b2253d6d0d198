"""The one table of obligations, and the stops and extensions of their clocks."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from lianqi.engines.worktime import light
from lianqi.kernel.clock import now
from lianqi.kernel.models.about import AboutSubject


class DutyState(models.TextChoices):
    """What has become of a duty."""

    OPEN = "open", "待办"
    PAUSED = "paused", "暂停计时"
    DONE = "done", "已办"
    LAPSED = "lapsed", "未办即过"  # the matter went on without it
    MOOT = "moot", "不再需要"


class Duty(AboutSubject):
    """A matter, a holder, a deadline: who owes which step on which record, by when."""

    workflow = models.CharField("流程", max_length=40)
    key = models.CharField("应办步骤", max_length=40)
    # Which of several things on the subject it is owed for, e.g. one of its promises.
    part = models.CharField("所涉部分", max_length=20, blank=True, default="")
    label = models.CharField("事项", max_length=40)
    matter = models.CharField("所涉事情", max_length=200)
    url = models.CharField("页面", max_length=200)
    holder = models.CharField("责任岗位", max_length=60)
    holder_label = models.CharField("责任人或岗位", max_length=160)
    unit_code = models.CharField("责任单位代码", max_length=40, blank=True)
    waiting = models.CharField("谁在等", max_length=160, blank=True)
    # An advisory duty is an invitation (a firm's rating): never red, never urged, never counted.
    advisory = models.BooleanField("仅提示", default=False)

    state = models.CharField("状态", max_length=8, choices=DutyState, default=DutyState.OPEN)
    opened_at = models.DateTimeField("产生时间")
    started_at = models.DateTimeField("起算时间")
    due_at = models.DateTimeField("到期时间", null=True)
    amber_at = models.DateTimeField("转临期时间", null=True)
    red_at = models.DateTimeField("转逾期时间", null=True)
    limit_key = models.CharField("所依时限", max_length=60, blank=True)
    limit_text = models.CharField("时限说明", max_length=120, blank=True)
    explanation = models.JSONField("算法说明", default=list)
    closed_at = models.DateTimeField("了结时间", null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="了结人"
    )
    urge_level = models.PositiveSmallIntegerField("催办级别", default=0)
    urged_at = models.DateTimeField("最近催办", null=True)
    reminded_at = models.DateTimeField("临期提醒", null=True)

    class Meta:
        verbose_name = "责任事项"
        indexes = [
            models.Index(fields=["holder", "state", "due_at"], name="duty_desk"),
            models.Index(fields=["subject_type", "subject_id", "state"], name="duty_subject"),
            # With what a light is told from, so that a unit's numbers are counted in the index.
            models.Index(
                fields=["unit_code", "state", "due_at"],
                include=["advisory", "amber_at", "red_at"],
                name="duty_unit_lights",
            ),
            models.Index(
                fields=["waiting", "due_at"],
                name="duty_waiting",
                condition=Q(state="open", advisory=False),
            ),
            models.Index(
                fields=["red_at"], name="duty_red", condition=Q(state="open", advisory=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "key", "part", "holder"],
                condition=Q(state__in=["open", "paused"]),
                name="duty_owed_once",
            )
        ]

    def __str__(self) -> str:
        """Say who owes what on which matter."""
        return f"{self.holder_label}：{self.label}（{self.matter}）"

    @property
    def live(self) -> bool:
        """Whether it is still owed."""
        return self.state in (DutyState.OPEN, DutyState.PAUSED)

    @property
    def undated(self) -> bool:
        """Whether it has a limit whose date could not be reckoned for want of a calendar."""
        return bool(self.limit_key) and self.due_at is None

    @property
    def light(self) -> str:
        """Return green, amber, red, blue (no deadline), grey (paused, advisory or closed)."""
        if self.state != DutyState.OPEN or self.advisory:
            return "grey"
        if self.due_at is None or self.amber_at is None:
            return "blue"
        if self.red_at is None:  # one that never turns red
            return "amber" if now() >= self.amber_at else "green"
        return light(now(), self.amber_at, self.red_at)

    @property
    def overdue(self) -> bool:
        """Whether the first working day after the deadline has begun with the duty open."""
        return self.light == "red"

    @property
    def kept(self) -> bool | None:
        """Whether it was done in time; None while it is open, moot or advisory."""
        if self.advisory or self.state not in (DutyState.DONE, DutyState.LAPSED):
            return None
        if self.state == DutyState.LAPSED:
            return False
        return self.red_at is None or self.closed_at is None or self.closed_at < self.red_at


class ClockPause(AboutSubject):
    """A stretch in which a duty's clock stood still, and why."""

    duty_key = models.CharField("应办步骤", max_length=40)
    began_at = models.DateTimeField("停表")
    ended_at = models.DateTimeField("恢复", null=True)
    reason = models.CharField("原因", max_length=80)

    class Meta:
        verbose_name = "停表记录"
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="pause_subject")]

    def __str__(self) -> str:
        """Say why the clock stood."""
        return self.reason


class ClockExtension(AboutSubject):
    """Working days added to a duty's clock by a decision."""

    duty_key = models.CharField("应办步骤", max_length=40)
    days = models.PositiveSmallIntegerField("延长工作日")
    reason = models.CharField("原因", max_length=200)
    granted_at = models.DateTimeField("批准时间")

    class Meta:
        verbose_name = "延期记录"
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="extension_subject")]

    def __str__(self) -> str:
        """Say by how much."""
        return f"延期{self.days}个工作日：{self.reason}"
