"""What the organisation room does: appointments, accounts, roster import, roster changes."""

import secrets
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from lianqi.engines.roster import RosterRow, canonical_unit
from lianqi.kernel.access import Actor, may
from lianqi.kernel.clock import now, today
from lianqi.kernel.crypto import sm3
from lianqi.kernel.errors import NotPermitted, RuleBroken
from lianqi.kernel.journal import write_line
from lianqi.kernel.models import Duty
from lianqi.kernel.models.duty import DutyState
from lianqi.kernel.numbering import next_number
from lianqi.kernel.phones import phone_index
from lianqi.organisation.access import unit_desk
from lianqi.organisation.enums import SINGLE_POSTS, Post
from lianqi.organisation.models import ApiToken, Appointment, Body, RosterChange, Unit, User
from lianqi.organisation.workflow import ROSTER_CHANGE

TOKEN_LIFE = timedelta(days=365)


def _require(actor: Actor, permission: str, thing: object = None) -> None:
    if not may(actor, permission, thing):
        raise NotPermitted("您的岗位不能做这件事；需要时请联系系统管理员。")


# --- appointments


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
    """Put a person into a post from a day on; a single post's holder leaves it the day before."""
    _require(actor, "organisation.appoint")
    return seat(user, actor=actor, post=post, unit=unit, body=body, title=title, valid_from=valid_from, source=source)


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
    if post in SINGLE_POSTS and body is None:
        for former in Appointment.objects.filter(unit=unit, body=None, post=post, valid_to=None):
            if former.valid_from >= begins:
                former.delete() if former.user_id == user.pk else _end(former, former.valid_from)
            else:
                _end(former, begins - timedelta(days=1))
    made = Appointment.objects.create(
        user=user, post=post, unit=unit, body=body, title=title, valid_from=begins, source=source
    )
    write_line(
        user,
        actor=actor,
        verb="user.appoint",
        label="任职",
        text=f"{user}任{made.describe()}",
        data={"post": post, "unit": unit.code if unit else "", "body": body.code if body else ""},
    )
    return made


def _end(held: Appointment, day: date) -> None:
    held.valid_to = day
    held.save(update_fields=["valid_to"])


@transaction.atomic
def end_appointment(held: Appointment, *, actor: Actor, last_day: date) -> Appointment:
    """End a person's post on a day; what it owes stays with the desk."""
    _require(actor, "organisation.appoint")
    if last_day < held.valid_from:
        raise RuleBroken("离任日期早于任职日期，请核对。", field="last_day")
    _end(held, last_day)
    write_line(
        held.user,
        actor=actor,
        verb="user.leave_post",
        label="离任",
        text=f"{held.user}离任{held.describe()}（{last_day:%Y年%m月%d日}）",
    )
    return held


# --- roster import


@transaction.atomic
def import_roster(rows: Iterable[RosterRow], *, actor: Actor, source: str) -> dict[str, int]:
    """Enter leaders and liaisons of the roster; all rows or none (clause A3-T-1).

    A person who holds the post already keeps it; a new name takes the post over from today.
    """
    _require(actor, "organisation.import_roster")
    return enter_roster(rows, actor=actor, source=source, valid_from=today())


def enter_roster(
    rows: Iterable[RosterRow], *, actor: Actor, source: str, valid_from: date
) -> dict[str, int]:
    """Write the roster's people and posts; units must exist (by name or alias)."""
    known = {unit.name: unit.aliases for unit in Unit.objects.all()}
    units = {unit.name: unit for unit in Unit.objects.all()}
    counts = {"units": 0, "people": 0, "unchanged": 0}
    for row in rows:
        name = canonical_unit(row.unit, known)
        if name is None:
            raise RuleBroken(f"第{row.line}行：找不到单位“{row.unit}”，请先登记该单位或其别名。")
        counts["units"] += 1
        for post, person, title, phone in (
            (Post.LEADER, row.leader, row.leader_title, None),
            (Post.LIAISON, row.liaison, row.liaison_title, row.phone),
        ):
            if not person:
                continue
            changed = _fill_post(units[name], post, person, title, phone, actor, source, valid_from)
            counts["people" if changed else "unchanged"] += 1
    return counts


