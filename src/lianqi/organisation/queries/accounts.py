"""Accounts as the security administrator sees them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address, ip_network

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lianqi.kernel.clock import now, today
from lianqi.kernel.models import JournalEntry
from lianqi.organisation.access import visible_users
from lianqi.organisation.models import Appointment, User

UNUSED_AFTER = timedelta(days=90)
VIEWS = {
    "": _("全部"),
    "active": _("使用中"),
    "suspended": _("已停用"),
    "unused": _("90天未用"),
    "no_post": _("无任职"),
}


def account_rows(user: User, *, view: str = "", text: str = "") -> QuerySet[User]:
    """Return the accounts of one view; a firm's people hold no post and count as 无任职."""
    rows = visible_users(user)
    conditions = {
        "active": Q(is_active=True),
        "suspended": Q(is_active=False),
        "unused": _unused(),
        "no_post": Q(is_active=True) & ~Q(Exists(_posts_in_force())),
    }
    if view in conditions:
        rows = rows.filter(conditions[view])
    if text:
        rows = rows.filter(Q(username__icontains=text) | Q(full_name__icontains=text))
    return rows


def _posts_in_force() -> QuerySet[Appointment]:
    day = today()
    return Appointment.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=day),
        user=OuterRef("pk"),
        valid_from__lte=day,
        revoked_at=None,
    )


def _unused() -> Q:
    """Active accounts that nobody has used for 90 days (GB/T 22239: 及时停用多余账户)."""
    before = now() - UNUSED_AFTER
    never = Q(last_login=None, joined_at__lt=before)
    return Q(is_active=True) & (Q(last_login__lt=before) | never)


def posts_by_user(users: Iterable[User]) -> dict[int, list[Appointment]]:
    """Return today's posts of these users; one query."""
    found: dict[int, list[Appointment]] = {}
    rows = Appointment.objects.in_force().filter(user__in=[user.pk for user in users])
    for post in rows.select_related("unit", "body", "acting_for__user"):
        found.setdefault(post.user_id, []).append(post)
    return found


def appointable_people(named: str = "") -> QuerySet[User]:
    """Return whom one may put into a post: officials, accounts opened for them, and one by number.

    Firms' people register themselves and would fill the choice with thousands.
    """
    opened = JournalEntry.objects.filter(
        subject_type=User._meta.label_lower, verb="user.open"
    ).values("subject_id")
    held = Exists(Appointment.objects.filter(user=OuterRef("pk")))
    asked = Q(pk=int(named)) if named.isdecimal() and len(named) < 18 else Q(pk__in=[])
    return User.objects.filter(Q(held) | Q(pk__in=opened) | asked, is_active=True)


def posts_of(user: User) -> QuerySet[Appointment]:
    """Return all posts a person has held, the latest first."""
    return user.appointments.select_related("unit", "body", "acting_for__user").order_by(
        "-valid_from", "-pk"
    )


@dataclass(frozen=True)
class Door:
    """One browser in which an account is signed in."""

    since: object
    ip: str
    browser: str


def open_doors(user: User) -> list[Door]:
    """Return where the account is signed in now."""
    sessions = UserSession.objects.filter(user=user).order_by("-created_at")
    return [
        Door(session.created_at, session.ip, session.user_agent)
        for session in sessions
        if session.exists()
    ]


def looks_shared(doors: Iterable[Door]) -> bool:
    """Whether an account is signed in from two networks at once, as shared accounts are."""
    return len({_network(door.ip) for door in doors}) > 1


def _network(ip: str) -> object:
    return ip_network(f"{ip}/{24 if ip_address(ip).version == 4 else 64}", strict=False)


def has_second_factor(user: User) -> bool:
    """Whether the person has set up an authenticator."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def account_lines(user: User, most: int = 30) -> list[JournalEntry]:
    """Return the newest journal lines about an account."""
    return list(JournalEntry.objects.about(user).order_by("-seq")[:most])
