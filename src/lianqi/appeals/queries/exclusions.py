"""剔除台账: every exclusion, whoever asked, whatever became of it."""

from datetime import date

from django.db.models import QuerySet

from lianqi.appeals.access import visible_exclusions
from lianqi.appeals.models import Exclusion
from lianqi.appeals.queries.listing import day_range
from lianqi.organisation.models import User


def exclusion_rows(
    user: User,
    *,
    state: str = "",
    rate: str = "",
    unit: str = "",
    first: date | None = None,
    last: date | None = None,
) -> QuerySet[Exclusion]:
    """Return the ledger as far as this person may see it; the days are those of filing."""
    rows = visible_exclusions(user).select_related("appeal", "unit", "filed_by", "decided_by")
    plain = {"state": state, "rate": rate, "unit__code": unit}
    rows = rows.filter(**{name: value for name, value in plain.items() if value})
    if first:
        rows = rows.filter(filed_at__gte=day_range(first)[0])
    if last:
        rows = rows.filter(filed_at__lt=day_range(last)[1])
    return rows
