"""A form changes its own fields and nothing else, whatever further fields are sent along."""

import json
import re
from collections import Counter

import pytest
import time_machine
from django.apps import apps
from django.db import models, transaction

from tests.authorisation.asking import API, Undo, ask, body_of, expanded, read_manifest
from tests.authorisation.cases import cases
from tests.conftest import MONDAY_MORNING

pytestmark = pytest.mark.django_db

TAKEN = {"200", "201", "302"}
SHAM = "篡改金丝雀"
VALUES = {
    models.BooleanField: "true",
    models.DateField: "1999-09-09",
    models.DateTimeField: "1999-09-09T09:09:09",
    models.IntegerField: "1",
    models.ForeignKey: "1",
}
# Drawn anew each time, or counted on by the database even when undone.
DRAWN = re.compile(
    r"(^|_)(id|pk|hash|password|digest|path|part|token|key|url|data|rows)$|phone|fingerprint"
)
MANIFEST = expanded(read_manifest())


def own_models():
    return [m for m in apps.get_models() if m.__module__.startswith("lianqi.")]


def shams():
    """Every field name of every model of ours, with a value of its kind."""
    found = {}
    for model in own_models():
        for field in model._meta.get_fields():
            if isinstance(field, models.Field):
                kind = next((k for k in type(field).__mro__ if k in VALUES), None)
                value = field.choices[-1][0] if field.choices else VALUES.get(kind, SHAM)
                found[field.name] = found[getattr(field, "attname", field.name)] = value
    return {**found, "is_superuser": "true", "is_staff": "true", "actor": "1", "state": "closed"}


def everything():
    """How often each row occurs, without what is drawn anew each time."""
    counts = Counter()
    for model in own_models():
        names = [
            field.attname
            for field in model._meta.concrete_fields
            if not DRAWN.search(field.attname) and not field.primary_key
        ]
        # Without a name, Django would give all columns.
        for row in model._default_manager.values_list(*names or ["pk"]):
            counts[(model._meta.label, *(map(str, row) if names else ()))] += 1
    return counts


def effect_of(world, role, path, fields):
    """Return status and all rows after a post, and undo it."""
    found = None
    try:
        with transaction.atomic(), time_machine.travel(MONDAY_MORNING, tick=False):
            status = ask(world, role, "POST", path, **body_of(path, fields)).status_code
            found = (status, everything())
            raise Undo
    except Undo:
        return found


def taken_posts():
    return sorted(
        (address, case, min(role for role, answer in told.items() if answer in TAKEN))
        for (address, case, request), told in MANIFEST.items()
        if request == "POST+" and TAKEN & set(told.values())
    )


@pytest.mark.parametrize(("address", "name", "role"), taken_posts())
def test_further_fields_change_nothing(world, address, name, role):
    [(case, path)] = [(c, p) for a, c, p in cases(world) if (a, c.name) == (address, name)]
    page = ask(world, role, "GET", path)
    declared = set(re.findall(r'name="([^"]+)"', page.content.decode())) | set(case.valid)
    further = {field: value for field, value in shams().items() if field not in declared}

    plain = effect_of(world, role, path, case.valid)
    stuffed = effect_of(world, role, path, {**case.valid, **further})

    if path.startswith(API):
        assert (stuffed[0], SHAM in json.dumps(list(map(str, stuffed[1])))) == (422, False)
    else:
        assert stuffed[0] == plain[0]
        assert stuffed[1] - plain[1] == plain[1] - stuffed[1] == Counter()
