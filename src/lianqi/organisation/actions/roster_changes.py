"""人员调整备案: a unit files a new leader or liaison, the desk is handed over on the day."""

from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse

from lianqi.engines.worktime.explanation import date_text
from lianqi.kernel.access import Actor
from lianqi.kernel.clock import today
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.models.outbox import Channel
from lianqi.kernel.numbering import next_number
from lianqi.kernel.outbox import enqueue
from lianqi.kernel.phones import Phone
from lianqi.organisation.access import unit_desk
from lianqi.organisation.actions.appointments import seat
from lianqi.organisation.actions.roster import free_username
from lianqi.organisation.enums import Post, RosterChangeState
from lianqi.organisation.models import Appointment, RosterChange, Unit, User
from lianqi.organisation.queries.desks import duties_at
from lianqi.organisation.workflow import ROSTER_CHANGE

UNDECIDED = (RosterChangeState.FILED, RosterChangeState.ACKNOWLEDGED)


def file_roster_change(
    unit: Unit,
    *,
    actor: Actor,
    post: str,
    successor_name: str,
    successor_title: str,
    successor_phone: Any,
    effective_on: date,
    reason: str,
) -> RosterChange:
    """File that a unit's leader or liaison changes (附件1 四（二）).

    Raises:
        RuleBroken: the post already has a filing under way, or its holder is the one named.
    """
    held = (
        Appointment.objects.in_force()
        .own()
        .filter(unit=unit, body=None, post=post)
        .select_related("user")
        .first()
    )
    change = RosterChange(
        unit=unit,
        post=post,
        successor_name=successor_name,
        successor_title=successor_title,
        successor_phone=successor_phone,
        reason=reason,
        effective_on=effective_on,
        filed_by=actor,
        predecessor=held.user if held else None,
    )
    with ROSTER_CHANGE.starting("file", change, actor=actor) as step:
        list(Unit.objects.select_for_update().filter(pk=unit.pk).values_list("pk"))
        _refuse_second_filing(change)
        if held and (held.user.full_name, held.title) == (successor_name, successor_title):
            raise RuleBroken(
                f"{successor_name}已是本单位{Post(post).label}，人员没有变化，不用备案。",
                field="successor_name",
            )
        if held and effective_on <= held.valid_from:
            raise RuleBroken(
                f"现任{held.user}自{date_text(held.valid_from)}起任职，生效日期要晚于这一天，请核对。",
                field="effective_on",
            )
        change.filed_at = step.at
        change.number = f"BA{step.at:%Y}-{next_number('roster_change', step.at.year):04d}"
        step.says(
            f"{unit.name}{Post(post).label}拟由{successor_name}接任，"
            f"{date_text(effective_on)}起。{reason}"
        )
    return change


def _refuse_second_filing(change: RosterChange) -> None:
    earlier = RosterChange.objects.filter(
        unit=change.unit, post=change.post, state__in=UNDECIDED
    ).first()
    if earlier is not None:
        raise RuleBroken(
            f"这个岗位已有一件备案{earlier.number}在办（{earlier.get_state_display()}），"
            "请等它办结或请办公室退回后再报。",
            field="post",
        )


def acknowledge_roster_change(
    change: RosterChange, *, actor: Actor, note: str = ""
) -> RosterChange:
    """Acknowledge a filing; it takes effect at once if its day has come."""
    with transaction.atomic():
        with ROSTER_CHANGE.taking("acknowledge", change, actor=actor) as step:
            step.says(note or "同意备案。")
        if change.effective_on <= today():
            take_effect(change, actor=actor)
    return change


def return_roster_change(change: RosterChange, *, actor: Actor, note: str) -> RosterChange:
    """Send a filing back to the unit with the reason."""
    with ROSTER_CHANGE.taking("return_filing", change, actor=actor) as step:
        step.says(note)
    return change


def take_effect(change: RosterChange, *, actor: Actor) -> RosterChange:
    """Seat the successor and hand over what the desk owes, with a list of it.

    Duties belong to the desk, so they need no moving; the list shows the successor what came along.
    """
    with ROSTER_CHANGE.taking("take_effect", change, actor=actor) as step:
        change.successor = _successor(change)
        seat(
            change.successor,
            actor=actor,
            post=change.post,
            unit=change.unit,
            title=change.successor_title,
            valid_from=change.effective_on,
            source=f"备案{change.number}",
        )
        change.handed_over = duties_at(unit_desk(change.unit, change.post).key)
        step.says(f"{change.successor}接任，移交在办事项{len(change.handed_over)}件。")
    return change


def _successor(change: RosterChange) -> User:
    """Return the successor's account: the one in this unit, or a new one without a password."""
    named = User.objects.filter(
        full_name=change.successor_name, appointments__unit=change.unit
    ).distinct()
    if isinstance(change.successor_phone, Phone):
        named = named.filter(phone_index=change.successor_phone.index)
    found = named.order_by("-is_active", "pk").first()
    if found is not None:
        return found
    made = User.objects.create_user(
        free_username(change.unit, change.post),
        full_name=change.successor_name,
        phone=change.successor_phone,
    )
    # Without a first password the successor cannot sign in, and the desk stands empty.
    enqueue(
        Channel.DESK,
        f"system:{Post.SECADMIN}",
        title=f"请为接任人发放首次密码：{made}",
        text=f"{change}，账号{made.username}，核实身份后在账号管理中重置密码。",
        url=reverse("organisation:account_detail", args=[made.pk]),
    )
    return made
