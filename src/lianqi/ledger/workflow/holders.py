"""Who owes a step of an item, by when; and the dates that its light is told from."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from lianqi.kernel.access import Desk
from lianqi.kernel.clock import SHANGHAI, local, today
from lianqi.kernel.duties import Part
from lianqi.kernel.limits import time_limit
from lianqi.kernel.workdays import calendar
from lianqi.ledger.access import owner_desk
from lianqi.ledger.enums import ItemState
from lianqi.ledger.workflow.periods import period_end, period_label, period_of
from lianqi.organisation.access import office_desk, unit_desk
from lianqi.organisation.enums import BodyCode, Post

ONE_DAY = timedelta(days=1)


def ledger_office(subject: Any) -> Desk:
    """The joint conference's office (联席会议办公室), which keeps the ledger."""
    return office_desk(BodyCode.JC)


def ledger_office_name(subject: Any) -> str:
    """The office, where it is the one that waits."""
    return ledger_office(subject).label


def office_in_its_year(item: Any) -> Desk | None:
    """The office, once the year that the item is for has begun."""
    return ledger_office(item) if item.year <= today().year else None


def lead_liaison(item: Any) -> Desk:
    """The lead unit's liaison."""
    return unit_desk(item.lead_unit, Post.LIAISON)


def lead_leader_with_extension(item: Any) -> Desk | None:
    """The lead unit's leader, while an extension waits for the signature."""
    pending = item.extensions.filter(approved=None, signed_at=None).exists()
    return unit_desk(item.lead_unit, Post.LEADER) if pending else None


def office_with_extension(item: Any) -> Desk | None:
    """The office, while a signed extension waits for its decision."""
    pending = item.extensions.filter(approved=None, signed_at__isnull=False).exists()
    return ledger_office(item) if pending else None


def owner(item: Any) -> Desk:
    """The person the item is put on."""
    return owner_desk(item)


def owner_with_day(item: Any) -> Desk | None:
    """The person, where there is a day on which the item must be done."""
    return None if item.open_ended or item.backfilled else owner_desk(item)


def owner_of_backfilled(item: Any) -> Desk | None:
    """The person, where the day was over before the document was issued: reminded, never late."""
    return owner_desk(item) if item.backfilled else None


def answerer_of_slips(item: Any) -> Desk | None:
    """Who answers the open slip: the liaison a blue one, the leader an orange or red one."""
    slip = open_slip(item)
    if slip is None:
        return None
    return unit_desk(item.lead_unit, Post.LIAISON if slip.colour == "blue" else Post.LEADER)


def open_slip(item: Any) -> Any:
    """Return the slip that waits for an answer."""
    return item.slips.filter(answered_at=None).order_by("-pk").first()


def office_once_agreed(item: Any) -> Desk | None:
    """The office, once both books say that the item is done."""
    return ledger_office(item) if item.agreed_at else None


def agreement(item: Any) -> datetime | None:
    """The strike-off's clock begins with the agreement."""
    return item.agreed_at


def after_amendment(item: Any, given: Mapping[str, Any]) -> str:
    """It stays where it is, unless another unit leads now: then it is put on that unit's desk anew."""
    moved = given["lead_unit"].pk != item.lead_unit_id
    return ItemState.DOCKETED if moved else item.state


def due_day(item: Any) -> date | None:
    """The day on which the item must be done."""
    return item.due_on


def open_milestones(item: Any) -> Iterable[Part]:
    """The milestones that are still to be reached, each on its own day."""
    return [
        Part(f"m{one.pk}", one.label, on=one.due_on)
        for one in item.milestones.filter(reached_at=None)
    ]


def slip_parts(item: Any) -> Iterable[Part]:
    """The open slip and the day it sets."""
    slip = open_slip(item)
    return [Part(f"s{slip.pk}", slip.number, on=slip.until)] if slip else []


def period_owed(item: Any) -> Iterable[Part]:
    """The present period, until it has been reported; none in the days right after the signature."""
    if item.signed_at is None:
        return []
    period = period_of(max(today(), first_owed(item)), item.period)
    if item.reported_at and period_of(local(item.reported_at).date(), item.period) == period:
        return []
    if period_of(today(), item.period) != period:
        return []  # signed late in a period: the first report is the next one's
    return [Part(period, period_label(period), on=period_end(period))]


def first_owed(item: Any) -> date:
    """Return the first day whose period is owed a report: some days after the signature."""
    pause = timedelta(days=time_limit("ledger.first_report").amount)
    return local(item.signed_at).date() + pause


def keep_dates(item: Any) -> None:
    """Bring the row into line: from when it is amber, red, dark red; and what its units' rows copy."""
    kept: dict[str, datetime | date | None] = dict.fromkeys(
        ("amber_at", "red_at", "dark_at", "checked_until")
    )
    if item.due_on:
        kept["amber_at"] = _begin(
            _working_days_off(item.due_on, -time_limit("ledger.amber").amount)
        )
        if not item.backfilled:
            kept["red_at"] = _begin(item.due_on + ONE_DAY)
            late = _working_days_off(item.due_on, time_limit("ledger.dark").amount)
            kept["dark_at"] = _begin(late + ONE_DAY)
    elif item.signed_at:
        kept["checked_until"] = _begin(_report_holds_until(item) + ONE_DAY)
    kept["sort_on"] = item.due_on or date.max
    if any(getattr(item, name) != moment for name, moment in kept.items()):
        for name, moment in kept.items():
            setattr(item, name, moment)
        type(item).objects.filter(pk=item.pk).update(**kept)
    stale = item.shares.exclude(stage=item.state, sort_on=item.sort_on)
    stale.update(stage=item.state, sort_on=item.sort_on)


def _report_holds_until(item: Any) -> date:
    """A report holds through its own period and the next; the signature, through the first one owed."""
    if item.reported_at is None:
        return period_end(period_of(first_owed(item), item.period))
    own = period_end(period_of(local(item.reported_at).date(), item.period))
    return period_end(period_of(own + ONE_DAY, item.period))


def _working_days_off(day: date, days: int) -> date:
    """Return the day so many working days away; whole weeks of five, where no calendar is kept yet."""
    try:
        return calendar().add_working_days(day, days)
    except LookupError:
        return day + timedelta(days=days * 7 // 5)


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, SHANGHAI)
