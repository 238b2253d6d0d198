"""Whose a sealed appeal is, is read in few places: a page that reads it past them would leak it (ADR 16)."""

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "lianqi"
TELLING = re.compile(
    r"\b\w*(?:appeal|row|one|self|follower|into|case)\.(?:appeal\.)?"
    r"(?:enterprise\.(?:name|uscc|get_absolute_url)|contact_name|contact_phone|upstream_id)\b"
)
# File, and why it may read who filed an appeal.
READERS = {
    "appeals/queries/identity.py": "answers what each reader may know",
    "appeals/workflow/covering.py": "makes the words that are covered",
    "appeals/queries/search.py": "keeps a sealed appeal's names under a scope of those who may know",
    "appeals/actions/sealing.py": "tells existing duties anew without the name",
    "appeals/portal_views/pages.py": "shows the firm its own appeal",
    "appeals/templates/portal/appeal_filed.html": "shows the firm its own appeal",
}
FILES = [
    path
    for path in [*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html")]
    if not {"migrations", "enterprises", "demo"} & set(path.parts)
]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_nobody_else_reads_who_filed_an_appeal(path):
    name = str(path.relative_to(SOURCE))

    found = [] if name in READERS else TELLING.findall(path.read_text())

    assert found == []


@pytest.mark.parametrize("name", READERS)
def test_each_exception_is_still_one(name):
    assert TELLING.search((SOURCE / name).read_text()) is not None
