"""Numbers that run without gaps, whoever asks at once."""

from django.db import connection, models
from django.db.models import F

from lianqi.kernel.models import NumberSeries


def next_number(key: str, year: int) -> int:
    """Return the next number of a series; a rolled-back transaction gives it back.

    Call it inside the transaction that uses the number, as late as possible: from here to the
    commit the series' row is locked, which is what keeps the series free of gaps.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("next_number() belongs inside the transaction that uses the number")
    rows: models.QuerySet[NumberSeries] = NumberSeries.objects.filter(key=key, year=year)
    if not rows.update(last=F("last") + 1):
        NumberSeries.objects.bulk_create([NumberSeries(key=key, year=year)], ignore_conflicts=True)
        rows.update(last=F("last") + 1)
    return rows.get().last
