"""One firm: its facts, why it has its size, whom to call, what happened."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqi.engines.enterprise_size import INDICATORS, SECTIONS, Bound, thresholds
from lianqi.enterprises.access import memberships_now
from lianqi.enterprises.models import Contact, Enterprise, FormerCode, Membership
from lianqi.enterprises.workflow import ENTERPRISE
from lianqi.kernel.access import may
from lianqi.kernel.clock import today
from lianqi.kernel.models import Duty, JournalEntry
from lianqi.kernel.models.duty import DutyState
from lianqi.kernel.models.journal import Audience
from lianqi.kernel.remaining import remaining_text
from lianqi.organisation.models import User

FOR_FIRMS = (Audience.ENTERPRISE, Audience.PUBLIC)
SIZE_SOURCE = "《统计上大中小微型企业划分办法（2017）》（国统字〔2017〕213号）"
_UNITS = {
    "employees": gettext_lazy("人"),
    "revenue": gettext_lazy("万元"),
    "assets": gettext_lazy("万元"),
}
_COLUMNS = {"employees": "employees", "revenue": "revenue_wan", "assets": "assets_wan"}
_TONES = {"verify": "green", "enter": "green", "readmit": "green", "refuse": "amber"}


@dataclass(frozen=True)
class Clause:
    """The clause behind a step."""

    number: str
    text: str
    source: str = "联席会议工作规则附件3"


CLAUSES = [
    Clause(
        "四（一）",
        "采集民营企业诉求响应平台入库企业信息，做好涉企部门、企业入驻平台相关工作。",
    )
]


@dataclass(frozen=True)
class StepButton:
    """A step this person may take now."""

    key: str
    label: str
    url: str
    tone: str


@dataclass(frozen=True)
class TimelineEntry:
    """One line of the timeline."""

    at: datetime
    label: str
    actor_label: str
    text: str
    tone: str


@dataclass(frozen=True)
class ContactRow:
    """A contact with the ways to correct it and to see its number."""

    contact: Contact
    edit_url: str = ""
    reveal_url: str = ""


@dataclass(frozen=True)
class AccountRow:
    """An account of the firm."""

    membership: Membership
    live: bool
    renew_url: str = ""
    end_url: str = ""


@dataclass(frozen=True)
class SizeLine:
    """One indicator of the size table: the firm's figure against the three lower bounds."""

    indicator: str
    figure: str
    large: str
    medium: str
    small: str


@dataclass(frozen=True)
class SizeReason:
    """Why a firm has its size class, or why it has none."""

    verdict: str
    lines: list[SizeLine]
    source: str = SIZE_SOURCE


def facts_of(enterprise: Enterprise) -> list[tuple[str, object]]:
    """Return what is known of a firm, in the order people ask for it."""
    return [
        (_("类别"), enterprise.get_kind_display()),
        (_("统一社会信用代码"), enterprise.uscc or _("无（民营经济人士）")),
        (_("行业"), industry_text(enterprise.industry_code)),
        (_("从业人员"), _figure(enterprise.employees, _("人"))),
        (_("营业收入"), _figure(enterprise.revenue_wan, _("万元"))),
        (_("资产总额"), _figure(enterprise.assets_wan, _("万元"))),
        (_("规模"), enterprise.get_size_display() or _("未划型")),
        (_("地址"), enterprise.address),
    ]


def industry_text(code: str) -> str:
    """Return an industry code with the name of its section."""
    section = SECTIONS.get(code[:1])
    return f"{code}（{section.name}）" if section else code


def _figure(value: Any, unit: str) -> str:
    if value is None:
        return ""
    digits = f"{value:,}"
    return f"{digits.rstrip('0').rstrip('.') if '.' in digits else digits} {unit}"


