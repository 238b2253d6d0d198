"""Numbers that run without gaps, whoever asks at once."""

from django.db import connection

from lianqi.kernel.models import NumberSeries

TAKE = (
    f'UPDATE "{NumberSeries._meta.db_table}" SET last = last + 1'  # noqa: S608 our own name
    " WHERE key = %s AND year = %s RETURNING last"
)


def next_number(key: str, year: int) -> int:
    """Return the next number of a series; a rolled-back transaction gives it back.

    Call it inside the transaction that uses the number, as late as possible: from here to the
    commit the series' row is locked, which is what keeps the series free of gaps.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("next_number() belongs inside the transaction that uses the number")
    taken = _taken(key, year)
    if taken is None:
        NumberSeries.objects.bulk_create([NumberSeries(key=key, year=year)], ignore_conflicts=True)
        taken = _taken(key, year)
    if taken is None:
        raise LookupError(f"no series {key} of {year}")
    return taken


def _taken(key: str, year: int) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [key, year])
        row = cursor.fetchone()
    return row[0] if row else None
