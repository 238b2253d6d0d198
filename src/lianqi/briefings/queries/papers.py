"""What a draft says, as plain data for the engine that writes it."""

from typing import Any

from lianqi.briefings.enums import UPWARD, PaperKind
from lianqi.briefings.models import Draft
from lianqi.kernel.clock import local, today
from lianqi.organisation.models import Unit
from lianqi.organisation.queries.issuers import issuer_of

EVERYBODY = "各成员单位"
NOT_SIGNED = "（待签发）"


def recipients(draft: Draft) -> list[str]:
    """Return the recipients as the paper names them; all units on the platform are 各成员单位."""
    units = list(draft.to_units.all())
    members = set(Unit.objects.filter(active=True, on_platform=True))
    everybody = len(members) > 1 and members <= set(units)
    named = [unit.name for unit in units if not (everybody and unit in members)]
    named = [EVERYBODY, *named] if everybody else named
    return [*_split(draft.to_others), *(body.name for body in draft.to_bodies.all()), *named]


def paper_content(draft: Draft) -> dict[str, Any]:
    """Return the draft as content of its kind, dated by its signing (成文日期 is the day of 签发)."""
    organ = issuer_of(draft.body).organ
    dated = local(draft.signed_at).date() if draft.signed_at else today()
    if draft.kind == PaperKind.BULLETIN:
        return {
            "title": draft.title,
            "text": draft.text,
            "compiler": organ,
            "dated": dated,
            "mark": "民营经济工作简报",
            "report_to": _split(draft.copies),
            "give_to": recipients(draft),
        }
    content = {
        "title": draft.title,
        "recipients": recipients(draft),
        "text": draft.text,
        "organ": organ,
        "dated": dated,
        "copies": _split(draft.copies),
        "attachments": draft.attachments.splitlines(),
        "contact": draft.contact,
        "urgency": draft.urgency,
    }
    if draft.kind in UPWARD:
        content["signer"] = str(draft.signed_by) if draft.signed_by else NOT_SIGNED
    return content


def _split(names: str) -> list[str]:
    for mark in "，,；;":
        names = names.replace(mark, "、")
    return [name.strip() for name in names.split("、") if name.strip()]
