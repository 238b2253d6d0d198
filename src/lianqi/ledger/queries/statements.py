"""Statements: the list, both books side by side, what may be struck off."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lianqi.kernel.clock import SHANGHAI
from lianqi.ledger.access import visible_statements
from lianqi.ledger.enums import DONE_STATES, ItemState, LineAnswer, StatementState
from lianqi.ledger.models import Item, Statement, StatementLine
from lianqi.ledger.queries.lights import LIGHTS
from lianqi.organisation.models import Unit, User

# What stands on a statement: all that the unit has in hand or says is done, and is not struck off.
STATED = (ItemState.ASSIGNED, ItemState.UNDERWAY, ItemState.CLOSING, ItemState.COMPLETED)
DONE = 100


@dataclass(frozen=True)
class BookLine:
    """One line as the page and the export show it: the office's book, the unit's, what came of it."""

    line: StatementLine

    @property
    def light(self) -> str:
        """The light in the office's book, as ``{% light %}`` wants it."""
        return "red" if self.line.office_light == "dark" else self.line.office_light

    @property
    def light_word(self) -> str:
        """The light in words."""
        done = self.line.office_state in DONE_STATES
        return str(self.line.get_office_state_display() if done else LIGHTS[self.line.office_light])

    @property
    def unit_done_word(self) -> Any:
        """Whether the unit calls it done; agreeing takes the office's word."""
        if self.line.answer == LineAnswer.AGREED:
            return _("已完成") if self.office_done else ""
        return {True: _("已完成"), False: _("未完成"), None: ""}[self.line.unit_done]

    @property
    def office_done(self) -> bool:
        """Whether the office's book called it done when the statement was opened."""
        return self.line.office_state in DONE_STATES

    @property
    def waits_for_grade(self) -> bool:
        """Whether both sides call it done and the office has not graded it yet."""
        line = self.line
        office = line.office_state == ItemState.CLOSING or line.office_percent == DONE
        unit = line.unit_done is True or (line.answer == LineAnswer.AGREED and office)
        ungraded = line.item.state in (ItemState.UNDERWAY, ItemState.CLOSING)
        return office and unit and ungraded and not self.office_done

    @property
    def outcome(self) -> Any:
        """What may be done with it now."""
        item = self.line.item
        if item.state == ItemState.STRUCK:
            return _("已销号")
        if item.state == ItemState.COMPLETED and item.agreed_at:
            return _("双方一致，可以销号")
        if self.waits_for_grade:
            return _("双方都认为已完成，但办公室还没有审核评定；评定后列入下一期对账")
        return ""


def statement_rows(
    user: User, *, month: str = "", unit: str = "", state: str = ""
) -> QuerySet[Statement]:
    """Return the statements this person may see, with how many lines each has and how many dispute."""
    plain = {"month": month, "unit__code": unit, "state": state}
    rows = visible_statements(user).filter(**{name: said for name, said in plain.items() if said})
    return rows.select_related("unit").annotate(
        count=Count("lines"),
        disputed=Count("lines", filter=Q(lines__answer=LineAnswer.DISPUTED)),
    )


def months_stated(user: User) -> list[str]:
    """Return the months that have statements, newest first."""
    rows = visible_statements(user).order_by("-month")
    return list(rows.values_list("month", flat=True).distinct())


def stated_items(month: str) -> QuerySet[Item]:
    """Return what stands on the statements of a month ("2026-11"): what was in hand before its end."""
    first = date(int(month[:4]), int(month[5:]), 1)
    after = datetime.combine((first + timedelta(days=31)).replace(day=1), time.min, SHANGHAI)
    return Item.objects.filter(state__in=STATED, assigned_at__lt=after)


def stated_units(month: str) -> QuerySet[Unit]:
    """Return the units that lead something which can be reconciled for a month."""
    return Unit.objects.filter(pk__in=stated_items(month).values("lead_unit"), active=True)


def book_lines(statement: Statement) -> QuerySet[StatementLine]:
    """Return the lines of a statement with what a row shows."""
    return statement.lines.select_related("item")  # type: ignore[attr-defined]


def summary(statement: Statement) -> dict[str, int]:
    """Return how many lines there are, agreed, disputed, and how many may be struck off."""
    return statement.lines.aggregate(  # type: ignore[attr-defined]
        total=Count("pk"),
        agreed=Count("pk", filter=Q(answer=LineAnswer.AGREED)),
        disputed=Count("pk", filter=Q(answer=LineAnswer.DISPUTED)),
        strikeable=Count("pk", filter=_strikeable()),
    )


def strikeable_items(statement: Statement) -> list[Item]:
    """Return the items that the statement has brought to agreement, struck off or not."""
    if statement.state != StatementState.SETTLED:
        return []
    lines: Iterable[StatementLine] = book_lines(statement).filter(
        Q(item__state=ItemState.STRUCK) | _strikeable()
    )
    return [line.item for line in lines if BookLine(line).office_done and line.agreed]


def _strikeable() -> Q:
    return Q(item__state=ItemState.COMPLETED, item__agreed_at__isnull=False)
