"""What is known of a firm is put right; each old value stays in the journal."""

from typing import Any

from django.db import IntegrityError, transaction

from lianqi.enterprises.actions.facts import (
    DESCRIPTIVE,
    OWN_FACTS,
    changes,
    changes_in_words,
    checked_code,
    code_is_known,
    fill,
    plain,
)
from lianqi.enterprises.models import Enterprise, FormerCode
from lianqi.kernel.access import Actor, may
from lianqi.kernel.clock import today
from lianqi.kernel.errors import NotPermitted
from lianqi.kernel.journal import write_line
from lianqi.kernel.models.journal import Audience


@transaction.atomic
def correct_enterprise(enterprise: Enterprise, *, actor: Actor, **facts: Any) -> Enterprise:
    """Correct what is known of a firm; each changed value goes into the journal.

    Raises:
        NotPermitted: not the actor's firm, or a fact that only the office may change.
        RuleBroken: a fact is wrong; ``field`` names which.
    """
    if not may(actor, "enterprises.correct_enterprise", enterprise):
        raise NotPermitted("您不能更正这家企业的资料。")
    # The row as it is now: the caller's copy may be older than a step of the office.
    current = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    renamed = set(facts) - set(OWN_FACTS) and changes(current, facts).keys() - set(OWN_FACTS)
    if renamed and not may(actor, "enterprises.verify_enterprise", current):
        raise NotPermitted("企业名称以营业执照为准，需要变更请联系诉求响应专班办公室。")
    apply_correction(current, facts, actor=actor)
    for name in (*DESCRIPTIVE, "size"):
        setattr(enterprise, name, getattr(current, name))
    return enterprise


def apply_correction(
    enterprise: Enterprise, facts: dict[str, Any], *, actor: Actor, label: str = "更正资料"
) -> bool:
    """Write what differs, and a journal line that tells it; return whether anything did."""
    before = {name: getattr(enterprise, name) for name in facts}
    fill(enterprise, facts)
    changed = {
        name: [plain(old), plain(getattr(enterprise, name))]
        for name, old in before.items()
        if old != getattr(enterprise, name)
    }
    if not changed:
        return False
    enterprise.save(update_fields=[*changed, "size"])
    write_line(
        enterprise,
        actor=actor,
        verb="enterprise.correct",
        label=label,
        text=changes_in_words(changed),
        data=changed,
        audience=Audience.ENTERPRISE,
    )
    return True


def change_code(
    enterprise: Enterprise, *, actor: Actor, uscc: str, reason: str, kind: str = ""
) -> Enterprise:
    """Give a firm its new credit code and keep the old one in its history.

    ``kind`` is what the firm is from now on (个转企), "" if that stays.

    Raises:
        NotPermitted: only the offices may.
        RuleBroken: the code is wrong or another firm's.
    """
    if not may(actor, "enterprises.verify_enterprise", enterprise):
        raise NotPermitted("只有专班办公室或联席会议办公室可以变更信用代码。")
    new_kind = kind or enterprise.kind
    code = checked_code(uscc, new_kind)
    if code == enterprise.uscc and new_kind == enterprise.kind:
        return enterprise
    taken = code_is_known(code) if code != enterprise.uscc else None
    if taken and not enterprise.former_codes.filter(uscc=code or "").exists():
        raise taken
    try:
        with transaction.atomic():
            _write_code(enterprise, code, new_kind, actor=actor, reason=reason)
    except IntegrityError as clash:
        taken = code_is_known(code)
        if taken is None:
            raise
        raise taken from clash
    return enterprise


def _write_code(
    enterprise: Enterprise, code: str | None, kind: str, *, actor: Actor, reason: str
) -> None:
    old, old_kind = enterprise.uscc, enterprise.kind
    enterprise.uscc, enterprise.kind = code, kind
    enterprise.save(update_fields=["uscc", "kind"])
    if old and old != code:
        FormerCode.objects.create(enterprise=enterprise, uscc=old, until=today(), reason=reason)
    write_line(
        enterprise,
        actor=actor,
        verb="enterprise.change_code",
        label="变更信用代码",
        text=f"{old or '（无）'} → {code or '（无）'}：{reason}",
        data={"from": old, "to": code, "kind": [old_kind, kind]},
        audience=Audience.ENTERPRISE,
    )
