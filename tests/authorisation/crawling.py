"""Reads everything a role can reach: known addresses, then whatever their pages link to."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

from tests.authorisation.asking import API, ask
from tests.authorisation.cases import cases
from tests.authorisation.world import World

LINK = re.compile(rb"""(?:href|src|hx-get|action)="([^"]+)\"""")
# Signing out ends the crawl; static files are the same for everybody.
LEFT_OUT = ("/static/", "/accounts/logout/", "/i18n/")
# Beyond the known addresses: a filtered list links to its other filters, of which a few will do.
MOST_FOUND = 60
MOST_QUERIES_A_PAGE = 3


def pages(world: World, role: str) -> Iterator[tuple[str, Any]]:
    """Yield path and response of everything this role gets, each path once."""
    waiting = [path for _route, _case, path in cases(world)]
    seen, known = set(waiting), len(set(waiting))
    queries = dict.fromkeys((urlsplit(path).path for path in waiting), 0)
    while waiting:
        path = waiting.pop(0)
        response = ask(world, role, "GET", path)
        yield path, response
        for link in _links(path, response):
            page, query = urlsplit(link).path, urlsplit(link).query
            queries[page] = queries.get(page, 0) + bool(query)
            few = queries[page] <= MOST_QUERIES_A_PAGE and len(seen) < known + MOST_FOUND
            if few and link not in seen:
                seen.add(link)
                waiting.append(link)


def _links(path: str, response: Any) -> Iterator[str]:
    if response.status_code == 302:
        found = [response["Location"]]
    elif response["Content-Type"].startswith("text/html"):
        found = [unescape(raw.decode()) for raw in LINK.findall(response.content)]
    else:
        return
    for link in found:
        full = urljoin(f"http://testserver{path}", link).split("#")[0]
        if full.startswith("http://testserver/"):
            local = full.removeprefix("http://testserver")
            if not local.startswith((*LEFT_OUT, API)):
                yield local
