"""F13: fifty processes write into one SQLite file."""

import json

import pytest

from tests.faults.clients import NOTHING, Ledger
from tests.faults.houses import program
from tests.faults.measure import record, rounds

WRITERS = 50


@pytest.mark.engine("sqlite")
def test_fifty_writers_on_sqlite_wait_for_each_other_and_none_fails(seed, tmp_path):
    environment, ledger = seed.copy(), Ledger()

    seconds = str(rounds(5, 15))
    lines = json.loads(program(environment, "tests.faults.writers", str(WRITERS), seconds))

    errors = [error for _, _, _, error in lines if error]
    for key, number, _, _ in lines:
        ledger.acknowledge(key, number)
    found = json.loads(program(environment, "tests.faults.reckoning"))
    assert errors == []
    assert len({key.split("-")[0] for key in ledger.receipts}) == WRITERS
    assert ledger.settle(found) == NOTHING
    waits = sorted(seconds for _, _, seconds, _ in lines)
    record(
        "F13",
        "50 个进程同时写 SQLite",
        submits=len(lines),
        errors=0,
        median_s=waits[len(waits) // 2],
        p99_s=waits[len(waits) * 99 // 100],
    )
