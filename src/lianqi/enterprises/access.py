"""Which firms a person sees, who acts for a firm, and its desk."""

from collections.abc import Iterable

import rules
from django.db.models import Q, QuerySet

from lianqi.enterprises.models import Contact, Enterprise, ImportBatch, Membership
from lianqi.kernel.access import (
    Desk,
    Party,
    name_desks,
    name_parties,
    permit,
    seat_people,
    visible_through,
)
from lianqi.kernel.clock import today
from lianqi.organisation.access import (
    in_conference_office,
    is_auditor,
    is_official,
    is_secadmin,
    is_sysadmin,
    office_of,
)
from lianqi.organisation.enums import BodyCode
from lianqi.organisation.models import User

in_appeals_office = office_of(BodyCode.TF3)


def enterprise_desk(enterprise: Enterprise) -> Desk:
    """Return the desk of a firm, at which its accounts sit."""
    return Desk(f"enterprise:{enterprise.pk}", enterprise.name)


def memberships_now(user: User) -> list[Membership]:
    """Return the firms this account acts for today, loaded once for this user object."""
    known = getattr(user, "_memberships_now", None)
    if known is None:
        rows = Membership.objects.filter(Q(until=None) | Q(until__gte=today()), user_id=user.pk)
        known = list(rows.select_related("enterprise").order_by("pk"))
        user._memberships_now = known  # type: ignore[attr-defined]
    return known


def enterprise_ids(user: User) -> set[int]:
    """Return the firms this account acts for."""
    return {held.enterprise_id for held in memberships_now(user)} if user.pk else set()


def _desks(user: User) -> Iterable[str]:
    return [f"enterprise:{pk}" for pk in enterprise_ids(user)]


def _people(desk_key: str) -> Iterable[User]:
    kind, _, number = desk_key.partition(":")
    if kind != "enterprise":
        return []
    rows = Membership.objects.filter(
        Q(until=None) | Q(until__gte=today()), enterprise_id=int(number)
    )
    return User.objects.filter(pk__in=rows.values("user"), is_active=True)


def _name(desk_key: str) -> str:
    kind, _, number = desk_key.partition(":")
    names = Enterprise.objects.filter(pk=int(number)) if kind == "enterprise" else None
    return names.values_list("name", flat=True).first() or "" if names is not None else ""


def _parties(user: User) -> list[Party]:
    return [Party(held.enterprise.name) for held in memberships_now(user)] if user.pk else []


seat_people(_desks, _people)
name_desks(_name)
name_parties(_parties)


@rules.predicate(name="企业账号")
def acts_for_some_enterprise(user: User) -> bool:
    """Whether the account acts for any firm."""
    return bool(enterprise_ids(user))


@rules.predicate(name="本企业账号")
def acts_for(user: User, enterprise: Enterprise | None) -> bool:
    """Whether the account acts for this firm."""
    return enterprise is not None and enterprise.pk in enterprise_ids(user)


# 三员 keep the system running; the firms are none of their business.
serves_enterprises = is_official & ~(is_sysadmin | is_secadmin | is_auditor)


def visible_enterprises(user: User) -> QuerySet[Enterprise]:
    """Return the firms this person may see: officials all, a firm itself."""
    if serves_enterprises(user):
        return Enterprise.objects.all()
    return Enterprise.objects.filter(pk__in=enterprise_ids(user))


def visible_import_batches(user: User) -> QuerySet[ImportBatch]:
    """Return the imports this person may see: the offices all, others none."""
    if in_appeals_office(user) or in_conference_office(user):
        return ImportBatch.objects.all()
    return ImportBatch.objects.none()


def visible_contacts(user: User) -> QuerySet[Contact]:
    """Return the contacts of the firms this person may see; their phones stay masked."""
    return Contact.objects.filter(enterprise__in=visible_enterprises(user))


def visible_memberships(user: User) -> QuerySet[Membership]:
    """Return the accounts of the firms this person may see."""
    return Membership.objects.filter(enterprise__in=visible_enterprises(user))


visible_through("enterprises.enterprise", visible_enterprises)
visible_through("enterprises.contact", visible_contacts)
visible_through("enterprises.importbatch", visible_import_batches)

in_office = in_appeals_office | in_conference_office

permit("enterprises.view_list", "打开企业名录", serves_enterprises)
permit("enterprises.view_enterprise", "查看企业", serves_enterprises | acts_for)
permit("enterprises.see_internal", "查看企业办理记录的内容", serves_enterprises)
permit("enterprises.view_mine", "查看我的企业", acts_for_some_enterprise)
permit("enterprises.register", "自助注册（任何人）", rules.always_allow)
permit("enterprises.verify_enterprise", "核验企业入库", in_office)
permit("enterprises.import_enterprises", "批量导入企业", in_office)
permit("enterprises.enter_enterprise", "登记企业", in_office)
permit("enterprises.correct_enterprise", "更正企业资料", in_office | acts_for)
permit("enterprises.open_account", "开通、停用企业账号", in_office)
permit("enterprises.reveal_phone", "查看企业联系人完整手机号（说明用途、留痕）", in_office)
