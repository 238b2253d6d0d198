"""Keyset pages in order of a date that may be missing: dated rows first, each part by its index."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

T = TypeVar("T")


@dataclass(frozen=True)
class Stretch:
    """A stretch of a list with an order of its own, so that each follows one index.

    Rows without a date come after those with one; in one ORDER BY no index would serve both.
    ``keys`` are one or two columns, all ascending or all descending, the last of them unique.
    """

    where: Q
    keys: Sequence[str]

    def order(self, *, forward: bool) -> list[str]:
        """Return the ORDER BY of the stretch, or of its reverse."""
        return list(self.keys) if forward else [_turned(key) for key in self.keys]

    def beyond(self, values: Sequence[Any], *, forward: bool) -> Q:
        """Return the rows that come after these values in this direction."""
        keys = self.order(forward=forward)
        last = Q(**{_compared(keys[-1], strict=True): values[-1]})
        if len(keys) == 1:
            return last
        first = Q(**{_compared(keys[0], strict=True): values[0]})
        # The outer, redundant bound is what the database finds in the index.
        return Q(**{_compared(keys[0], strict=False): values[0]}) & (first | last)

    def values(self, row: Model) -> list[Any]:
        """Return the row's place in the stretch."""
        return [getattr(row, key.lstrip("-")) for key in self.keys]


def _turned(key: str) -> str:
    return key[1:] if key.startswith("-") else f"-{key}"


def _compared(key: str, *, strict: bool) -> str:
    name = key.lstrip("-")
    return f"{name}__{'lt' if key.startswith('-') else 'gt'}{'' if strict else 'e'}"


@dataclass
class Page(Generic[T]):
    """One page of a list, as ``{% pager %}`` reads it; the view adds its neighbours' addresses."""

    rows: list[T]
    count_text: str
    next_cursor: str = ""
    previous_cursor: str = ""
    next_url: str = ""
    previous_url: str = ""


def cut(
    rows: QuerySet[Any], stretches: Sequence[Stretch], cursor: str, per_page: int
) -> tuple[list[Any], str, str]:
    """Return one page of rows with the cursors of the next and of the previous page.

    A cursor that cannot be read shows the first page.
    """
    forward, number, values = _read(cursor, stretches)
    found = _take(rows, stretches, number, values, forward=forward, most=per_page + 1)
    more = len(found) > per_page
    found = found[:per_page]
    if not forward:
        found.reverse()
    if not found:
        return [], "", ""
    # Whoever came by a cursor came from a neighbour on that side.
    has_after, has_before = (more, bool(values)) if forward else (True, more)
    after = _cursor(found[-1], stretches, forward=True) if has_after else ""
    before = _cursor(found[0], stretches, forward=False) if has_before else ""
    return [row for _, row in found], after, before


def _take(
    rows: QuerySet[Any],
    stretches: Sequence[Stretch],
    number: int,
    values: list[Any],
    *,
    forward: bool,
    most: int,
) -> list[tuple[int, Any]]:
    found: list[tuple[int, Any]] = []
    numbers = range(number, len(stretches)) if forward else range(number, -1, -1)
    for here in numbers:
        stretch = stretches[here]
        part = rows.filter(stretch.where)
        if here == number and values:
            part = part.filter(stretch.beyond(values, forward=forward))
        part = part.order_by(*stretch.order(forward=forward))
        found += [(here, row) for row in part[: most - len(found)]]
        if len(found) >= most:
            break
    return found


def _cursor(found: tuple[int, Any], stretches: Sequence[Stretch], *, forward: bool) -> str:
    number, row = found
    values = stretches[number].values(row)
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    said = json.dumps([forward, number, plain], separators=(",", ":"))
    return urlsafe_b64encode(said.encode()).decode().rstrip("=")


def _read(cursor: str, stretches: Sequence[Stretch]) -> tuple[bool, int, list[Any]]:
    try:
        said = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        forward, number, plain = said
        keys = stretches[number].keys
        values = [_value(value) for value in plain]
    except (ValueError, TypeError, IndexError):
        return True, 0, []
    if number < 0 or len(values) != len(keys):
        return True, 0, []
    return bool(forward), number, values


def _value(plain: Any) -> Any:
    if isinstance(plain, str):
        moment = datetime.fromisoformat(plain)
        if moment.tzinfo is None:
            raise ValueError(plain)
        return moment
    return int(plain)
