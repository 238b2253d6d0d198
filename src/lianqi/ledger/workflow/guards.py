"""Conditions and needs of the item's steps; each answers None or a sentence of refusal."""

from collections.abc import Mapping
from typing import Any

from lianqi.kernel.clock import today
from lianqi.kernel.errors import Refusal
from lianqi.kernel.models import Attachment
from lianqi.ledger.access import possible_owners, works_for
from lianqi.ledger.enums import SlipColour
from lianqi.ledger.workflow.holders import open_slip

Given = Mapping[str, Any]
LADDER = [SlipColour.BLUE, SlipColour.ORANGE, SlipColour.RED]


# --- the item alone


def its_year_has_come(item: Any) -> str | None:
    """What is meant for a later year is not put on a unit's desk today."""
    return None if item.year <= today().year else f"这是{item.year}年的事项，到年初再交办。"


def has_its_day_ahead(item: Any) -> str | None:
    """An extension is asked for before the day is over (没有到期才能申请)."""
    if item.due_on is None:
        return "这件事项没有固定时限，不用申请延期。"
    if today() > item.due_on:
        return "时限已过，不能再申请延期。请说明逾期原因，尽快办结。"
    return None


def nothing_is_pending(item: Any) -> str | None:
    """One request for more time at once."""
    pending = item.extensions.filter(approved=None).exists()
    return "已有一件延期申请在等批复。" if pending else None


def extension_waits_for_signature(item: Any) -> str | None:
    """There is a request that the leader has not signed."""
    waits = item.extensions.filter(approved=None, signed_at=None).exists()
    return None if waits else "没有待签批的延期申请。"


def extension_waits_for_decision(item: Any) -> str | None:
    """There is a request that the leader has signed and the office has not decided."""
    waits = item.extensions.filter(approved=None, signed_at__isnull=False).exists()
    return None if waits else "没有待批复的延期申请，或单位领导还没有签批。"


def milestone_is_open(item: Any) -> str | None:
    """Some milestone is still to be reached."""
    return None if item.milestones.filter(reached_at=None).exists() else "没有待完成的节点。"


def is_overdue(item: Any) -> str | None:
    """Only what is late is explained."""
    late = item.due_on is not None and today() > item.due_on
    return None if late else "这件事项没有逾期，不用说明。"


def owner_has_left(item: Any) -> str | None:
    """The person that the item is put on handles the lead unit's matters no more."""
    left = item.owner is not None and not works_for(item.owner, item.lead_unit_id)
    return None if left else "责任人仍在本单位任职。"


def slip_is_open(item: Any) -> str | None:
    """A slip waits for its answer."""
    return None if open_slip(item) else "没有待回复的督办单。"


def rung_is_left(item: Any) -> str | None:
    """One matter, one slip at a time, and the ladder has three rungs."""
    if open_slip(item):
        return "上一张督办单还没有回复，一事一单。"
    return None if next_colour(item) else "红色督办单已经发过，请通报或提请会议研究。"


def next_colour(item: Any) -> SlipColour | None:
    """Return the next rung of the ladder; None above the last."""
    issued = item.slips.count()
    return LADDER[issued] if issued < len(LADDER) else None


def both_books_agree(item: Any) -> str | None:
    """Nothing is struck off on one side's word (对账销号, A1-7-2-4)."""
    if item.agreed_at is None:
        return "双方还没有对账一致，不能销号。请先在月度对账单上核对。"
    return None if evidence_of(item) else "没有佐证材料，不能销号。"


def evidence_of(item: Any) -> bool:
    """Whether a file stands with the item."""
    return Attachment.objects.about(item).exists()


# --- what is handed in


def lead_unit_is_named(item: Any, given: Given) -> str | None:
    """No item without a lead unit, responsible units and a due rule (A1-7-2-2)."""
    if item.due_on is None and not item.deadline_text.strip():
        return Refusal("请写明办理时限；没有固定日期的，写“持续推进”或“长期”。", "deadline_text")
    return None


def owner_is_named(item: Any, given: Given) -> str | None:
    """A matter is put on a person (落实到具体人)."""
    if given.get("owner") in possible_owners(item.lead_unit_id):
        return None
    return Refusal("请选定本单位在任的一位同志作为具体责任人。", "owner")


def basis_is_given(item: Any, given: Given) -> str | None:
    """Who sends an order back says by which rule it is not his."""
    return _said(given, "basis", "请写明退回的依据（职责规定）。")


def reason_is_given(item: Any, given: Given) -> str | None:
    """The reason stands in the record."""
    return _said(given, "reason", "请写明理由。")


def something_is_told(item: Any, given: Given) -> str | None:
    """A report says how far it is, in words."""
    return _said(given, "text", "请写明进展情况。")


def later_day_is_given(item: Any, given: Given) -> str | None:
    """The new day lies after the old one."""
    day = given.get("to_day")
    if day is None or (item.due_on and day <= item.due_on):
        return Refusal("请填写晚于原时限的日期。", "to_day")
    return None


def evidence_is_given(item: Any, given: Given) -> str | None:
    """销号 needs evidence: handed in now, or earlier with a report."""
    if given.get("files") or evidence_of(item):
        return None
    return Refusal("请上传佐证材料（文件、照片、截图均可）。", "files")


def milestones_are_reached(item: Any, given: Given) -> str | None:
    """The whole is done when its parts are."""
    left = item.milestones.filter(reached_at=None).first()
    return Refusal(f"节点“{left}”还没有完成，请先逐个完成节点。", "result") if left else None


def _said(given: Given, name: str, refusal: str) -> str | None:
    return None if str(given.get(name, "")).strip() else Refusal(refusal, name)
