"""What the report form lists, and what a table is checked against before it is entered."""

from collections.abc import Iterable

from django.db.models import QuerySet

from lianqi.kernel.clock import today
from lianqi.ledger.access import visible_uploads, working_units
from lianqi.ledger.enums import ItemState, UploadState
from lianqi.ledger.models import Item, ProgressReport, Upload
from lianqi.ledger.workflow.periods import period_of
from lianqi.organisation.models import User


def reportable_items(user: User) -> QuerySet[Item]:
    """Return what the person's units have in hand, the next due first: the rows of the report form."""
    rows = Item.objects.filter(
        state=ItemState.UNDERWAY, shares__unit_id__in=working_units(user)
    ).distinct()
    return rows.order_by("sort_on", "pk")


def already_reported(item: Item, units: Iterable[int]) -> bool:
    """Whether one of these units has reported on the item for the present period."""
    period = period_of(today(), item.period)
    return ProgressReport.objects.filter(item=item, period=period, unit_id__in=units).exists()


def reported_items(items: Iterable[Item], units: Iterable[int]) -> set[int]:
    """Return the keys of the items that these units have reported on for their present period."""
    periods = {item.pk: period_of(today(), item.period) for item in items}
    rows = ProgressReport.objects.filter(
        item__in=list(periods), unit_id__in=list(units), period__in=set(periods.values())
    ).values_list("item_id", "period")
    return {pk for pk, period in rows if periods[pk] == period}


def marked_items(marks: Iterable[str]) -> dict[str, str]:
    """Return the numbers of the items that came from rows with these marks."""
    return dict(Item.objects.filter(mark__in=list(marks)).values_list("mark", "number"))


def recent_uploads(user: User, kind: str) -> list[Upload]:
    """Return the newest tables of this kind without their rows."""
    rows = visible_uploads(user).filter(kind=kind).exclude(state=UploadState.DROPPED)
    return list(rows.defer("rows", "errors", "results").order_by("-pk")[:20])
