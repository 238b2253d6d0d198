"""Whom to call at a firm: added, corrected, removed."""

from typing import Any

from django.db import transaction

from lianqi.enterprises.models import Contact, Enterprise
from lianqi.kernel.access import Actor, may
from lianqi.kernel.errors import NotPermitted, RuleBroken
from lianqi.kernel.journal import write_line
from lianqi.kernel.models.journal import Audience


def _require(actor: Actor, enterprise: Enterprise) -> None:
    if not may(actor, "enterprises.correct_enterprise", enterprise):
        raise NotPermitted("您不能改动这家企业的联系人。")


@transaction.atomic
def add_contact(
    enterprise: Enterprise,
    *,
    actor: Actor,
    name: str,
    phone: Any,
    title: str = "",
    main: bool = False,
) -> Contact:
    """Add a person to call; the first one is the main contact."""
    _require(actor, enterprise)
    first = not enterprise.contacts.exists()
    contact = Contact(enterprise=enterprise, name=name, phone=phone, title=title)
    _save(contact, main=main or first)
    _tell(contact, actor, "contact_add", "新增联系人", f"{name}（{contact.phone}）")
    return contact


@transaction.atomic
def correct_contact(
    contact: Contact, *, actor: Actor, name: str, phone: Any, title: str = "", main: bool = False
) -> Contact:
    """Correct a contact; making one the main contact ends that of the other."""
    _require(actor, contact.enterprise)
    before = f"{contact.name}（{contact.phone}）"
    contact.name, contact.phone, contact.title = name, phone, title
    _save(contact, main=main or contact.main)
    after = f"{contact.name}（{contact.phone}）"
    _tell(contact, actor, "contact_correct", "更正联系人", f"{before} → {after}")
    return contact


@transaction.atomic
def remove_contact(contact: Contact, *, actor: Actor) -> None:
    """Remove a contact; the next one becomes the main contact, and one always stays."""
    enterprise = contact.enterprise
    _require(actor, enterprise)
    heir = enterprise.contacts.exclude(pk=contact.pk).first()
    if heir is None:
        raise RuleBroken("至少要保留一名联系人，请先新增再删除。")
    _tell(contact, actor, "contact_remove", "删除联系人", f"{contact.name}（{contact.phone}）")
    contact.delete()
    if contact.main:
        _save(heir, main=True)


def _save(contact: Contact, *, main: bool) -> None:
    if main:
        contact.enterprise.contacts.exclude(pk=contact.pk).update(main=False)
    contact.main = main
    contact.save()


def _tell(contact: Contact, actor: Actor, verb: str, label: str, text: str) -> None:
    write_line(
        contact.enterprise,
        actor=actor,
        verb=f"enterprise.{verb}",
        label=label,
        text=text,
        audience=Audience.ENTERPRISE,
    )
