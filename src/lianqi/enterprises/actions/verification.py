"""The office says whether a firm is who it says, and whether it stays in the directory."""

from django.db import transaction
from django.urls import reverse

from lianqi.enterprises.access import enterprise_desk
from lianqi.enterprises.models import Enterprise
from lianqi.enterprises.workflow import ENTERPRISE
from lianqi.kernel.access import Actor
from lianqi.kernel.models.outbox import Channel
from lianqi.kernel.outbox import enqueue


@transaction.atomic
def verify_enterprise(enterprise: Enterprise, *, actor: Actor, note: str = "") -> Enterprise:
    """Confirm that the firm is who it says; its appeals are open from now on."""
    with ENTERPRISE.taking("verify", enterprise, actor=actor) as step:
        enterprise.verified_at = step.at
        step.says(note or "核验通过。")
    _tell_firm(enterprise, "企业入库核验已通过", "现在可以在线提交诉求。")
    return enterprise


@transaction.atomic
def refuse_enterprise(enterprise: Enterprise, *, actor: Actor, note: str) -> Enterprise:
    """Refuse a registration and tell the firm why."""
    with ENTERPRISE.taking("refuse", enterprise, actor=actor) as step:
        step.says(note)
    _tell_firm(enterprise, "企业入库核验未通过", note)
    return enterprise


@transaction.atomic
def remove_enterprise(enterprise: Enterprise, *, actor: Actor, note: str) -> Enterprise:
    """Take a firm off the directory; its history stays."""
    with ENTERPRISE.taking("remove", enterprise, actor=actor) as step:
        step.says(note)
    _tell_firm(enterprise, "企业已退出名录", note)
    return enterprise


@transaction.atomic
def readmit_enterprise(enterprise: Enterprise, *, actor: Actor, note: str) -> Enterprise:
    """Take a firm back into the directory."""
    with ENTERPRISE.taking("readmit", enterprise, actor=actor) as step:
        enterprise.verified_at = step.at
        step.says(note)
    _tell_firm(enterprise, "企业已重新入库", "现在可以在线提交诉求。")
    return enterprise


def _tell_firm(enterprise: Enterprise, title: str, text: str) -> None:
    enqueue(
        Channel.DESK,
        enterprise_desk(enterprise).key,
        title=f"{title}：{enterprise.name}",
        text=text,
        url=reverse("enterprises:my_enterprise"),
    )
