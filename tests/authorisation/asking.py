"""Asks the product as a role does, undoes what the asking did, and keeps the answers as a table."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import RequestFactory
from django.test.client import (
    BOUNDARY,
    MULTIPART_CONTENT,
    ClientHandler,
    encode_multipart,
)
from django.urls import reverse

from tests.authorisation.cases import Case, cases
from tests.authorisation.world import ROLES, World

MANIFEST = Path(__file__).with_name("manifest.csv")
API = "/api/"
# What an address does not take is refused before anybody looks at who asks: a few roles will do.
UNUSED = ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS")
FEW = ("visitor", "firm_a", "liaison_lead", "clerk", "auditor", "suspended")
NOT_ASKED = ""
# "POST" sends an empty form, "POST+" one that is filled in well.
REQUESTS = ("GET", "HEAD", "POST", "POST+", "PUT", "PATCH", "DELETE", "OPTIONS")
HEAD = ("address", "case", "requests", *ROLES)

Row = tuple[str, ...]
Asked = tuple[str, str, str]  # address, case, request


class Undo(Exception):
    """Rolls the savepoint back."""


class Browser(RequestFactory):
    """Sends as Django's test client does, without keeping a copy of every template's context."""

    def __init__(self, *, enforce_csrf_checks: bool = False) -> None:
        """Load the middleware once for all requests."""
        super().__init__()
        self.handler = ClientHandler(enforce_csrf_checks=enforce_csrf_checks)
        self.handler.load_middleware()

    def request(self, **request: Any) -> Any:
        """Return the response; a failure of ours is one with the status 500."""
        return self.handler(self._base_environ(**request))


BROWSER = Browser()


def ask(
    world: World, role: str, request: str, path: str, *, browser: Browser = BROWSER, **sent: Any
) -> Any:
    """Return the response to one request of this role; its effects stay until undone."""
    browser.cookies.clear()
    if not path.startswith(API):
        browser.cookies.load(world.cookies[role])
    elif world.tokens[role]:
        sent["headers"] = {"authorization": f"Bearer {world.tokens[role]}"}
    return browser.generic(request.removesuffix("+"), path, **sent)


def answer_to(world: World, role: str, request: str, path: str, case: Case) -> str:
    """Return the answer in the manifest's words, with all its effects undone."""
    if request == "GET":
        return got(world, role, path).told
    sent = body_of(path, (case.valid or {}) if request == "POST+" else {}, request)
    return in_words(undone(world, role, request, path, **sent))


@dataclass(frozen=True)
class Got:
    """What one GET has answered: in the manifest's words, its headers, and all it says as text."""

    told: str
    headers: Mapping[str, str]
    text: str


def got(world: World, role: str, path: str) -> Got:
    """Return what this role gets at an address; asked once, for the world always stands as it stood.

    What an answer says, how it is protected and who gets it are questions of several tests.
    """
    if (role, path) not in world.got:
        keep(world, role, path, undone(world, role, "GET", path))
    return world.got[role, path]


def keep(world: World, role: str, path: str, response: Any) -> Got:
    """Keep an answer to a GET for whoever asks the same."""
    found = Got(in_words(response), response.headers, text_of(response))
    world.got[role, path] = found
    return found


def text_of(response: Any) -> str:
    """Return what the answer says: page, JSON, file, or every part of a workbook; and its head."""
    body = b"".join(response) if response.streaming else response.content
    if body[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"\n".join(book.read(name) for name in book.namelist())
    head = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    return unescape(body.decode("utf-8", "replace")) + head


def undone(world: World, role: str, request: str, path: str, **sent: Any) -> Any:
    """Return the response to one request, with all its effects undone."""
    response = None
    try:
        with transaction.atomic():
            response = ask(world, role, request, path, **sent)
            raise Undo
    except Undo:
        return response


def body_of(path: str, fields: dict[str, object], request: str = "POST") -> dict[str, Any]:
    """Return the fields as the address takes them: JSON for programs, a form for pages."""
    if not request.startswith("POST"):
        return {}
    if path.startswith(API):
        return {"data": json.dumps(fields, default=str), "content_type": "application/json"}
    return form_of(fields)


def form_of(fields: dict[str, object]) -> dict[str, Any]:
    """Return the fields as a browser's form sends them."""
    data = encode_multipart(BOUNDARY, {name: _as_sent(value) for name, value in fields.items()})
    return {"data": data, "content_type": MULTIPART_CONTENT}


def _as_sent(value: object) -> object:
    """A tuple is a file's name and content; everything else is text."""
    return SimpleUploadedFile(*value) if isinstance(value, tuple) else str(value)


def in_words(response: Any) -> str:
    """Return the status; "login" for the way to the sign-in page."""
    status = response.status_code
    to_sign_in = status == 302 and response["Location"].startswith(f"{reverse('account_login')}?")
    return "login" if to_sign_in else str(status)


# --- the table


def requests_of(case: Case, first: bool) -> Iterator[str]:
    """Yield what is tried: a well-filled post where there is one; unused methods once a route."""
    for request in REQUESTS if first else ("GET", "POST", "POST+"):
        if request != "POST+" or case.valid is not None:
            yield request


def roles_asked(request: str, name: str) -> tuple[str, ...]:
    """Return who asks in this way; what does not exist ("无此…") is asked for by a few."""
    return FEW if request in UNUSED or name.startswith("无此") else ROLES


def observed(world: World, routes: Iterable[str] = ()) -> Iterator[Row]:
    """Yield rows as the product answers now, requests with equal answers in one row."""
    wanted = set(routes)
    for route, case, path, first in in_order(world):
        if not wanted or route in wanted:
            yield from _rows(world, route, case, path, first=first)


def in_order(world: World) -> Iterator[tuple[str, Case, str, bool]]:
    """Yield all that is asked, and whether it is the first case of its address."""
    before = ""
    for route, case, path in cases(world):
        yield route, case, path, route != before
        before = route


def _rows(world: World, route: str, case: Case, path: str, *, first: bool) -> Iterator[Row]:
    alike: dict[tuple[str, ...], list[str]] = {}
    # Those whom everybody asks come first: what only a few ask joins a row that it agrees with.
    for request in sorted(requests_of(case, first), key=lambda request: request in UNUSED):
        told = {
            role: answer_to(world, role, request, path, case)
            for role in roles_asked(request, case.name)
        }
        row = next((row for row in alike if _agrees(row, told)), None)
        row = row or tuple(told.get(role, NOT_ASKED) for role in ROLES)
        alike.setdefault(row, []).append(request)
    for answers, requests in alike.items():
        yield (route, case.name, " ".join(sorted(requests, key=REQUESTS.index)), *answers)


def _agrees(row: tuple[str, ...], told: dict[str, str]) -> bool:
    return all(
        answer == told[role] for role, answer in zip(ROLES, row, strict=True) if role in told
    )


def expanded(rows: Iterable[Row]) -> dict[Asked, dict[str, str]]:
    """Return role and answer for each single request of the table, of those who are asked."""
    return {
        (route, case, request): {
            role: answer
            for role, answer in zip(ROLES, answers, strict=True)
            if role in roles_asked(request, case)
        }
        for route, case, requests, *answers in rows
        for request in requests.split()
    }


def read_manifest() -> list[Row]:
    """Return the reviewed table; its first line must name the roles as we do."""
    with MANIFEST.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    assert tuple(head) == HEAD
    return [tuple(row) for row in rows]