def _fill_post(
    unit: Unit, post: str, name: str, title: str, phone: str | None, actor: Actor, source: str, begins: date
) -> bool:
    held = (
        Appointment.objects.in_force().filter(unit=unit, body=None, post=post).select_related("user").first()
    )
    if held and held.user.full_name == name and held.title == title:
        return False
    user = _same_person(unit, name, phone) or User.objects.create_user(
        _free_username(unit, post), full_name=name, phone=phone
    )
    seat(user, actor=actor, post=post, unit=unit, title=title, valid_from=begins, source=source)
    return True


def _same_person(unit: Unit, name: str, phone: str | None) -> User | None:
    rows = User.objects.filter(full_name=name, appointments__unit=unit).distinct()
    if phone:
        rows = rows.filter(phone_index=phone_index(phone))
    return rows.first()


def _free_username(unit: Unit, post: str) -> str:
    base = f"{unit.code}_{post}"
    taken = set(User.objects.filter(username__startswith=base).values_list("username", flat=True))
    names = [base, *(f"{base}{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)


# --- roster changes


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
    """File that a unit's leader or liaison changes (附件1 四（二）)."""
    held = Appointment.objects.in_force().filter(unit=unit, body=None, post=post).first()
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
        change.filed_at = step.at
        change.number = f"BA{step.at:%Y}-{next_number('roster_change', step.at.year):04d}"
        step.says(f"{unit.name}{Post(post).label}拟由{successor_name}接任，{effective_on:%Y年%m月%d日}起。{reason}")
    return change


def acknowledge_roster_change(change: RosterChange, *, actor: Actor, note: str = "") -> RosterChange:
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
        unit = change.unit
        successor = User.objects.create_user(
            _free_username(unit, change.post), full_name=change.successor_name
        )
        successor.phone = change.successor_phone
        successor.save()
        seat(
            successor,
            actor=actor,
            post=change.post,
            unit=unit,
            title=change.successor_title,
            valid_from=change.effective_on,
            source=f"备案{change.number}",
        )
        open_duties = Duty.objects.filter(
            holder=unit_desk(unit, change.post).key, state__in=[DutyState.OPEN, DutyState.PAUSED]
        ).order_by("due_at")
        change.successor = successor
        change.handed_over = [
            {
                "matter": duty.matter,
                "label": duty.label,
                "due_at": duty.due_at.isoformat() if duty.due_at else None,
                "url": duty.url,
            }
            for duty in open_duties
        ]
        step.says(f"{successor}接任，移交在办事项{len(change.handed_over)}件。")
    return change


# --- accounts


@transaction.atomic
def reset_password(user: User, *, actor: Actor) -> str:
    """Give an account a one-time password, to be changed at first sign-in; return it once."""
    _require(actor, "organisation.open_account", user)
    password = f"{secrets.token_urlsafe(9)}Aa1!"
    user.set_password(password)
    user.must_change_password = True
    user.password_set_at = now()
    user.save(update_fields=["password", "must_change_password", "password_set_at"])
    write_line(user, actor=actor, verb="user.reset_password", label="重置密码", text="已设一次性密码")
    return password


@transaction.atomic
def suspend_account(user: User, *, actor: Actor, reason: str) -> User:
    """Close an account's door; its history stays."""
    _require(actor, "organisation.open_account", user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    write_line(user, actor=actor, verb="user.suspend", label="停用账号", text=reason)
    return user


@transaction.atomic
def restore_account(user: User, *, actor: Actor, reason: str) -> User:
    """Open a suspended account again."""
    _require(actor, "organisation.open_account", user)
    user.is_active = True
    user.save(update_fields=["is_active"])
    write_line(user, actor=actor, verb="user.restore", label="启用账号", text=reason)
    return user


@transaction.atomic
def issue_token(user: User, *, actor: Actor, label: str) -> str:
    """Issue an API token for a user and return it; only its digest is kept."""
    token = f"lq_{secrets.token_urlsafe(32)}"
    ApiToken.objects.create(
        user=user,
        label=label,
        digest=sm3(token.encode()),
        created_at=now(),
        expires_at=now() + TOKEN_LIFE,
    )
    write_line(user, actor=actor, verb="user.issue_token", label="签发接口令牌", text=label)
    return token


def user_of_token(token: str) -> User | None:
    """Return the active user behind a token that is neither revoked nor expired."""
    row = (
        ApiToken.objects.filter(digest=sm3(token.encode()), revoked_at=None, expires_at__gt=now())
        .select_related("user")
        .first()
    )
    return row.user if row and row.user.is_active else None
