"""The appeal itself."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from lianqi.appeals.enums import AppealState, Channel, DeclineReason, Kind, Outcome
from lianqi.enterprises.models import Enterprise
from lianqi.kernel.phones import PhoneField, PhoneIndexField
from lianqi.organisation.models import Unit


class Appeal(models.Model):
    """What an enterprise or a private-economy person asks of the district (附件3 一)."""

    number = models.CharField("编号", max_length=24, unique=True)
    state = models.CharField("状态", max_length=14, choices=AppealState)
    kind = models.CharField("类别", max_length=12, choices=Kind)
    channel = models.CharField("渠道", max_length=8, choices=Channel, default=Channel.WEB)
    # The city platform's own number, where the appeal came from there (A3-3-1-1).
    upstream_id = models.CharField("市平台编号", max_length=60, blank=True)
    urgent = models.BooleanField("紧急", default=False)
    title = models.CharField("标题", max_length=100)
    content = models.TextField("内容")

    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="appeals", verbose_name="诉求主体"
    )
    # The firm keeps from the handling units who it is; title and content are then told without it.
    sealed_at = models.DateTimeField("要求保密时间", null=True)
    contact_name = models.CharField("联系人", max_length=40)
    contact_phone = PhoneField("联系电话")
    contact_phone_index = PhoneIndexField("contact_phone")
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提交人"
    )

    lead_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="led_appeals", verbose_name="主办单位"
    )
    co_units = models.ManyToManyField(
        Unit, through="CoHandler", related_name="assisted_appeals", verbose_name="协办单位"
    )
    resume_state = models.CharField("补充后回到", max_length=14, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="merged", verbose_name="并入"
    )
    decline_reason = models.CharField(
        "不予受理原因", max_length=16, choices=DeclineReason, blank=True
    )
    decline_route = models.CharField("建议途径", max_length=300, blank=True)

    # 1 at first; each redo raises the level at which the appeal is handled.
    round = models.PositiveSmallIntegerField("办理轮次", default=1)
    outcome = models.CharField("办理结果", max_length=14, choices=Outcome, blank=True)
    reply = models.TextField("答复", blank=True)
    # What a drafted answer promises: {"text", "on"}; rows of Promise once the answer goes out.
    promises_drafted = models.JSONField("拟作承诺", default=list)
    # Of the answer's promises, the next day to come; kept in step with them by the actions.
    promised_on = models.DateField("承诺日期", null=True)
    promise_kept = models.BooleanField("承诺已兑现", null=True)

    submitted_at = models.DateTimeField("提交时间")
    accepted_at = models.DateTimeField("受理时间", null=True)
    dispatched_at = models.DateTimeField("派单时间", null=True)
    # When the answer's clock began: first dispatch (or acceptance), again at each redo.
    clock_started_at = models.DateTimeField("办理起算", null=True)
    signed_at = models.DateTimeField("签收时间", null=True)
    contacted_at = models.DateTimeField("首次联系时间", null=True)
    answered_at = models.DateTimeField("答复时间", null=True)
    closed_at = models.DateTimeField("办结时间", null=True)
    # Kept by the workflow from the live duties: what the firm is promised, else what is due next.
    due_at = models.DateTimeField("应办时间", null=True)
    red_at = models.DateTimeField("转逾期时间", null=True)
    # Likewise: when the first of the open ones turns, or has turned, red.
    first_red_at = models.DateTimeField("首项转逾期时间", null=True)

    class Meta:
        verbose_name = "诉求"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["state", "due_at", "id"], name="appeal_state_due"),
            models.Index(fields=["lead_unit", "state", "due_at", "id"], name="appeal_unit_due"),
            models.Index(fields=["enterprise", "-id"], name="appeal_enterprise"),
            models.Index(fields=["due_at", "id"], name="appeal_due"),
            models.Index(
                fields=["first_red_at"],
                name="appeal_red",
                condition=models.Q(first_red_at__isnull=False),
            ),
            # What came in lately: the board's figures, and lists since a day.
            models.Index(fields=["submitted_at"], name="appeal_submitted"),
            # What was done on a day.
            *(
                models.Index(
                    fields=[f"{stage}_at"],
                    name=f"appeal_{stage}",
                    condition=Q(**{f"{stage}_at__isnull": False}),
                )
                for stage in ("accepted", "dispatched", "signed", "answered", "closed")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["upstream_id"], condition=~Q(upstream_id=""), name="appeal_upstream_once"
            )
        ]

    def __str__(self) -> str:
        """Show number and title."""
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        """Return the appeal's page (officials and firms share the address, not the page)."""
        return reverse("appeals:appeal_detail", args=[self.number])

    # Django's own versions hash every label of the choices anew at each call, a hundred times a list.
    def get_state_display(self) -> str:  # type: ignore[no-redef]
        """Return the state in words."""
        return str(AppealState(self.state).label)

    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        """Return the kind in words."""
        return str(Kind(self.kind).label)

    @property
    def sealed(self) -> bool:
        """Whether the firm keeps from the handling units who it is."""
        return self.sealed_at is not None

    @property
    def co_unit_ids(self) -> set[int]:
        """Return the units that help now."""
        return set(
            self.cohandlers.filter(active=True).values_list("unit_id", flat=True)  # type: ignore[attr-defined]
        )

    @property
    def handling_unit_ids(self) -> set[int]:
        """Return lead and helping units."""
        return self.co_unit_ids | ({self.lead_unit_id} if self.lead_unit_id else set())