def size_reason(enterprise: Enterprise) -> SizeReason:
    """Return the thresholds behind the size class, beside the firm's figures."""
    if not enterprise.industry_code:
        return SizeReason(_("未填行业代码，暂不能划分规模。"), [])
    bounds = thresholds(enterprise.industry_code)
    if not bounds:
        return SizeReason(_("这个行业不在划分办法之内，或行业代码太粗，不划分规模。"), [])
    lines = [_size_line(bound, enterprise) for bound in bounds]
    missing = [INDICATORS[bound.indicator] for bound in bounds if _of(bound, enterprise) is None]
    if missing:
        return SizeReason(
            _("缺少%(missing)s，暂不能划分规模。") % {"missing": "、".join(missing)}, lines
        )
    verdict = _("划为%(size)s：各项指标须同时达到下限，否则下划一档。")
    return SizeReason(verdict % {"size": enterprise.get_size_display()}, lines)


def _of(bound: Bound, enterprise: Enterprise) -> Any:
    return getattr(enterprise, _COLUMNS[bound.indicator])


def _size_line(bound: Bound, enterprise: Enterprise) -> SizeLine:
    unit = _UNITS[bound.indicator]
    return SizeLine(
        indicator=f"{_(INDICATORS[bound.indicator])}（{unit}）",
        figure=_figure(_of(bound, enterprise), "").strip() or _("未填"),
        large=f"{bound.large:,}",
        medium=f"{bound.medium:,}",
        small=f"{bound.small:,}",
    )


def steps_for(enterprise: Enterprise, user: User) -> list[StepButton]:
    """Return the buttons of the steps this person may take now."""
    return [
        StepButton(
            step.key,
            step.label,
            reverse("enterprises:enterprise_step", args=[enterprise.pk, step.key]),
            step.tone,
        )
        for step in ENTERPRISE.open_steps(enterprise, user)
    ]


def live_duty(enterprise: Enterprise) -> Duty | None:
    """Return the duty to verify the firm while it is owed, with its remaining time in words."""
    duty = Duty.objects.about(enterprise).filter(state=DutyState.OPEN).first()
    if duty is not None:
        duty.remaining_text = remaining_text(duty)  # type: ignore[attr-defined]
    return duty


def contacts_of(enterprise: Enterprise, user: User) -> list[ContactRow]:
    """Return whom to call; numbers stay masked, with the ways this person has to more."""
    may_edit = may(user, "enterprises.correct_enterprise", enterprise)
    rows = []
    for contact in enterprise.contacts.all():
        asked = urlencode({"for": f"enterprises.contact:{contact.pk}:phone"})
        revealing = may(user, "enterprises.reveal_phone", contact)
        edit_url = reverse("enterprises:contact_edit", args=[enterprise.pk, contact.pk])
        rows.append(
            ContactRow(
                contact,
                edit_url if may_edit else "",
                f"{reverse('kernel:reveal_phone')}?{asked}" if revealing else "",
            )
        )
    return rows


def accounts_of(enterprise: Enterprise, user: User) -> list[AccountRow]:
    """Return who signs in for the firm, and who did."""
    may_manage = may(user, "enterprises.open_account", enterprise)
    rows = []
    for held in enterprise.memberships.select_related("user").order_by("pk"):
        live = held.until is None or held.until >= today()
        ways = {}
        if may_manage and live:
            at = [enterprise.pk, held.pk]
            ways["renew_url"] = reverse("enterprises:account_renew", args=at)
            ways["end_url"] = reverse("enterprises:account_end", args=at)
        rows.append(AccountRow(held, live and held.user.is_active, **ways))
    return rows


def former_codes(enterprise: Enterprise) -> list[FormerCode]:
    """Return the codes the firm had before, newest first."""
    return list(enterprise.former_codes.order_by("-until", "-pk"))


def timeline(enterprise: Enterprise, *, for_firm: bool = False) -> list[TimelineEntry]:
    """Return what happened, newest first; a firm reads its own lines, without officials' names."""
    lines = JournalEntry.objects.about(enterprise).order_by("-seq")
    if for_firm:
        lines = lines.filter(audience__in=FOR_FIRMS)
    return [
        TimelineEntry(
            at=line.at,
            label=line.label,
            actor_label="" if for_firm else line.actor_label,
            text=line.text,
            tone=_TONES.get(line.verb.rpartition(".")[2], "grey"),
        )
        for line in lines[:200]
    ]


def my_enterprises(user: User) -> list[Enterprise]:
    """Return the firms this account acts for."""
    return [held.enterprise for held in memberships_now(user)]
