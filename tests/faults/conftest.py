"""The database that faults are done to, made once a run, and a house on a copy of it."""

import os

import pytest

from tests.faults.houses import House, Seed

SERVER = os.environ.get("DATABASE_URL", "")
ENGINE = "postgresql" if SERVER else "sqlite"


def pytest_collection_modifyitems(config, items):
    """Leave out what the engine of this run has nothing to do with; the other run has it."""
    foreign = [
        item
        for item in items
        if (mark := item.get_closest_marker("engine")) and mark.args[0] != ENGINE
    ]
    config.hook.pytest_deselected(items=foreign)
    items[:] = [item for item in items if item not in foreign]


@pytest.fixture(scope="session")
def seed(tmp_path_factory):
    """Return the seeded database."""
    return Seed(tmp_path_factory.mktemp("faults"), SERVER)


@pytest.fixture
def house(seed):
    """Keep `lianqi serve` running on a copy of the seed."""
    with House(seed.copy()) as running:
        yield running
