"""What the enterprises room does: registration, verification, import, corrections."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from lianqi.engines.enterprise_size import classify
from lianqi.enterprises.enums import BatchState, EnterpriseKind, Origin
from lianqi.enterprises.models import Contact, Enterprise, FormerCode, ImportBatch, Membership
from lianqi.enterprises.workflow import ENTERPRISE
from lianqi.kernel.access import Actor, may
from lianqi.kernel.clock import now, today
from lianqi.kernel.errors import NotPermitted, RuleBroken
from lianqi.kernel.journal import write_line
from lianqi.organisation.models import User

DESCRIPTIVE = (
    "name",
    "industry_code",
    "employees",
    "revenue_wan",
    "assets_wan",
    "address",
)


def size_of(enterprise: Enterprise) -> str:
    """Return the size class that the firm's figures give, or "" where the table does not apply."""
    if not enterprise.industry_code:
        return ""
    found = classify(
        enterprise.industry_code,
        employees=enterprise.employees,
        revenue_wan=enterprise.revenue_wan,
        assets_wan=enterprise.assets_wan,
    )
    return found or ""


def _fill(enterprise: Enterprise, facts: Mapping[str, Any]) -> None:
    for name in DESCRIPTIVE:
        if name in facts:
            empty = None if name in ("employees", "revenue_wan", "assets_wan") else ""
            setattr(enterprise, name, facts[name] if facts[name] not in (None, "") else empty)
    enterprise.size = size_of(enterprise)


def register_enterprise(
    *,
    username: str,
    password: str,
    contact_name: str,
    contact_phone: str,
    uscc: str | None,
    kind: str = EnterpriseKind.COMPANY,
    **facts: Any,
) -> Enterprise:
    """Let a firm register itself: account at once, verification by the office to follow."""
    user = User(username=username, full_name=contact_name, phone=contact_phone)
    user.set_password(password)
    user.password_set_at = now()
    enterprise = Enterprise(uscc=uscc, kind=kind, origin=Origin.REGISTERED)
    _fill(enterprise, facts)
    try:
        with transaction.atomic():
            user.save()
            with ENTERPRISE.starting("register", enterprise, actor=user) as step:
                enterprise.registered_at = step.at
                step.says(f"{enterprise.name}自助注册，联系人{contact_name}。")
            _add_contact(enterprise, contact_name, contact_phone)
            Membership.objects.create(user=user, enterprise=enterprise, since=today())
    except IntegrityError as taken:
        raise _duplicate(uscc, username) from taken
    return enterprise


def enter_enterprise(
    *,
    actor: Actor,
    uscc: str | None,
    kind: str = EnterpriseKind.COMPANY,
    origin: str = Origin.ENTERED,
    contact_name: str = "",
    contact_phone: str = "",
    **facts: Any,
) -> Enterprise:
    """Enter a firm that the office knows; it is verified at once."""
    enterprise = Enterprise(uscc=uscc, kind=kind, origin=origin)
    _fill(enterprise, facts)
    try:
        with ENTERPRISE.starting("enter", enterprise, actor=actor) as step:
            enterprise.registered_at = enterprise.verified_at = step.at
            step.says(f"{enterprise.name}登记入库。")
    except IntegrityError as taken:
        raise _duplicate(uscc, "") from taken
    if contact_name and contact_phone:
        _add_contact(enterprise, contact_name, contact_phone)
    return enterprise


def _duplicate(uscc: str | None, username: str) -> RuleBroken:
    if uscc and Enterprise.objects.filter(uscc=uscc).exists():
        return RuleBroken(
            f"统一社会信用代码{uscc}已经登记过，请直接登录；忘记账号请联系专班办公室。", field="uscc"
        )
    return RuleBroken(f"用户名“{username}”已被使用，请换一个。", field="username")


def _add_contact(enterprise: Enterprise, name: str, phone: str) -> None:
    first = not enterprise.contacts.exists()
    Contact.objects.create(enterprise=enterprise, name=name, phone=phone, main=first)


def verify_enterprise(enterprise: Enterprise, *, actor: Actor, note: str = "") -> Enterprise:
    """Confirm that the firm is who it says; its appeals are open from now on."""
    with ENTERPRISE.taking("verify", enterprise, actor=actor) as step:
        enterprise.verified_at = step.at
        step.says(note or "核验通过。")
    return enterprise


