"""One world for all of these tests, built once; whatever a request changes in it is undone at once."""

import gc
import logging

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


@pytest.fixture(scope="package")
def world_folders(tmp_path_factory):
    """Files of the world must outlive a single test."""
    return tmp_path_factory.mktemp("world")


@pytest.fixture(autouse=True)
def own_places(settings, world_folders):
    """Take the place of the fixture that gives each test its own folders."""
    settings.LIANQI_RATE_LIMITS = ENDLESS
    settings.LIANQI_SEAL_FOLDER = str(world_folders / "seals")
    settings.MEDIA_ROOT = str(world_folders / "files")


@pytest.fixture(scope="package", autouse=True)
def unwritten_refusals():
    """Tens of thousands of requests are refused here on purpose: nobody reads a line about each."""
    said = logging.getLogger("django.request")
    before, said.disabled = said.disabled, True
    yield
    said.disabled = before


@pytest.fixture(scope="package")
def world(django_db_setup, django_db_blocker, world_folders):
    """The district in which every role and every kind of record stands once."""
    with (
        override_settings(MEDIA_ROOT=str(world_folders / "files"), LIANQI_RATE_LIMITS=ENDLESS),
        django_db_blocker.unblock(),
        time_machine.travel(MONDAY_MORNING, tick=True),
        transaction.atomic(),
    ):
        forget_calendar()
        forget_limits()
        found = World()
        # What stands now stays: the collector need not look at it again after each request.
        gc.collect()
        gc.freeze()
        yield found
        gc.unfreeze()
        transaction.set_rollback(True)
