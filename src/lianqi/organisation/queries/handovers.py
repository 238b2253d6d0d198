"""Desks that were lent: the list, whom one may lend a desk to, and what one has oneself."""

from typing import Any

from django.db.models import Q, QuerySet

from lianqi.kernel.clock import today
from lianqi.organisation.access import desk_key, hands_over, visible_handovers
from lianqi.organisation.enums import SYSTEM_POSTS, BodyCode, Post
from lianqi.organisation.models import Appointment, DeskHandover, User

_LOADED = (
    "filed_by",
    "ended_by",
    "appointment__user",
    "appointment__unit",
    "appointment__body",
    "appointment__acting_for__user",
    "appointment__acting_for__unit",
    "appointment__acting_for__body",
)


def handover_rows(user: User, *, running: bool = False) -> QuerySet[DeskHandover]:
    """Return the handovers this person may see, those not over yet if asked."""
    rows = visible_handovers(user).select_related(*_LOADED)
    if running:
        rows = rows.filter(
            ended_at=None, appointment__revoked_at=None, appointment__valid_to__gte=today()
        )
    return rows


def desks_to_lend(user: User) -> list[Appointment]:
    """Return the posts whose desks this person may hand over, their own first."""
    own = [post.pk for post in user.own_posts_now]
    places = Q(pk__in=own)
    for post in user.own_posts_now:
        if post.post in (Post.LEADER, Post.PRINCIPAL) and post.body_id is None:
            places |= Q(unit=post.unit_id, body=None)
        if post.post == Post.OFFICE_DIRECTOR:
            places |= Q(body=post.body_id)
            if post.body.code == BodyCode.JC:
                places |= ~Q(post__in=SYSTEM_POSTS | {Post.DISCIPLINE})
    rows = Appointment.objects.in_force().own().filter(places, user__is_active=True)
    found = [held for held in rows.select_related("user", "unit", "body") if hands_over(user, held)]
    return sorted(found, key=lambda held: (held.pk not in own, held.pk))


def possible_stand_ins(held: Appointment) -> list[User]:
    """Return who may stand in: colleagues of the same unit, or of the same desk in a body.

    Whoever supervises or runs the system stands in for nobody.
    """
    rows = Appointment.objects.in_force().own().filter(user__is_active=True)
    rows = rows.filter(body=held.body_id) if held.body_id else rows.filter(unit=held.unit_id)
    rows = rows.exclude(user=held.user_id).select_related("user", "unit", "body")
    apart = Appointment.objects.in_force().filter(post__in=[*SYSTEM_POSTS, Post.DISCIPLINE])
    kept_apart = set(apart.values_list("user_id", flat=True))
    people = {
        row.user_id: row.user
        for row in rows
        if row.user_id not in kept_apart and _sits_near(row, held)
    }
    return sorted(people.values(), key=lambda user: user.pk)


def _sits_near(row: Appointment, held: Appointment) -> bool:
    """In a body only the same desk counts; for the convener, the director of the office."""
    if held.body_id is None:
        return True
    if held.post == Post.CONVENER:
        return row.post == Post.OFFICE_DIRECTOR
    return desk_key(row) == desk_key(held)


def own_handovers(user: User) -> list[DeskHandover]:
    """Return what concerns this person today: desks they have for others, and their own lent."""
    concerned = Q(appointment__user=user.pk) | Q(appointment__acting_for__user=user.pk)
    rows: Any = DeskHandover.objects.filter(
        concerned,
        ended_at=None,
        appointment__revoked_at=None,
        appointment__valid_from__lte=today(),
        appointment__valid_to__gte=today(),
    )
    # Hardly anybody has any on a day: asking whether is much the smaller question.
    return list(rows.select_related(*_LOADED).order_by("pk")) if rows.exists() else []
