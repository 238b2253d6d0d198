"""Lists that a person may shape: which there are, what columns each offers, where each is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, QueryDict
from django.urls import reverse

# What belongs to one page of a list, not to a view of it.
_PASSING = ("cursor", "after", "before", "saved", "csrfmiddlewaretoken")


@dataclass(frozen=True)
class ShapedList:
    """A list: its key, the name of its address, its columns by key and those shown at first.

    ``may`` is the permission to open it; ``fixed`` columns name the row and are always there.
    """

    key: str
    url_name: str
    may: str
    columns: Mapping[str, Any]
    shown_first: tuple[str, ...]
    fixed: tuple[str, ...] = ()

    def address(self, query: str = "") -> str:
        """Return the address of the list with a query."""
        path = reverse(self.url_name)
        return f"{path}?{query}" if query else path

    def fitting(self, columns: list[str]) -> list[str]:
        """Return those of the columns that this list has, in its own order."""
        wanted = {*columns, *self.fixed}
        return [key for key in self.columns if key in wanted]


_lists: dict[str, ShapedList] = {}


def shape_list(shaped: ShapedList) -> ShapedList:
    """Register a list whose views and columns people may keep."""
    _lists[shaped.key] = shaped
    return shaped


def shaped_list(key: str) -> ShapedList:
    """Return the list of this key; Http404 if there is none."""
    try:
        return _lists[key]
    except KeyError:
        raise Http404(f"no list {key}") from None


def lasting(query: QueryDict | str) -> str:
    """Return a query without what belongs to one page only, and without empty words."""
    given = QueryDict(query) if isinstance(query, str) else query
    kept = QueryDict(mutable=True)
    for name, values in given.lists():
        words = [word for word in values if word]
        if name not in _PASSING and words:
            kept.setlist(name, words)
    return kept.urlencode()
