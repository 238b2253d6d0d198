"""`lianqi serve` is told to stop while people submit: what it has in hand is answered first."""

from tests.faults.clients import NOTHING, Ledger, crowd_of
from tests.faults.houses import children, until
from tests.faults.measure import record, rounds


def test_a_stop_during_submits_answers_what_is_in_hand_and_leaves_no_process(house, seed):
    ledger, stops, left = Ledger(), rounds(1, 10), []

    with crowd_of(house, seed.tokens, ledger):
        for _ in range(stops):
            before = len(ledger.receipts)
            until(lambda seen=before: len(ledger.receipts) > seen + 8)
            untroubled = dict(ledger.statuses)
            family = [*house.web_workers(), *house.workers()]
            house.process.terminate()
            code = house.process.wait(60)
            left += [code, *(pid for pid in family if pid in children(1))]
            house.start()
        before = len(ledger.receipts)
        until(lambda: len(ledger.receipts) > before + 8)

    found = house.reckon()
    assert (left, ledger.settle(found)) == ([0] * stops, NOTHING)
    # Until the first stop nobody had to press twice; afterwards only who met a closed door.
    assert (untroubled if stops == 1 else {}, set(ledger.statuses) - {0}) == ({}, set())
    record("停止", "提交时收到 SIGTERM", stops=stops, submits=len(ledger.receipts), lost=0)
