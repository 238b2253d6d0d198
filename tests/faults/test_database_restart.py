"""F4: the database server is restarted, crash-like, while people submit."""

import subprocess
import urllib.parse
from pathlib import Path

import pytest

from tests.faults.clients import NOTHING, Ledger, crowd_of
from tests.faults.houses import House, Seed, until
from tests.faults.measure import record, rounds
from tools.postgres import as_server, scratch_server, server_programs


@pytest.mark.engine("postgresql")
def test_a_restart_of_the_database_loses_nothing_and_needs_no_restart_of_ours(tmp_path):
    ledger, restarts = Ledger(), rounds(1, 10)

    with scratch_server() as url:
        seed = Seed(tmp_path, url)
        with House(seed.copy()) as house:
            processes = (house.web_workers(), house.workers())
            with crowd_of(house, seed.tokens, ledger):
                for _ in range(restarts):
                    before = len(ledger.receipts)
                    until(lambda seen=before: len(ledger.receipts) > seen + 8)
                    restart(url)
                before = len(ledger.receipts)
                until(lambda: len(ledger.receipts) > before + 16)
            after = (house.web_workers(), house.workers())
            found = house.reckon()

    assert ledger.settle(found) == NOTHING
    assert (after, set(ledger.statuses) - {0, 503}) == (processes, set())
    record(
        "F4",
        "数据库立即重启（pg_ctl -m immediate）",
        restarts=restarts,
        submits=len(ledger.receipts),
        retries=ledger.retries,
        lost=0,
        duplicate=0,
    )


def restart(url):
    folder = Path(urllib.parse.unquote(urllib.parse.urlsplit(url).netloc.rpartition("@")[2]))
    words = [
        server_programs() / "pg_ctl",
        "-D",
        folder / "data",
        "-m",
        "immediate",
        "-w",
        "restart",
    ]
    words += ["-l", folder / "log"]
    subprocess.run(as_server([str(word) for word in words]), check=True, capture_output=True)  # noqa: S603
