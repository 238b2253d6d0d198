"""Every address that the URL table knows, allauth's and the API's included."""

import re
from collections.abc import Iterator
from typing import Any

from django.urls import get_resolver
from django.urls.resolvers import URLResolver

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


def addresses() -> list[str]:
    """Return every route once, in the order of the URL table."""
    return list(dict.fromkeys(_walk(get_resolver())))


def _walk(resolver: Any, before: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, route)
        else:
            yield _known_as(route, pattern)


def _known_as(route: str, pattern: Any) -> str:
    """Name the API's answer to unknown addresses, whose own pattern is empty."""
    if route == "api/v1/" and pattern.name is None:
        return "api/v1/*"
    return route or "/"


def parameters(route: str) -> list[str]:
    """Return the names of the parts that a route leaves open."""
    return PARAMETER.findall(route)


def filled(route: str, given: dict[str, object]) -> str:
    """Return the path of a route with its open parts filled in.

    Raises:
        KeyError: a part is not given.
    """
    path = PARAMETER.sub(lambda part: str(given[part[1]]), route).replace("*", "nothing")
    return "/" + path.removeprefix("/")