def refuse_enterprise(enterprise: Enterprise, *, actor: Actor, note: str) -> Enterprise:
    """Refuse a registration and say why."""
    with ENTERPRISE.taking("refuse", enterprise, actor=actor) as step:
        step.says(note)
    return enterprise


def remove_enterprise(enterprise: Enterprise, *, actor: Actor, note: str) -> Enterprise:
    """Take a firm off the directory; its history stays."""
    with ENTERPRISE.taking("remove", enterprise, actor=actor) as step:
        step.says(note)
    return enterprise


def readmit_enterprise(enterprise: Enterprise, *, actor: Actor, note: str) -> Enterprise:
    """Take a firm back into the directory."""
    with ENTERPRISE.taking("readmit", enterprise, actor=actor) as step:
        step.says(note)
    return enterprise


@transaction.atomic
def correct_enterprise(enterprise: Enterprise, *, actor: Actor, **facts: Any) -> Enterprise:
    """Correct what is known of a firm; each changed value goes into the journal."""
    if not may(actor, "enterprises.correct_enterprise", enterprise):
        raise NotPermitted("您不能更正这家企业的资料。")
    before = {name: getattr(enterprise, name) for name in DESCRIPTIVE}
    _fill(enterprise, facts)
    enterprise.save()
    changed = {
        name: [_plain(before[name]), _plain(getattr(enterprise, name))]
        for name in DESCRIPTIVE
        if before[name] != getattr(enterprise, name)
    }
    if changed:
        write_line(
            enterprise, actor=actor, verb="enterprise.correct", label="更正资料", data=changed
        )
    return enterprise


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


@transaction.atomic
def change_code(enterprise: Enterprise, *, actor: Actor, uscc: str, reason: str) -> Enterprise:
    """Give a firm its new credit code and keep the old one in its history."""
    if not may(actor, "enterprises.verify_enterprise", enterprise):
        raise NotPermitted("只有专班办公室或联席会议办公室可以变更信用代码。")
    if Enterprise.objects.filter(uscc=uscc).exclude(pk=enterprise.pk).exists():
        raise _duplicate(uscc, "")
    old, enterprise.uscc = enterprise.uscc, uscc
    enterprise.save(update_fields=["uscc"])
    if old:
        FormerCode.objects.create(enterprise=enterprise, uscc=old, until=today(), reason=reason)
    write_line(
        enterprise,
        actor=actor,
        verb="enterprise.change_code",
        label="变更信用代码",
        text=reason,
        data={"from": old, "to": uscc},
    )
    return enterprise


@transaction.atomic
def enter_batch(batch: ImportBatch, *, actor: Actor) -> ImportBatch:
    """Enter a previewed import: new firms are added, known ones corrected; all rows or none."""
    if not may(actor, "enterprises.import_enterprises"):
        raise NotPermitted("您的岗位不能批量导入企业。")
    claimed = ImportBatch.objects.filter(pk=batch.pk, state=BatchState.PREVIEWED).update(
        state=BatchState.ENTERED, entered_at=now()
    )
    if not claimed:
        raise RuleBroken("这批数据已经导入或放弃，不能再次导入。")
    batch.refresh_from_db()
    batch.result = _enter_rows(batch.rows, actor)
    batch.save(update_fields=["result"])
    return batch


def _enter_rows(rows: Iterable[Mapping[str, Any]], actor: Actor) -> dict[str, int]:
    counts = {"added": 0, "corrected": 0}
    for row in rows:
        facts = {name: row.get(name) for name in DESCRIPTIVE if row.get(name) not in (None, "")}
        known = Enterprise.objects.filter(uscc=row["uscc"]).first()
        if known:
            correct_enterprise(known, actor=actor, **facts)
            counts["corrected"] += 1
            continue
        enter_enterprise(
            actor=actor,
            uscc=row["uscc"],
            kind=row.get("kind") or EnterpriseKind.COMPANY,
            origin=Origin.IMPORTED,
            contact_name=row.get("contact_name", ""),
            contact_phone=row.get("contact_phone", ""),
            **facts,
        )
        counts["added"] += 1
    return counts
