"""What protects people in their browsers: CSRF, headers, redirects, sessions, cookies."""

import os
import subprocess
import sys
from urllib.parse import quote, urlsplit

import pytest
from django.conf import settings
from django.test import Client

from tests.authorisation.asking import API, Browser, ask
from tests.authorisation.cases import cases
from tests.authorisation.world import PASSWORD
from tests.factories import office_clerk

pytestmark = pytest.mark.django_db

ELSEWHERE = [
    "https://evil.example/",
    "http://evil.example",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\n/evil.example",
    " //evil.example",
    "\x00//evil.example",
    "https:evil.example",
    "https:/evil.example",
    "http:///evil.example",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
    "https://evil.example#testserver",
    "https://evil.example\\@testserver/",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)//testserver",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "ftp://evil.example/",
    "https://ｅvil.example/",
]


@pytest.mark.parametrize("role", ["visitor", "firm_a", "clerk", "secadmin"])
def test_no_page_takes_an_unsafe_request_without_its_token(world, role):
    browser = Browser(enforce_csrf_checks=True)
    paths = {path for _route, _case, path in cases(world) if not path.startswith(API)}

    taken = [
        (method, path)
        for path in sorted(paths)
        for method in ("POST", "PUT", "PATCH", "DELETE")
        if ask(world, role, method, path, browser=browser).status_code != 403
    ]

    assert taken == []


@pytest.mark.parametrize("target", ELSEWHERE)
@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("/accounts/login/", {"login": "clerk", "password": PASSWORD}),
        ("/i18n/setlang/", {"language": "en"}),
        ("/large-print/", {"large_print": "1"}),
        ("/accounts/logout/", {}),
    ],
)
def test_no_way_leads_to_another_site(world, address, fields, target):
    client = Client()
    if address == "/accounts/logout/":
        client.cookies.load(world.cookies["clerk"])

    by_form = client.post(address, {**fields, "next": target})
    by_query = Client().post(f"{address}?next={quote(target)}", fields)

    for response in (by_form, by_query):
        went = urlsplit(response.headers.get("Location", "/"))
        assert (went.scheme in ("", "http"), went.netloc in ("", "testserver")) == (True, True)
        assert not response.headers.get("Location", "/").startswith(("//", "/\\"))


def test_a_planted_session_key_is_not_kept_at_sign_in():
    office_clerk(username="planted")
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32

    client.post("/accounts/login/", {"login": "planted", "password": PASSWORD})

    assert client.cookies[settings.SESSION_COOKIE_NAME].value != "a" * 32
    assert client.get("/desk/").status_code == 200


def test_signing_out_ends_the_session_on_the_server():
    office_clerk(username="leaving")
    client = Client()
    client.post("/accounts/login/", {"login": "leaving", "password": PASSWORD})
    kept = {settings.SESSION_COOKIE_NAME: client.session.session_key}
    client.post("/accounts/logout/")
    thief = Client()
    thief.cookies.load(kept)

    assert thief.get("/desk/").status_code == 302


def test_cookies_carry_their_flags(world):
    response = Client().post("/accounts/login/", {"login": "clerk", "password": PASSWORD})

    session = response.cookies[settings.SESSION_COOKIE_NAME]
    assert (session["httponly"], session["samesite"], session["path"]) == (True, "Lax", "/")


def test_behind_tls_the_deployment_check_finds_nothing_and_cookies_are_bound_to_the_host(tmp_path):
    environment = {**os.environ, "LIANQI_TLS": "1", "LIANQI_HOME": str(tmp_path)}
    environment["DJANGO_SETTINGS_MODULE"] = "lianqi.config.settings"
    environment.pop("DATABASE_URL", None)
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # the browser's tests set it
    said = subprocess.run(  # noqa: S603 our own program
        [sys.executable, "-c", DEPLOYED],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (said.returncode, said.stderr) == (0, "")
    checked, *cookies = said.stdout.splitlines()
    assert checked.startswith("System check identified no issues")
    assert " ".join(cookies).split() == [
        "__Host-lianqi",
        "True",
        "__Host-lianqi-csrf",
        "True",
        "31536000",
    ]


DEPLOYED = """
import django
from django.conf import settings
from django.core.management import call_command
django.setup()
call_command("check", deploy=True, fail_level="WARNING")
print(settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE)
print(settings.CSRF_COOKIE_NAME, settings.CSRF_COOKIE_SECURE, settings.SECURE_HSTS_SECONDS)
"""
