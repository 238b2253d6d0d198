"""Pages of the API: keyset cursors, moments as the office's clock shows them."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any, TypeVar

from ninja import Query
from pydantic import PlainSerializer, WithJsonSchema

from lianqi.kernel.clock import local
from lianqi.kernel.problems import fields_refused

DEFAULT_LIMIT, MOST = 50, 200
LARGEST_ID = 2**63 - 1

R = TypeVar("R")

Limit = Annotated[int, Query(ge=1, le=MOST, description=f"每页条数，最多{MOST}")]
Cursor = Annotated[
    str | None, Query(max_length=200, description="上一页的 next_cursor；第一页不填")
]
Moment = Annotated[
    datetime,
    PlainSerializer(lambda moment: local(moment).isoformat(timespec="seconds"), return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]


def cursor_of(*place: Any) -> str:
    """Return an opaque cursor that says after which row the next page begins."""
    return urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def place_of(cursor: str, *kinds: type) -> list[Any]:
    """Return what a cursor says; Refused (422) for one that was not made here."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        place = json.loads(urlsafe_b64decode(padded.encode("ascii")))
        if [type(part) for part in place] != list(kinds):
            raise ValueError(cursor)
    except (ValueError, TypeError, RecursionError) as broken:
        raise bad_cursor() from broken
    if any(isinstance(part, int) and not 0 <= part <= LARGEST_ID for part in place):
        raise bad_cursor()
    return place


def bad_cursor() -> Exception:
    """Return the refusal of a cursor."""
    return fields_refused(
        {"cursor": "游标无效，请使用上一页返回的 next_cursor，或不带游标从头开始。"}
    )


def cut(rows: Sequence[R], limit: int, place: Callable[[R], str]) -> tuple[list[R], str | None]:
    """Return the page out of ``limit`` + 1 loaded rows, and the cursor if there is more."""
    page = list(rows[:limit])
    return page, place(page[-1]) if len(rows) > limit else None
