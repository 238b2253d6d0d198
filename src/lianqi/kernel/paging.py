"""Keyset pages: the next page begins after the last row shown, however far down that is."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import connection
from django.db.models import Model, Q, QuerySet
from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianqi.kernel.templatetags.ui import MOST_COUNTED

COUNT_CEILING = MOST_COUNTED
PAGE_SIZE = 50


@dataclass(frozen=True)
class Page:
    """One page of a list and the ways on from it; what ``{% pager %}`` reads."""

    rows: list[Any]
    count_text: str
    previous_url: str = ""
    next_url: str = ""


def keyset_page(
    rows: QuerySet[Any],
    asked: QueryDict,
    *,
    order: Sequence[str],
    size: int = PAGE_SIZE,
    unit: str = "条",
) -> Page:
    """Return the page that ``after`` or ``before`` in the query string asks for.

    ``order`` names columns that are never null, all rising or all falling, the last one unique.
    A cursor that cannot be read gives the first page.
    """
    falling = order[0].startswith("-")
    names = [name.lstrip("-") for name in order]
    backward = bool(asked.get("before"))
    cursor = _read_cursor(asked.get("before") or asked.get("after") or "", len(names))
    if cursor is not None and not _fits(rows, names, cursor):
        cursor = None
    found = rows
    if cursor is not None:
        found = found.filter(_beyond(names, cursor, downward=falling != backward))
    turned = [_turn(name) for name in order] if backward and cursor else list(order)
    shown = list(found.order_by(*turned)[: size + 1])
    more = len(shown) > size
    shown = shown[:size]
    if backward and cursor:
        shown.reverse()
        earlier, later = more, True
    else:
        earlier, later = cursor is not None, more
    return Page(
        rows=shown,
        count_text=count_text(rows, unit),
        previous_url=_url(asked, "before", shown[0], names) if earlier and shown else "",
        next_url=_url(asked, "after", shown[-1], names) if later and shown else "",
    )


def count_text(rows: QuerySet[Any], unit: str = "条") -> str:
    """Say how many rows there are, counted up to a thousand."""
    count = rows.order_by()[: COUNT_CEILING + 1].count()
    return counted(count, unit)


def counts_up_to_ceiling(**found: QuerySet[Any]) -> dict[str, int]:
    """Count several sets of rows in one query, each only as far as a thousand and one."""
    most = COUNT_CEILING + 1
    return counts_in_one(**{name: rows.order_by()[:most] for name, rows in found.items()})


def counts_in_one(**found: QuerySet[Any]) -> dict[str, int]:
    """Count several sets of rows in one query."""
    parts: list[tuple[str, str]] = []
    values: list[Any] = []
    counts = dict.fromkeys(found, 0)
    for name, rows in found.items():
        try:
            query, given = rows.query.sql_with_params()
        except EmptyResultSet:
            continue  # a set known to be empty has no SQL
        parts.append((name, f"(SELECT COUNT(*) FROM ({query}) AS counted)"))  # noqa: S608 our own query
        values += given
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(part for _, part in parts)}", values)
            counts.update(zip((name for name, _ in parts), cursor.fetchone(), strict=True))
    return counts


def counted(count: int, unit: str) -> str:
    """Say a number of rows in the reader's language; ``unit`` is the Chinese measure word."""
    shown = "1,000+" if count > COUNT_CEILING else f"{count:,}"
    return _("共 %(count)s %(unit)s") % {"count": shown, "unit": ngettext(unit, unit, count)}


def _turn(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(names: Sequence[str], cursor: Sequence[Any], *, downward: bool) -> Q:
    """Rows after the cursor: (a, b) > (x, y) written as a > x or (a = x and b > y)."""
    compare = "lt" if downward else "gt"
    beyond, same = Q(), Q()
    for name, value in zip(names, cursor, strict=True):
        beyond |= same & Q(**{f"{name}__{compare}": value})
        same &= Q(**{name: value})
    return beyond


def _url(asked: QueryDict, direction: str, row: Model, names: Sequence[str]) -> str:
    values = [getattr(row, name) for name in names]
    packed = json.dumps([v.isoformat() if isinstance(v, date) else v for v in values])
    query = asked.copy()
    query.pop("after", None)
    query.pop("before", None)
    query[direction] = base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")
    return f"?{query.urlencode()}"


def _fits(rows: QuerySet[Any], names: Sequence[str], cursor: Sequence[Any]) -> bool:
    """Whether each value of the cursor is one that its column can be compared with."""
    try:
        str(rows.filter(_beyond(names, cursor, downward=False)).query)
    except (TypeError, ValueError, ValidationError):
        return False
    return True


def _read_cursor(text: str, length: int) -> list[Any] | None:
    if not text:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error, UnicodeDecodeError):
        return None
    if not isinstance(values, list) or len(values) != length:
        return None
    read = [_read_value(value) for value in values]
    return None if None in read else read


def _read_value(value: object) -> object:
    """Only whole numbers, days and moments are ever put into a cursor."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    if isinstance(value, int):
        return value if abs(value) < 2**63 else None
    try:
        if len(value) == len("2026-11-23"):
            return parse_date(value)
        moment = parse_datetime(value)
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


def query_url(path: str, **parameters: str) -> str:
    """Return an address with those of the parameters that say something."""
    said = urlencode({name: value for name, value in parameters.items() if value})
    return f"{path}?{said}" if said else path
