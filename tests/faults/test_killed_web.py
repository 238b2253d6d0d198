"""F1: web processes are killed while people submit. F14: everything is killed at once."""

import random
import subprocess
import sys
import time

from tests.faults.clients import NOTHING, Ledger, crowd_of
from tests.faults.houses import descendants, kill, until
from tests.faults.measure import record, rounds

# Granian gives up on a process that dies twice within 5.5 seconds; a bad day is slower than that.
BETWEEN_KILLS = 3.5


def test_nothing_is_lost_or_doubled_when_web_processes_are_killed_during_submits(house, seed):
    kills, ledger = rounds(2, 30), Ledger()

    with crowd_of(house, seed.tokens, ledger):
        until(lambda: len(ledger.receipts) > 8)
        for number in range(kills):
            workers = until(lambda: len(found := house.web_workers()) == 2 and found)
            kill(sorted(workers)[0])  # the older one, so that none dies twice in a row
            time.sleep(BETWEEN_KILLS if number < kills - 1 else 0)
        before = len(ledger.receipts)
        until(lambda: len(house.web_workers()) == 2)
        until(lambda: len(ledger.receipts) > before + 8)

    found = house.reckon()
    assert ledger.settle(found) == NOTHING
    record(
        "F1",
        "提交时杀掉网站进程",
        kills=kills,
        submits=len(ledger.receipts),
        retries=ledger.retries,
        lost=0,
        duplicate=0,
    )


def test_a_web_server_that_is_killed_whole_is_started_again(house, seed):
    ledger = Ledger()

    with crowd_of(house, seed.tokens, ledger):
        until(lambda: len(ledger.receipts) > 8)
        server = house.web_server()
        for pid in [server, *descendants(server)]:
            kill(pid)
        until(lambda: house.web_server() not in (0, server) and len(house.web_workers()) == 2)
        before = len(ledger.receipts)
        until(lambda: len(ledger.receipts) > before + 8)

    assert ledger.settle(house.reckon()) == NOTHING


def test_a_web_server_that_cannot_run_is_given_up_with_its_exit_code():
    cannot = [sys.executable, "-c", "raise SystemExit(7)"]
    waits = [sys.executable, "-c", "import time; time.sleep(60)"]
    program = f"from lianqi.kernel.management.serving import House; raise SystemExit(House({cannot}, {waits}).run())"

    done = subprocess.run([sys.executable, "-c", program], timeout=60, check=False)  # noqa: S603 our own program

    assert done.returncode == 7


def test_nothing_is_lost_or_doubled_when_everything_is_killed_again_and_again(house, seed):
    plugs, ledger = rounds(2, 20), Ledger()

    with crowd_of(house, seed.tokens, ledger):
        for _ in range(plugs):
            before = len(ledger.receipts)
            until(lambda seen=before: len(ledger.receipts) > seen + 8)
            time.sleep(random.uniform(0, 0.3))  # noqa: S311 no secret: at any moment
            house.kill_everything()
            house.start()
        before = len(ledger.receipts)
        until(lambda: len(ledger.receipts) > before + 8)

    found = house.reckon()
    assert ledger.settle(found) == NOTHING
    record(
        "F14",
        "全部进程同时杀掉再启动",
        rounds=plugs,
        submits=len(ledger.receipts),
        retries=ledger.retries,
        lost=0,
        duplicate=0,
    )
