"""A firm comes into the directory: it registers itself, or the office enters it."""

from typing import Any

from django.db import IntegrityError, transaction

from lianqi.enterprises.actions.facts import checked_code, code_is_known, fill
from lianqi.enterprises.enums import EnterpriseKind, Origin
from lianqi.enterprises.models import Contact, Enterprise, Membership
from lianqi.enterprises.workflow import ENTERPRISE
from lianqi.kernel.access import Actor
from lianqi.kernel.clock import now, today
from lianqi.kernel.errors import RuleBroken
from lianqi.organisation.models import User


def register_enterprise(
    *,
    username: str,
    password: str,
    contact_name: str,
    contact_phone: Any,
    uscc: str | None,
    kind: str = EnterpriseKind.COMPANY,
    consent: str = "",
    **facts: Any,
) -> Enterprise:
    """Let a firm register itself: account at once, verification by the office to follow.

    ``consent`` is the version of the data notice that was agreed to (个人信息保护法 第14条).

    Raises:
        RuleBroken: code or username is taken, or a fact is wrong; ``field`` names which.
    """
    user = User(username=username, full_name=contact_name, phone=contact_phone)
    user.set_password(password)
    user.password_set_at = now()
    enterprise = _new(uscc, kind, Origin.REGISTERED, facts)
    try:
        with transaction.atomic():
            user.save()
            with ENTERPRISE.starting("register", enterprise, actor=user) as step:
                enterprise.registered_at = step.at
                step.says(f"{enterprise.name}自助注册，联系人{contact_name}。", consent=consent)
            Contact.objects.create(
                enterprise=enterprise, name=contact_name, phone=contact_phone, main=True
            )
            Membership.objects.create(user=user, enterprise=enterprise, since=today())
    except IntegrityError as taken:
        known = _who_is_there(enterprise.uscc, username)
        if known is None:
            raise
        raise known from taken
    return enterprise


def enter_enterprise(
    *,
    actor: Actor,
    uscc: str | None,
    kind: str = EnterpriseKind.COMPANY,
    origin: str = Origin.ENTERED,
    contact_name: str = "",
    contact_phone: Any = "",
    **facts: Any,
) -> Enterprise:
    """Enter a firm that the office knows; it is verified at once.

    Raises:
        NotPermitted: the actor's post may not enter firms.
        RuleBroken: the code is taken, or a fact is wrong; ``field`` names which.
    """
    enterprise = _new(uscc, kind, origin, facts)
    try:
        with transaction.atomic():
            start_entered(enterprise, actor=actor)
            if contact_name and contact_phone:
                Contact.objects.create(
                    enterprise=enterprise, name=contact_name, phone=contact_phone, main=True
                )
    except IntegrityError as taken:
        known = code_is_known(enterprise.uscc)
        if known is None:
            raise
        raise known from taken
    return enterprise


def start_entered(enterprise: Enterprise, *, actor: Actor, **data: Any) -> None:
    """Let an unsaved firm into the directory as verified, with its journal line."""
    with ENTERPRISE.starting("enter", enterprise, actor=actor) as step:
        enterprise.registered_at = enterprise.verified_at = step.at
        step.says(f"{enterprise.name}登记入库。", **data)


def _new(uscc: str | None, kind: str, origin: str, facts: dict[str, Any]) -> Enterprise:
    """Return the unsaved firm; its code is asked for once more by the database's constraint."""
    code = checked_code(uscc, kind)
    known = code_is_known(code)
    if known:
        raise known
    enterprise = Enterprise(uscc=code, kind=kind, origin=origin)
    fill(enterprise, facts)
    return enterprise


def _who_is_there(uscc: str | None, username: str) -> RuleBroken | None:
    """Return which of the two was taken while we were writing."""
    if User.objects.filter(username=username).exists():
        return RuleBroken(f"用户名“{username}”已被使用，请换一个。", field="username")
    return code_is_known(uscc)
