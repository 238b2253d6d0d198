"""Hostile words, numbers and bodies: never a failure of ours, never active on any page."""

import gzip
import re
from urllib.parse import quote

import pytest

from lianqi.appeals import actions
from lianqi.enterprises.actions import add_contact
from tests.authorisation.addresses import PARAMETER, addresses
from tests.authorisation.asking import (
    API,
    ask,
    body_of,
    expanded,
    in_order,
    read_manifest,
    text_of,
    undone,
)
from tests.authorisation.crawling import pages
from tests.authorisation.payloads import NUMBERS, RAW_QUERIES, SCRIPTS, SEARCHES, TEMPLATES
from tests.authorisation.world import PHONE
from tests.factories import file_appeal

pytestmark = pytest.mark.django_db

LISTS = {
    "/appeals/": ("clerk", ("q", "view", "state", "unit", "sort", "cursor", "days")),
    "/appeals/export/": ("clerk", ("q", "view", "sort")),
    "/appeals/like/": ("clerk", ("title", "content")),
    "/appeals/rates/": ("clerk", ("since", "until", "kind", "unit", "period")),
    "/appeals/rates/rows/": ("clerk", ("cell", "since", "after", "before")),
    "/appeals/rates/exclusions/": ("clerk", ("rate", "state", "unit", "first", "after", "before")),
    "/appeals/rates/exclusions/export/": ("clerk", ("rate", "state", "unit", "last")),
    "/appeals/rates/frozen/": ("clerk", ("after", "before")),
    "/appeals/samples/": ("clerk", ("view", "after", "before")),
    "/appeals/supervision/": ("clerk", ("since", "until", "period")),
    "/appeals/promises/": ("clerk", ("fate", "unit", "month", "after", "before")),
    "/appeals/promises/export/": ("clerk", ("fate", "unit", "month")),
    "/appeals/precedents/": ("clerk", ("q", "unit", "after", "before")),
    "/appeals/cases/": ("clerk", ("state", "after", "before")),
    "/appeals/unsealings/": ("clerk", ("state", "after", "before")),
    "/appeals/board/": ("head", ("days",)),
    "/appeals/new/": ("clerk", ("firm", "enterprise", "channel")),
    "/public/cases/": ("visitor", ("q", "kind", "unit", "after", "before")),
    "/public/rates/": ("visitor", ("after", "before")),
    "/portal/like/": ("firm_a", ("title", "content")),
    "/portal/appeals/": ("firm_a", ("after", "before")),
    "/duties/": ("clerk", ("q", "whose", "unit", "light", "state", "after", "before")),
    "/notices/": ("clerk", ("after", "before")),
    "/settings/": ("sysadmin", ("limit", "day", "clock")),
    "/journal/": ("auditor", ("subject_type", "subject_id", "actor", "verb", "since", "after")),
    "/enterprises/": ("clerk", ("q", "state", "kind", "size", "after", "before")),
    "/enterprises/export.xlsx": ("clerk", ("q", "state")),
    "/enterprises/mine/": ("firm_a", ("firm",)),
    "/organisation/roster/": ("clerk", ("q",)),
    "/organisation/roster/export/": ("clerk", ("q",)),
    "/organisation/roster-changes/": ("conference_clerk", ("q", "state", "after")),
    "/organisation/handovers/": ("clerk", ("view", "after", "before")),
    "/organisation/handovers/new/": ("liaison_lead", ("desk",)),
    "/organisation/units/lead/": ("clerk", ("view", "after")),
    "/organisation/accounts/": ("secadmin", ("q", "view", "after")),
    "/organisation/appointments/new/": ("secadmin", ("user", "unit", "body", "post")),
    "/reveal/": ("clerk", ("for",)),
    "/accounts/login/": ("visitor", ("next",)),
    "/api/v1/appeals": ("clerk", ("q", "state", "unit", "kind", "cursor", "limit", "overdue")),
    "/api/v1/duties": ("clerk", ("unit", "cursor", "limit")),
    "/api/v1/public/cases": ("visitor", ("q", "kind", "unit", "cursor", "limit")),
    "/api/v1/rates": ("clerk", ("from", "to", "unit", "kind")),
    "/api/v1/enterprises": ("clerk", ("q", "cursor", "limit")),
}


@pytest.mark.parametrize("page", LISTS)
def test_no_search_word_breaks_a_list_or_comes_back_active(world, page):
    role, names = LISTS[page]
    broken, active = [], []
    asked = [quote(word.encode("utf-8", "surrogatepass")) for word in SEARCHES]
    for query in [*asked, *RAW_QUERIES, *map(str, NUMBERS)]:
        response = ask(world, role, "GET", f"{page}?" + "&".join(f"{n}={query}" for n in names))
        if response.status_code >= 500:
            broken.append(query)
        elif response.headers["Content-Type"].startswith("text/html"):
            active += [s for s in SCRIPTS if s in response.content.decode("utf-8", "replace")]

    assert (broken, active) == ([], [])


@pytest.mark.parametrize("address", [a for a in addresses() if PARAMETER.search(a)])
def test_no_number_in_an_address_breaks_it(world, address):
    role = "visitor" if "token" in address else "secadmin" if "accounts" in address else "clerk"
    broken = [
        (value, request)
        for value in [*NUMBERS, *(quote(word, safe="") for word in SEARCHES[:34])]
        for request in ("GET", "POST")
        if undone(world, role, request, "/" + PARAMETER.sub(value, address)).status_code >= 500
    ]

    assert broken == []


