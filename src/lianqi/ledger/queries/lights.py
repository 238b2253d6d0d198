"""Lights: told from an item's row and the clock, in Python and as conditions of the database."""

from typing import Any

from django.db.models import Case, CharField, F, Q, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianqi.kernel.clock import now, today
from lianqi.ledger.enums import ItemState

GREEN, AMBER, RED, DARK, BLUE, GREY = "green", "amber", "red", "dark", "blue", "grey"
# In the order of urgency, as boards and filters show them.
LIGHTS: dict[str, str | Promise] = {
    DARK: _("严重逾期"),
    RED: _("逾期"),
    AMBER: _("临期"),
    GREEN: _("正常"),
    BLUE: _("持续推进"),
    GREY: _("未开始"),
}


def light_of(item: Any) -> str:
    """Return the light of an item now (standards B10)."""
    if item.state in (ItemState.DRAFTED, ItemState.CANCELLED):
        return GREY
    if item.completed_at is not None:
        return GREEN
    if item.state == ItemState.DOCKETED and item.year > today().year:
        return GREY
    moment = now()
    if item.due_on is None:
        missing = item.checked_until is not None and moment >= item.checked_until
        return AMBER if missing else BLUE
    if item.red_at is not None and moment >= item.red_at:
        explained = item.explained_at is not None and item.explained_at >= item.red_at
        return RED if moment < item.dark_at or explained else DARK
    return AMBER if item.amber_at is not None and moment >= item.amber_at else GREEN


def with_light(colour: str) -> Q:
    """Return the condition for items of this colour now; it agrees with ``light_of``."""
    moment = now()
    counted = ~Q(state__in=[ItemState.DRAFTED, ItemState.CANCELLED])
    waiting = Q(state=ItemState.DOCKETED, year__gt=today().year, completed_at=None)
    running = counted & Q(completed_at=None) & ~waiting
    dated, late = running & Q(due_on__isnull=False), Q(red_at__lte=moment)
    explained = Q(explained_at__gte=F("red_at"))
    ahead = Q(red_at=None) | Q(red_at__gt=moment)
    overdue_check = Q(checked_until__lte=moment)
    return {
        GREY: ~counted | waiting,
        BLUE: running & Q(due_on=None) & (Q(checked_until=None) | Q(checked_until__gt=moment)),
        AMBER: (dated & ahead & Q(amber_at__lte=moment))
        | (running & Q(due_on=None) & overdue_check),
        RED: dated & late & (Q(dark_at__gt=moment) | explained),
        DARK: dated
        & late
        & Q(dark_at__lte=moment)
        & (Q(explained_at=None) | Q(explained_at__lt=F("red_at"))),
        GREEN: (counted & Q(completed_at__isnull=False))
        | (dated & ahead & (Q(amber_at=None) | Q(amber_at__gt=moment))),
    }[colour]


def told_light() -> Case:
    """Return each row's light as an expression to group by: looked at once, not once a colour."""
    # What is finished comes first: most of an old ledger is.
    order = (GREEN, GREY, BLUE, AMBER, RED)
    whens = [When(with_light(colour), then=Value(colour)) for colour in order]
    return Case(*whens, default=Value(DARK), output_field=CharField())
