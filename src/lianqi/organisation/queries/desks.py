"""What lies on a desk that changes hands."""

from typing import Any

from lianqi.kernel.models import Duty, Notice
from lianqi.kernel.models.duty import DutyState
from lianqi.organisation.models import User

MOST_NOTICES = 50


def duties_at(desk_key: str) -> list[dict[str, Any]]:
    """Return what is open on a desk, the most urgent first, as a list to be kept and printed."""
    duties = Duty.objects.filter(
        holder=desk_key, state__in=[DutyState.OPEN, DutyState.PAUSED]
    ).order_by("due_at", "pk")
    return [
        {
            "matter": duty.matter,
            "label": duty.label,
            "waiting": duty.waiting,
            "due_at": duty.due_at.isoformat() if duty.due_at else None,
            "light": duty.light,
            "url": duty.url,
        }
        for duty in duties
    ]


def unread_notices(user: User, duties: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a person's newest unread notices about what lies on the desk: title and moment.

    Notices about the person's other posts are none of the stand-in's business.
    """
    pages = {duty["url"] for duty in duties}
    rows = Notice.objects.filter(user=user, read_at=None, url__in=pages)
    rows = rows.order_by("-at", "-pk")[:MOST_NOTICES]
    return [{"title": row.title, "at": row.at.isoformat()} for row in rows]
