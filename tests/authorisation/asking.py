"""Asks the product as a role does, undoes what the asking did, and keeps the answers as a table."""

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
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


def ask(world: World, role: str, request: str, path: str, **sent: Any) -> Any:
    """Return the response to one request of this role; its effects stay until undone."""
    client = Client(raise_request_exception=False)
    if not path.startswith(API):
        client.cookies.load(world.cookies[role])
    elif world.tokens[role]:
        sent["headers"] = {"authorization": f"Bearer {world.tokens[role]}"}
    return client.generic(request.removesuffix("+"), path, **sent)


def answer_to(world: World, role: str, request: str, path: str, case: Case) -> str:
    """Return the answer in the manifest's words, with all its effects undone."""
    sent = body_of(path, (case.valid or {}) if request == "POST+" else {}, request)
    return in_words(undone(world, role, request, path, **sent))


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
