"""办结、评定、销号、重启: nothing is struck off on one side's word."""

from collections.abc import Sequence

from lianqi.kernel.access import Actor
from lianqi.kernel.files import attach
from lianqi.kernel.models.journal import Audience
from lianqi.kernel.uploads import CleanFile
from lianqi.ledger.enums import Grade
from lianqi.ledger.models import Closing, Item
from lianqi.ledger.workflow import ITEM

DONE = 100


def apply_closing(
    item: Item, *, actor: Actor, result: str, files: Sequence[CleanFile] = ()
) -> Item:
    """Say that the item is done, with evidence; this moment counts as the unit's completion."""
    with ITEM.taking("apply_closing", item, actor=actor, result=result, files=files) as step:
        Closing.objects.create(item=item, result=result, applied_by=actor, applied_at=step.at)
        item.completed_at = step.at
        step.says(f"申请办结：{result}")
    attach(item, files, actor=actor, audience=Audience.INTERNAL, line=step.line)
    return item


def reject_closing(item: Item, *, actor: Actor, reason: str) -> Item:
    """Send it back: it is not done, and its clock has run on."""
    with ITEM.taking("reject_closing", item, actor=actor, reason=reason) as step:
        closing = _open_closing(item)
        closing.accepted, closing.note = False, reason
        closing.reviewed_by, closing.reviewed_at = actor, step.at
        closing.save()
        item.completed_at = None
        step.says(f"退回补办：{reason}", reason=reason)
    return item


def grade_closing(item: Item, *, actor: Actor, grade: str, note: str = "") -> Item:
    """Accept that it is done and grade it; the strike-off waits for both books to agree."""
    with ITEM.taking("grade_closing", item, actor=actor) as step:
        closing = _open_closing(item)
        closing.accepted, closing.grade, closing.note = True, grade, note
        closing.reviewed_by, closing.reviewed_at = actor, step.at
        closing.save()
        item.grade, item.percent = grade, DONE
        step.says(f"审核通过，评定{Grade(grade).label}。{note}", grade=grade)
    return item


def agree_books(item: Item, *, actor: Actor, statement: str) -> Item:
    """Record that a settled statement says the same on both sides (二者一致才能销号)."""
    with ITEM.taking("agree_books", item, actor=actor) as step:
        item.agreed_at = step.at
        step.says(f"对账单{statement}双方一致：已完成。", statement=statement)
    return item


def strike_off(item: Item, *, actor: Actor) -> Item:
    """Strike a reconciled item off the ledger (A1-7-2-4)."""
    with ITEM.taking("strike_off", item, actor=actor) as step:
        item.struck_at = step.at
        closing = item.closings.filter(accepted=True).latest("pk")
        closing.struck_at = step.at
        closing.save(update_fields=["struck_at"])
        step.says("对账一致，销号。")
    return item


def reopen_item(item: Item, *, actor: Actor, reason: str) -> Item:
    """Take it up again; the old closing, its grade and its evidence stay in the record."""
    with ITEM.taking("reopen", item, actor=actor, reason=reason) as step:
        closing = item.closings.filter(accepted=True).latest("pk")
        closing.reopened_at, closing.reopen_reason = step.at, reason
        closing.save(update_fields=["reopened_at", "reopen_reason"])
        item.completed_at = item.struck_at = item.agreed_at = None
        item.grade = ""
        step.says(f"重启：{reason}", reason=reason)
    return item


def _open_closing(item: Item) -> Closing:
    return item.closings.filter(accepted=None).latest("pk")
