"""The English interface is complete: nothing untranslated, no placeholder lost, nothing unextracted."""

import re
from pathlib import Path

import polib

from lianqi.kernel.workflow import workflows

SOURCE = Path(__file__).resolve().parents[2] / "src" / "lianqi"
CATALOGUE = polib.pofile(str(SOURCE / "locale" / "en" / "LC_MESSAGES" / "django.po"))
ENGLISH = {entry.msgid: entry.msgstr for entry in CATALOGUE}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
IN_TEMPLATE = re.compile(r"{%\s*translate\s+\"([^\"]+)\"")


def test_every_message_has_its_english():
    missing = [entry.msgid for entry in CATALOGUE if not entry.translated()]

    assert (missing, CATALOGUE.fuzzy_entries()) == ([], [])


def test_no_placeholder_is_lost_or_invented():
    broken = [
        msgid
        for msgid, english in ENGLISH.items()
        if english and set(PLACEHOLDER.findall(msgid)) != set(PLACEHOLDER.findall(english))
    ]

    assert broken == []


def test_every_word_of_the_templates_is_in_the_catalogue():
    said = {
        word for path in SOURCE.rglob("*.html") for word in IN_TEMPLATE.findall(path.read_text())
    }

    assert sorted(said - set(ENGLISH)) == []


def test_every_state_and_step_has_an_english_name():
    labels = {
        str(label)
        for flow in workflows().values()
        for label in (
            *(state.label for state in flow.states.values()),
            *(step.label for step in flow.steps.values()),
            *(owed.label for state in flow.states.values() for owed in state.owes),
        )
    }

    assert sorted(labels - set(ENGLISH)) == []
