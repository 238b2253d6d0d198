"""The house keeps its order: rooms, sizes, templates, no rules hidden in signals or save()."""

import ast
from pathlib import Path

import pytest
from django.template.loader import get_template

SOURCE = Path(__file__).resolve().parents[2] / "src" / "lianqi"
DOMAINS = ["organisation", "enterprises", "ledger", "appeals", "conference", "briefings"]
ROOMS = {
    "README.md", "__init__.py", "enums.py", "models", "models.py", "access", "access.py", "workflow", "workflow.py",
    "queries", "queries.py", "actions", "actions.py", "forms", "forms.py", "exports", "exports.py", "views", "views.py",
    "api", "api.py", "jobs.py", "listeners.py", "clauses.py", "urls.py", "apps.py", "migrations", "templates",
    "management", "limits.csv", "clauses.csv",  # the wording of the clauses that pages quote
}  # fmt: skip
# What one domain alone has, and why.
OF_THEIR_OWN = {
    "organisation": {
        "middleware.py",  # session rules stand beside the users they concern
        "sign_in",  # allauth asks for its adapters by module; which of its pages we open
        "passwords.py",  # Django asks for password validators by module
    },
    "appeals": {
        "portal_urls.py",  # the firms' face of the same room
        "portal_views",
        "portal_queries",
        "public_urls.py",  # what everybody may read without signing in
        "public_views",
        "links.py",  # signed links that open without a password
    },
    "conference": {
        "links.py",  # the signed address behind the sign-in code
        "clauses.csv",  # wording of the clauses that the pages quote
        "meeting_rules.csv",  # what a fresh district's meetings go by
    },
    "enterprises": set(),
    "ledger": set(),
    "briefings": set(),
}
PYTHON = [path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts]
TEMPLATES = [path for folder in SOURCE.rglob("templates") for path in folder.rglob("*.html")]


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_domain_has_only_the_known_rooms(domain):
    found = {path.name for path in (SOURCE / domain).iterdir()} - {"__pycache__"}

    assert found - ROOMS - OF_THEIR_OWN[domain] == set()


@pytest.mark.parametrize("domain", [*DOMAINS, "kernel", "engines", "demo"])
def test_a_room_explains_itself(domain):
    assert (SOURCE / domain / "README.md").stat().st_size > 500


def test_no_python_file_passes_400_lines():
    long = {
        str(path.relative_to(SOURCE)): count
        for path in PYTHON
        if (count := len(path.read_text().splitlines())) > 400
    }

    assert long == {}


def test_no_page_template_passes_120_lines():
    long = {
        path.name: count
        for path in TEMPLATES
        if (count := len(path.read_text().splitlines())) > 120
    }

    assert long == {}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_template_compiles(path):
    folder = next(parent for parent in path.parents if parent.name == "templates")

    assert get_template(str(path.relative_to(folder))) is not None


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_carries_inline_script_or_style(path):
    text = path.read_text()

    assert [
        word
        for word in (" style=", "<style", "onclick=", "onchange=", "javascript:")
        if word in text
    ] == []
    assert "<script>" not in text


def test_no_room_is_a_drawer_for_odds_and_ends():
    drawers = {"utils", "helpers", "common", "services", "util", "misc"}

    assert [path for path in PYTHON if path.stem in drawers or path.parent.name in drawers] == []


def test_django_signals_are_used_for_sign_in_only():
    users = [
        str(path.relative_to(SOURCE))
        for path in PYTHON
        if "signals" in path.read_text() and "import" in path.read_text() and _imports_signals(path)
    ]

    assert [user for user in users if not user.startswith("organisation/sign_in")] == []


def _imports_signals(path):
    return any(
        isinstance(node, ast.ImportFrom) and node.module and "signals" in node.module
        for node in ast.walk(ast.parse(path.read_text()))
    )


def test_no_model_hides_rules_in_save():
    hidden = [
        f"{path.relative_to(SOURCE)}:{node.name}"
        for path in PYTHON
        if "models" in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.name in ("save", "delete")
    ]

    assert hidden == []


def test_only_the_clock_asks_what_time_it_is():
    askers = [
        str(path.relative_to(SOURCE))
        for path in PYTHON
        if any(
            word in path.read_text() for word in ("timezone.now(", "datetime.now(", "date.today(")
        )
    ]

    assert askers == ["kernel/clock.py"]


def test_plain_numbers_are_read_in_one_place():
    readers = [
        str(path.relative_to(SOURCE)) for path in PYTHON if ".reveal_plain(" in path.read_text()
    ]

    assert [
        reader
        for reader in readers
        if reader not in ("kernel/phones.py", "kernel/actions/phones.py")
    ] == []
