"""Bring the translation catalogues into line with the sources; needs no GNU gettext.

New texts come in empty, texts that nothing shows any more go out, translations stay.
"""

import ast
import os
import re
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import django
import polib
from django.utils.translation.template import templatize

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianqi.config.settings")
django.setup()

from lianqi.demo.accounts import ON_SIGN_IN_PAGE  # noqa: E402 the apps must be ready
from lianqi.engines.deidentify import KINDS  # noqa: E402
from lianqi.engines.enterprise_size import INDICATORS  # noqa: E402
from lianqi.engines.officialdoc import FORMS  # noqa: E402
from lianqi.kernel.models.calendar import DayKind  # noqa: E402
from lianqi.kernel.models.duty import DutyState  # noqa: E402
from lianqi.kernel.models.journal import Audience  # noqa: E402
from lianqi.kernel.models.limits import LimitSource, LimitUnit  # noqa: E402
from lianqi.kernel.models.outbox import Channel  # noqa: E402
from lianqi.kernel.workflow import workflows  # noqa: E402

SOURCE = Path(__file__).resolve().parents[1] / "src" / "lianqi"
MARKS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
QUOTED = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
IN_TEMPLATE = re.compile(rf"\b(?:n?gettext|_)\(\s*{QUOTED}(?:\s*,\s*{QUOTED})?")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]")
VERB = re.compile(r"[a-z]+\.[a-z_]+")
HAN = re.compile(r"[\u4e00-\u9fff]")
# Measure words that ``kernel.paging.counted`` is given.
COUNTED = ("件", "条", "家", "个")
# A text and its plural, empty if it has none.
Text = tuple[str, str]


def in_templates() -> Iterator[Text]:
    """Yield what {% translate %} and {% blocktranslate %} mark."""
    for folder in SOURCE.rglob("templates"):
        for path in [*folder.rglob("*.html"), *folder.rglob("*.txt")]:
            for text, plural in IN_TEMPLATE.findall(templatize(path.read_text())):
                yield ast.literal_eval(text), ast.literal_eval(plural or "''")


def in_python() -> Iterator[Text]:
    """Yield what gettext and its kin mark, and the labels of lines that actions write."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                yield from _marked(node)
                if {"actions", "documents", "sign_in"} & set(path.parts):
                    yield from ((label, "") for label in _journal_labels(node))


def _marked(call: ast.Call) -> Iterator[Text]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    said = _constants(call)
    if name in MARKS and said and said[0]:
        yield said[0], said[1] if name.startswith("n") else ""


def _journal_labels(call: ast.Call) -> Iterator[str]:
    said = _constants(call)
    for before, text in pairwise(said):
        if VERB.fullmatch(before) and HAN.search(text):
            yield text
    for keyword in call.keywords:
        if keyword.arg == "label" and isinstance(keyword.value, ast.Constant):
            yield keyword.value.value


def _constants(call: ast.Call) -> list[str]:
    return [str(arg.value) if isinstance(arg, ast.Constant) else "" for arg in call.args]


def in_tables() -> Iterator[Text]:
    """Yield the labels that records keep in Chinese and pages show through ``|word``."""
    for workflow in workflows().values():
        yield from ((step.label, "") for step in workflow.steps.values())
        for state in workflow.states.values():
            yield str(state.label), ""
            yield from ((owed.label, "") for owed in state.owes)
    for choices in (DayKind, DutyState, Audience, LimitSource, LimitUnit, Channel):
        yield from ((str(label), "") for label in choices.labels)
    yield from (
        (label, "") for label in [*INDICATORS.values(), *KINDS.values(), *ON_SIGN_IN_PAGE.values()]
    )
    yield from ((form.name, "") for form in FORMS.values())
    yield from ((unit, unit) for unit in COUNTED)


def wanted() -> dict[str, str]:
    """Return every text that a reader of another language needs, with its plural."""
    found: dict[str, str] = {}
    for text, plural in [*in_templates(), *in_python(), *in_tables()]:
        found[text] = plural or found.get(text, "")
    return found


def bring_into_line(catalogue: polib.POFile) -> None:
    """Add what is missing, empty; drop what is gone; sort, so that changes stay small."""
    kept = {(entry.msgid, entry.msgid_plural): entry for entry in catalogue}
    catalogue[:] = [kept.get(text) or _empty(*text) for text in sorted(wanted().items())]


def _empty(text: str, plural: str) -> polib.POEntry:
    flags = ["python-format"] if PLACEHOLDER.search(text) else []
    forms = {0: "", 1: ""} if plural else {}
    return polib.POEntry(msgid=text, msgid_plural=plural, msgstr_plural=forms, flags=flags)


if __name__ == "__main__":
    for path in sorted(SOURCE.glob("locale/*/LC_MESSAGES/*.po")):
        texts = polib.pofile(str(path), wrapwidth=99)
        bring_into_line(texts)
        texts.save(str(path))
        for missing in texts.untranslated_entries():
            sys.stdout.write(f"{path.parts[-3]}: {missing.msgid}\n")
