"""One world for each module, built once; whatever a request changes in it is undone at once."""

import pytest
import time_machine
from django.conf import settings as configured
from django.db import transaction
from django.test import override_settings

from lianqi.kernel.limits import forget_limits
from lianqi.kernel.workdays import forget_calendar
from tests.authorisation.world import World
from tests.conftest import MONDAY_MORNING

# What a refusal by a budget would hide is asked here; the budgets have tests of their own.
ENDLESS = dict.fromkeys(configured.LIANQI_RATE_LIMITS, "1000000/m")


@pytest.fixture(scope="module")
def module_folders(tmp_path_factory):
    """Files of the world must outlive a single test."""
    return tmp_path_factory.mktemp("world")


@pytest.fixture(autouse=True)
def own_places(settings, module_folders):
    """Take the place of the fixture that gives each test its own folders."""
    settings.LIANQI_RATE_LIMITS = ENDLESS
    settings.LIANQI_SEAL_FOLDER = str(module_folders / "seals")
    settings.MEDIA_ROOT = str(module_folders / "files")


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, module_folders):
    """The district in which every role and every kind of record stands once."""
    with (
        override_settings(MEDIA_ROOT=str(module_folders / "files"), LIANQI_RATE_LIMITS=ENDLESS),
        django_db_blocker.unblock(),
        time_machine.travel(MONDAY_MORNING, tick=True),
        transaction.atomic(),
    ):
        forget_calendar()
        forget_limits()
        yield World()
        transaction.set_rollback(True)
