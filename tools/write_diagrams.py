"""Draw each workflow's diagram from its table into the README of its room."""

import os
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianqi.config.settings")
django.setup()

from lianqi.kernel.workflow import workflows  # noqa: E402 Django must stand first

SOURCE = Path(__file__).resolve().parents[1] / "src" / "lianqi"
ROOMS = {
    "appeal": "appeals",
    "enterprise": "enterprises",
    "roster_change": "organisation",
    "draft": "briefings",
}
# Rooms with several workflows name the place of each diagram.
NAMED = {"ledger_item": "ledger", "work_plan": "ledger", "statement": "ledger"}

for key, room in NAMED.items():
    readme = SOURCE / room / "README.md"
    before, opened, rest = readme.read_text().partition(f"<!-- {key} -->\n")
    _, closed, after = rest.partition(f"<!-- /{key} -->")
    drawn = f"```mermaid\n{workflows()[key].diagram()}\n```\n"
    readme.write_text(f"{before}{opened}{drawn}{closed}{after}")

# Rooms with several diagrams mark each by the workflow's key.
MARKED = {"topic": "conference", "meeting": "conference", "study": "conference"}

for key, room in MARKED.items():
    readme = SOURCE / room / "README.md"
    before, _, rest = readme.read_text().partition(f"<!-- {key} -->")
    _, end, after = rest.partition(f"<!-- /{key} -->")
    drawn = f"\n```mermaid\n{workflows()[key].diagram()}\n```\n"
    readme.write_text(f"{before}<!-- {key} -->{drawn}{end}{after}")

for key, room in ROOMS.items():
    readme = SOURCE / room / "README.md"
    drawn = f"```mermaid\n{workflows()[key].diagram()}\n```"
    before, _, rest = readme.read_text().partition("```mermaid\n")
    readme.write_text(f"{before}{drawn}{rest.partition('```')[2]}")
