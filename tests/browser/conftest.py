"""A live server with the demonstration district and people who really click."""

import os
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from lianqi.demo.accounts import PASSWORD
from lianqi.demo.filling import fill

# Playwright keeps an event loop in this thread; the tests' own queries are synchronous all the same.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
WIDTHS = {"desktop": (1440, 900), "phone": (390, 844)}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium once; never a downloaded one."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture
def district(transactional_db, settings_rows):
    """Fill the database with the demonstration district."""
    call_command("createcachetable", verbosity=0)
    fill()


class Person:
    """Somebody at a screen of a certain width, signed in."""

    def __init__(self, browser: Browser, base: str, username: str, width: str) -> None:
        """Open a window of their own and sign in through the form."""
        across, down = WIDTHS[width]
        self.base = base
        self.context: BrowserContext = browser.new_context(
            viewport={"width": across, "height": down},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            base_url=base,
        )
        self.page: Page = self.context.new_page()
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on(
            "console",
            lambda message: self.problems.append(message.text) if _is_fault(message) else None,
        )
        if username:
            self.sign_in(username)

    def sign_in(self, username: str) -> None:
        """Sign in as the demonstration's account."""
        self.page.goto("/accounts/login/")
        self.page.fill("input[name=login]", username)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url(lambda url: "/accounts/login" not in url)

    def fill_in(self, **fields: object) -> None:
        """Fill the open form: texts, choices by value, boxes by value."""
        for name, value in fields.items():
            values = value if isinstance(value, list) else [value]
            for each in values:
                self._fill_one(name, str(each))

    def _fill_one(self, name: str, value: str) -> None:
        form = self.page.locator("main form").filter(has=self.page.locator(f"[name={name}]")).first
        box = form.locator(f"[name={name}]")
        kind = box.first.get_attribute("type") or box.first.evaluate("e => e.tagName.toLowerCase()")
        if kind in ("radio", "checkbox"):
            form.locator(f"[name={name}][value='{value}']").check(force=True)
        elif kind == "select":
            box.select_option(value)
        else:
            box.fill(value)

    def send(self, holding: str | None = None) -> None:
        """Press the form's button and wait for the answer."""
        forms = self.page.locator("main form")
        form = (
            forms.filter(has=self.page.locator(f"[name={holding}]")).first
            if holding
            else forms.first
        )
        with self.page.expect_response(_is_sent_form):
            form.locator("button[type=submit]").first.click()
        self.page.wait_for_load_state("networkidle")

    def take(self, path: str, **fields: object) -> None:
        """Open a step's form at its address, fill it and send it."""
        self.page.goto(path)
        self.fill_in(**fields)
        button = self.page.locator("main form[method=post] button[type=submit]").first
        with self.page.expect_response(_is_sent_form):
            button.click()
        self.page.wait_for_load_state("networkidle")

    def leave(self) -> None:
        """Close the window; nothing may have gone wrong in it."""
        self.context.close()
        assert self.problems == []


def _is_sent_form(answer) -> bool:
    # What is offered while a text is written comes by a post of its own.
    return answer.request.method == "POST" and "/found/" not in answer.url


def _is_fault(message) -> bool:
    # A refused form answers 422 on purpose, and the browser logs every 4xx it gets.
    return message.type == "error" and "status of 4" not in message.text


@pytest.fixture
def window(chromium, live_server, district):
    """Return a function that opens a window for a person."""
    opened: list[Person] = []

    def open_window(username: str = "", width: str = "desktop") -> Person:
        person = Person(chromium, live_server.url, username, width)
        opened.append(person)
        return person

    yield open_window
    for person in opened:
        person.leave()
