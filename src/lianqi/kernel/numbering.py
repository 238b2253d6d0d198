"""Numbers that run without gaps, whoever asks at once."""

from django.db import connection

from lianqi.kernel.models import NumberSeries

_TABLE = NumberSeries._meta.db_table


def next_number(key: str, year: int) -> int:
    """Return the next number of a series; a rolled-back transaction gives it back.

    Call it inside the transaction that uses the number, as late as possible: from here to the
    commit the series' row is locked, which is what keeps the series free of gaps.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("next_number() belongs inside the transaction that uses the number")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_TABLE} (key, year, last) VALUES (%s, %s, 1)"  # noqa: S608 our own table
            f" ON CONFLICT (key, year) DO UPDATE SET last = {_TABLE}.last + 1 RETURNING last",
            [key, year],
        )
        return int(cursor.fetchone()[0])