@pytest.fixture(scope="module")
def poisoned(world):
    """The world after somebody has put every payload into every text that is shown."""
    who, texts = world.who, [*SCRIPTS, *TEMPLATES]
    everything = "\n".join(texts)
    for number, text in enumerate(texts):
        appeal = file_appeal(
            who["firm_a"],
            title=f"题{text}"[:100].replace("\n", " ").replace("\t", " "),
            content=f"{number} {text}" if number else everything,
            contact_name=text[:40].replace("\n", " ").replace("\t", " "),
        )
        if number < 3:
            actions.accept_appeal(appeal, actor=who["clerk"], note=everything)
            actions.dispatch_appeal(
                appeal, actor=who["clerk"], lead_unit=world.units.lead, note=everything
            )
            actions.sign_order(appeal, actor=who["liaison_lead"])
            actions.report_stage(appeal, actor=who["liaison_lead"], content=everything)
            actions.request_closing(
                appeal, actor=who["liaison_lead"], outcome="solved", reply=everything
            )
    for text in SCRIPTS[::5]:
        name = text[:40].replace("\n", " ").replace("\t", " ")
        add_contact(
            world.firm_a, actor=who["clerk"], name=name, title=name, phone=PHONE, main=False
        )
    return world


@pytest.mark.parametrize("role", ["clerk", "liaison_lead", "firm_a", "discipline"])
def test_what_somebody_has_written_is_active_on_no_page(poisoned, role):
    active, broken, said = [], [], 0
    for path, response in pages(poisoned, role):
        if response.status_code >= 500:
            broken.append(path)
        if not response.headers["Content-Type"].startswith("text/html"):
            continue
        page = response.content.decode()
        said += "&lt;script" in page
        active += [(path, text) for text in SCRIPTS if text[0] != "＜" and text in page]
        if re.search(r'(?:href|src|action)="\s*(?:javascript|data:text|vbscript):', page, re.I):
            active.append((path, "javascript:"))
        if "62710561" in page or "15838" in page:
            active.append((path, "evaluated"))

    assert (broken, active, said > 5) == ([], [], True)


def test_a_workbook_of_hostile_cells_has_no_formula(poisoned):
    book = text_of(ask(poisoned, "clerk", "GET", "/appeals/export/"))

    assert (len(SCRIPTS) >= 100, "<f>" in book, "题" in book) == (True, False, True)


BODIES = [
    (b"", "application/json"),
    (b"[" * 10_000 + b"]" * 10_000, "application/json"),
    (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "application/json"),
    (b'{"title": NaN, "kind": Infinity}', "application/json"),
    (b'{"title": "a", "title": "b", "kind": "help"}', "application/json"),
    (b'{"__proto__": {"is_staff": true}, "kind": "help"}', "application/json"),
    (b'{"title": "\\u0000", "kind": "help", "content": "\\ud800"}', "application/json"),
    (b'{"days": ' + b"9" * 9_000 + b"}", "application/json"),
    (gzip.compress(b'{"kind": "help"}'), "application/json"),
    (b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "application/xml"),
    (b"a=b&a=c" * 3_000, "application/x-www-form-urlencoded"),
    (b"%00=%00&title=%00&note=%00&q=%00", "application/x-www-form-urlencoded"),
    (b"title=%ED%A0%80&note=%ff%fe", "application/x-www-form-urlencoded"),
    (b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb', "multipart/form-data"),
    (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
    (
        b'--x\r\nContent-Disposition: form-data; name="files"; filename="a\r\nX-Evil: 1.txt"\r\n'
        b"Content-Type: text/plain\r\n\r\nhello\r\n--x--\r\n",
        "multipart/form-data; boundary=x",
    ),
    (b"\x00\xff\xfe", "text/plain; charset=nonsense"),
    (b"a=b", "application/x-www-form-urlencoded; charset=utf-7"),
]


MANIFEST = expanded(read_manifest())


def takers(world):
    """Yield each address that takes a form, with somebody from whom it takes it."""
    for route, case, path, _first in in_order(world):
        told = MANIFEST.get((route, case.name, "POST+"), {})
        taken = [role for role, answer in told.items() if answer in ("200", "201", "302")]
        if taken:
            yield path, taken[0], case.valid


@pytest.mark.parametrize(("body", "kind"), BODIES, ids=range(len(BODIES)))
def test_no_body_breaks_an_address(world, body, kind):
    broken = []
    for path, role, _valid in takers(world):
        response = undone(world, role, "POST", path, data=body, content_type=kind)
        if response.status_code >= 500 or "X-Evil" in response.headers:
            broken.append((role, path, response.status_code))

    assert broken == []


@pytest.mark.parametrize(
    "word", ["\x00", "a\x00b", "\ud800", "😀" * 3_000, "﷽" * 400, "x" * 100_000]
)
def test_no_word_in_any_field_of_any_form_breaks_it(world, word):
    broken = []
    for path, role, valid in takers(world):
        for name in valid:
            response = undone(world, role, "POST", path, **with_word(path, valid, name, word))
            if response.status_code >= 500:
                broken.append((role, path, name))

    assert broken == []


def with_word(path, valid, name, word):
    """Return the well-filled form with one field replaced, as a program or a browser sends it."""
    if not path.startswith(API):
        word = word.encode("utf-8", "replace").decode()
    return body_of(path, {**valid, name: word})
