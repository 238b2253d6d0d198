"""Who is put into which post, from when to when."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from lianqi.engines.worktime.explanation import date_text
from lianqi.kernel.access import Actor
from lianqi.kernel.clock import now, today
from lianqi.kernel.errors import RuleBroken, StepUnfit
from lianqi.kernel.journal import write_line
from lianqi.kernel.language import in_record_language
from lianqi.organisation.actions.permissions import require
from lianqi.organisation.enums import BODY_POSTS, SINGLE_POSTS, SYSTEM_POSTS, UNIT_POSTS, Post
from lianqi.organisation.models import Appointment, Body, Unit, User
from lianqi.organisation.models.appointment import AppointmentQuerySet

ONE_DAY = timedelta(days=1)


@transaction.atomic
def appoint(
    user: User,
    *,
    actor: Actor,
    post: str,
    unit: Unit | None = None,
    body: Body | None = None,
    title: str = "",
    valid_from: date | None = None,
    source: str = "",
) -> Appointment:
    """Put a person into a post from a day on; a single post's holder leaves it the day before.

    Raises:
        NotPermitted: the actor may not appoint, or names an administrator without being the
            security administrator (三员分立).
        RuleBroken: the place does not fit the post, the actor would appoint himself, the person
            holds the post already, or would hold two of the three administrators' posts.
    """
    require(actor, "organisation.appoint")
    if post in SYSTEM_POSTS:
        require(actor, "organisation.appoint_administrator")
    if user.pk == actor.pk:
        raise RuleBroken("不能给自己登记任职，请由另一位有权限的同志办理。", field="user")
    _check_place(post, unit, body)
    return seat(
        user,
        actor=actor,
        post=post,
        unit=unit,
        body=body,
        title=title,
        valid_from=valid_from,
        source=source,
    )


def _check_place(post: str, unit: Unit | None, body: Body | None) -> None:
    label = Post(post).label
    if post in BODY_POSTS and body is None:
        raise RuleBroken(f"“{label}”属于议事机构，请选择是哪个机构。", field="body")
    if post in UNIT_POSTS and unit is None:
        raise RuleBroken(f"“{label}”属于单位，请选择是哪个单位。", field="unit")
    if post in UNIT_POSTS and body is not None:
        raise RuleBroken(f"“{label}”属于单位，请不要选择议事机构。", field="body")
    if post in SYSTEM_POSTS and (unit or body):
        raise RuleBroken(
            f"“{label}”不属于任何单位或议事机构，请把这两项留空。",
            field="unit" if unit else "body",
        )


def seat(
    user: User,
    *,
    actor: Actor,
    post: str,
    unit: Unit | None = None,
    body: Body | None = None,
    title: str = "",
    valid_from: date | None = None,
    source: str = "",
) -> Appointment:
    """Write an appointment that a permitted act (import, filing, appointing) has decided."""
    begins = valid_from or today()
    with transaction.atomic():
        # One order of locks for all who seat: PostgreSQL lets two of them wait for each other here.
        list(User.objects.select_for_update().filter(pk=user.pk).values_list("pk"))
        _keep_administrators_apart(user, post, begins)
        single = post in SINGLE_POSTS and body is None
        if single and unit is not None:
            list(Unit.objects.select_for_update().filter(pk=unit.pk).values_list("pk"))
            _clear_post(unit, post, begins, actor)
        elif _lasting(begins).own().filter(user=user, post=post, unit=unit, body=body).exists():
            raise RuleBroken(f"{user}已经担任这个岗位，不用重复登记。", field="post")
        made = Appointment.objects.create(
            user=user,
            post=post,
            unit=unit,
            body=body,
            title=title,
            valid_from=begins,
            source=source,
        )
        write_line(
            user,
            actor=actor,
            verb="user.appoint",
            label="任职",
            text=f"{user}任{_post_in_words(made)}，{date_text(begins)}起。{source}",
            data={
                "post": post,
                "unit": unit.code if unit else "",
                "body": body.code if body else "",
            },
        )
    forget_posts(user)
    return made


def forget_posts(user: User) -> None:
    """Drop what a loaded user object remembers of its posts."""
    for kept in ("_posts_now", "_desks"):
        user.__dict__.pop(kept, None)


def _lasting(day: date) -> AppointmentQuerySet:
    return Appointment.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), revoked_at=None)


def return_desk(held: Appointment, *, last_day: date) -> None:
    """End the stand-ins of a post that ends: they have its desk only through its holder."""
    for acting in held.stand_ins.filter(revoked_at=None, valid_to__gt=last_day):  # type: ignore[attr-defined]
        if acting.valid_from > last_day:
            acting.revoked_at = now()
        else:
            acting.valid_to = last_day
        acting.save(update_fields=["revoked_at", "valid_to"])
        forget_posts(acting.user)


def _keep_administrators_apart(user: User, post: str, begins: date) -> None:
    """系统、安全、审计管理员三员分立（GB/T 22239-2019 第三级，权限分离）."""
    if post not in SYSTEM_POSTS:
        return
    held = _lasting(begins).filter(user=user, post__in=SYSTEM_POSTS - {post}).first()
    if held is not None:
        raise RuleBroken(
            f"{user}已是{held.get_post_display()}。系统、安全、审计三员须由不同的人担任，"
            "请另选一位，或先终止原任职。",
            field="post",
        )


def _clear_post(unit: Unit, post: str, begins: date, actor: Actor) -> None:
    """End whoever would still hold the post then; one entered for the same day never held it.

    Raises:
        RuleBroken: the holder began later than that day, so his time would be wiped out.
    """
    former_holders = _lasting(begins).own().filter(unit=unit, body=None, post=post)
    for former in former_holders.select_related("user"):
        if former.valid_from > begins:
            raise RuleBroken(
                f"现任{former.user}自{date_text(former.valid_from)}起任职，"
                "接任日期不能早于这一天，请核对。",
                field="effective_on",
            )
        _write_leaving(former, actor, begins - ONE_DAY)
        return_desk(former, last_day=begins - ONE_DAY)
        if former.valid_from == begins and former.stand_ins.exists():  # type: ignore[attr-defined]
            former.revoked_at = now()
            former.save(update_fields=["revoked_at"])
        elif former.valid_from == begins:
            former.delete()
        else:
            former.valid_to = begins - ONE_DAY
            former.save(update_fields=["valid_to"])


def _post_in_words(held: Appointment) -> str:
    with in_record_language():
        return held.describe()


def _write_leaving(held: Appointment, actor: Actor, last_day: date) -> None:
    write_line(
        held.user,
        actor=actor,
        verb="user.leave_post",
        label="离任",
        text=f"{held.user}离任{_post_in_words(held)}，任至{date_text(last_day)}。",
        data={"post": held.post, "from": held.valid_from, "to": last_day},
    )


@transaction.atomic
def end_appointment(held: Appointment, *, actor: Actor, last_day: date) -> Appointment:
    """End a person's post on a day; what it owes stays with the desk.

    Raises:
        StepUnfit: the post has already ended.
        RuleBroken: the last day lies before the first, or the actor would end his own post.
    """
    require(actor, "organisation.appoint")
    if held.post in SYSTEM_POSTS:
        require(actor, "organisation.appoint_administrator")
    if held.user_id == actor.pk:
        raise RuleBroken("不能终止自己的任职，请由另一位有权限的同志办理。")
    if last_day < held.valid_from:
        raise RuleBroken("离任日期早于任职日期，请核对。", field="last_day")
    # Compare-and-set: of two who end the post at once, the second hears that it has ended.
    if not Appointment.objects.filter(pk=held.pk, valid_to=None).update(valid_to=last_day):
        raise StepUnfit("这项任职已经终止，请刷新页面看最新情况。")
    held.valid_to = last_day
    return_desk(held, last_day=last_day)
    _write_leaving(held, actor, last_day)
    forget_posts(held.user)
    return held
