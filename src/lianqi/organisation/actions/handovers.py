"""代理: a person away for some days lends the desk to a colleague; it comes back by itself."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from lianqi.engines.worktime.explanation import date_text
from lianqi.kernel.access import SYSTEM, Actor
from lianqi.kernel.clock import now, today
from lianqi.kernel.errors import RuleBroken, StepUnfit
from lianqi.kernel.journal import write_line
from lianqi.kernel.limits import time_limit
from lianqi.kernel.models.outbox import Channel
from lianqi.kernel.outbox import enqueue
from lianqi.organisation.access import desk_key, may_be_handed_over, office_desk
from lianqi.organisation.actions.appointments import forget_posts
from lianqi.organisation.actions.permissions import require
from lianqi.organisation.enums import BodyCode
from lianqi.organisation.models import Appointment, DeskHandover, User
from lianqi.organisation.queries.desks import duties_at, unread_notices
from lianqi.organisation.queries.handovers import possible_stand_ins


@transaction.atomic
def hand_over_desk(
    held: Appointment,
    *,
    actor: Actor,
    stand_in: User,
    valid_from: date,
    valid_to: date,
    reason: str,
) -> DeskHandover:
    """Lend a desk to a colleague from one day to another: its duties and rights, for those days.

    The holder keeps the post and may act beside the stand-in; what each signs says in which
    capacity. The conference's office is told, nobody has to agree.

    Raises:
        NotPermitted: neither the holder, nor who directs the post, nor the conference's director.
        RuleBroken: the post may not be lent or is lent already, the colleague may not stand in,
            or the days do not fit (limit roster.stand_in).
    """
    list(Appointment.objects.select_for_update().filter(pk=held.pk).values_list("pk"))
    require(actor, "organisation.hand_over_desk", held)
    _check(held, actor, stand_in, valid_from, valid_to)
    acting = Appointment.objects.create(
        user=stand_in,
        post=held.post,
        unit=held.unit,
        body=held.body,
        title=held.title,
        valid_from=valid_from,
        valid_to=valid_to,
        source=f"代理{held.user}：{reason}"[:200],
        acting_for=held,
    )
    duties = duties_at(desk_key(held))
    handover = DeskHandover.objects.create(
        appointment=acting,
        reason=reason,
        filed_by=actor,
        filed_at=now(),
        handed_over=duties,
        notices=unread_notices(held.user, duties),
    )
    text = (
        f"{held.desk_words}{held.user}的工作由{stand_in}代理，"
        f"{date_text(valid_from)}至{date_text(valid_to)}。{reason}"
    )
    _record(handover, actor, "handover.begin", "交出工作台", text)
    forget_posts(stand_in)
    return handover


def _check(
    held: Appointment, actor: Actor, stand_in: User, valid_from: date, valid_to: date
) -> None:
    if not may_be_handed_over(held):
        raise RuleBroken("系统、安全、审计、纪检监督岗位和代理中的岗位不能再交出。", field="post")
    if stand_in.pk == actor.pk:
        raise RuleBroken("不能把岗位交给自己，请由岗位本人或另一位领导登记。", field="stand_in")
    if stand_in.pk not in [person.pk for person in possible_stand_ins(held)]:
        raise RuleBroken("代理人须是同一单位或同一办公室的在任人员，请另选。", field="stand_in")
    _check_days(held, valid_from, valid_to)
    _check_free(held, stand_in, valid_from, valid_to)


def _check_days(held: Appointment, valid_from: date, valid_to: date) -> None:
    if valid_from < today():
        raise RuleBroken("代理不能从过去的日期开始。", field="valid_from")
    if valid_to < valid_from:
        raise RuleBroken("截止日期早于开始日期，请核对。", field="valid_to")
    longest = time_limit("roster.stand_in").amount
    if valid_to - valid_from >= timedelta(days=longest):
        raise RuleBroken(f"代理最长{longest}天，更久的请报人员调整。", field="valid_to")
    if held.valid_to is not None and valid_to > held.valid_to:
        raise RuleBroken(f"{held.user}的任职到{date_text(held.valid_to)}止。", field="valid_to")


def _check_free(held: Appointment, stand_in: User, valid_from: date, valid_to: date) -> None:
    overlapping = Appointment.objects.filter(
        acting_for=held, revoked_at=None, valid_from__lte=valid_to, valid_to__gte=valid_from
    )
    if overlapping.exists():
        raise RuleBroken("这几天已经有人代理这个岗位，请先结束原来的代理。", field="valid_from")
    # Two who are away at the same time cannot have each other's desk.
    away = Appointment.objects.filter(
        acting_for__user=stand_in,
        revoked_at=None,
        valid_from__lte=valid_to,
        valid_to__gte=valid_from,
    )
    if away.exists():
        raise RuleBroken(f"{stand_in}这几天自己的岗位也交给别人代理，请另选。", field="stand_in")


@transaction.atomic
def end_handover(handover: DeskHandover, *, actor: Actor) -> DeskHandover:
    """Give the desk back: early, with effect at once, or by the clock after its last day.

    Raises:
        NotPermitted: the actor is no party to it and could not have lent the desk.
        StepUnfit: it is over already.
    """
    acting = handover.appointment
    if actor is not SYSTEM:
        require(actor, "organisation.take_back_desk", handover)
    # Compare-and-set: of two who end it at once, the second hears that it is over.
    ended = DeskHandover.objects.filter(pk=handover.pk, ended_at=None)
    if not ended.update(ended_at=now(), ended_by_id=actor.pk):
        raise StepUnfit("这项代理已经结束，请刷新页面看最新情况。")
    handover.refresh_from_db()
    early = Q(pk=acting.pk, revoked_at=None, valid_to__gte=today())
    if Appointment.objects.filter(early).update(revoked_at=now()):
        acting.refresh_from_db()
    text = f"{acting.desk_words}交还{handover.principal.user}，{acting.user}的代理结束。"
    _record(handover, actor, "handover.end", "交还工作台", text)
    forget_posts(acting.user)
    return handover


def _record(handover: DeskHandover, actor: Actor, verb: str, label: str, text: str) -> None:
    """Write the line and tell the office, the holder's desk and the stand-in."""
    write_line(handover, actor=actor, verb=verb, label=label, text=text)
    url = handover.get_absolute_url()
    desks = (office_desk(BodyCode.JC).key, desk_key(handover.principal))
    for desk in dict.fromkeys(desks):
        enqueue(Channel.DESK, desk, title=f"{label}：{handover}", text=text, url=url)
