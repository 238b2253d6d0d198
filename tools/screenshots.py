"""Makes the README's pictures: a fresh demonstration district, a server, a headless browser."""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
PICTURES = ROOT / "docs" / "pictures"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PASSWORD = "Lianqi-2026"  # noqa: S105 the demonstration's well-known password
PORT = 8765
DESKTOP, PHONE = (1440, 900), (390, 844)
SHOTS = [
    ("desk", "appeals_office", "/desk/", DESKTOP),
    ("appeals", "appeals_office", "/appeals/", DESKTOP),
    ("appeal", "gtghj_liaison", "/appeals/SQ{year}-00007/", DESKTOP),
    ("board", "tf_head", "/appeals/board/", DESKTOP),
    ("ledger", "conference_office", "/ledger/", DESKTOP),
    ("ledger-board", "convener", "/ledger/board/", DESKTOP),
    ("conference", "conference_office", "/conference/", DESKTOP),
    ("roster", "conference_office", "/organisation/roster/", DESKTOP),
    ("desk-phone", "convener", "/desk/", PHONE),
    ("portal-phone", "enterprise3", "/portal/", PHONE),
    ("filing-phone", "enterprise3", "/portal/new/", PHONE),
]


def sign_in(page: Page, username: str) -> None:
    """Sign in as one of the demonstration's people."""
    page.goto(f"http://127.0.0.1:{PORT}/accounts/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state("networkidle")


def wait_for_server() -> None:
    """Wait until the server answers, for at most half a minute."""
    for _ in range(60):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=2)
            return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("服务没有起来。")


def main() -> None:
    """Take all pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "LIANQI_HOME": home, "LIANQI_DEMO": "1", "DATABASE_URL": ""}
        for words in (["prepare"], ["demo"]):
            subprocess.run(
                [BIN / "lianqi", *words], env=environment, check=True, capture_output=True
            )
        server = subprocess.Popen([BIN / "lianqi", "serve", "--port", str(PORT)], env=environment)
        try:
            wait_for_server()
            take_all()
        finally:
            server.terminate()
            server.wait(timeout=20)


def take_all() -> None:
    """Open each page as its person and save what it shows."""
    year = time.strftime("%Y")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        for name, username, path, (width, height) in SHOTS:
            context = browser.new_context(
                viewport={"width": width, "height": height},
                locale="zh-CN",
                timezone_id="Asia/Shanghai",
            )
            page = context.new_page()
            sign_in(page, username)
            page.goto(f"http://127.0.0.1:{PORT}{path.format(year=year)}")
            page.wait_for_load_state("networkidle")
            page.screenshot(path=PICTURES / f"{name}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
