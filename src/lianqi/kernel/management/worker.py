"""The worker's loop: due jobs, waiting messages, a sign of life, a short sleep."""

import logging
import signal
import threading
import time

from django.db import DatabaseError, close_old_connections, connection

from lianqi.kernel.jobs import beat, end_beat, run_due_jobs
from lianqi.kernel.outbox import deliver_waiting
from lianqi.kernel.seals import seal_journal

log = logging.getLogger(__name__)
SHORTEST_SLEEP, LONGEST_SLEEP = 1.0, 4.0  # seconds
BEAT_EVERY = 15.0  # seconds
# Small, so that a stop waits for a few messages at most.
MESSAGES_A_ROUND = 20


class Worker:
    """Runs until told to stop; the piece in hand is always finished."""

    def __init__(self) -> None:
        """Start awake."""
        self._stop = threading.Event()
        self._beaten = float("-inf")

    def stop_on_signals(self) -> None:
        """Stop on SIGTERM (service manager) and SIGINT (keyboard)."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop())

    def stop(self) -> None:
        """Let the loop end after the piece in hand."""
        self._stop.set()

    def run(self) -> None:
        """Work until stopped; sleep longer while there is nothing to do."""
        sleep = SHORTEST_SLEEP
        while not self._stop.is_set():
            done = self._round_or_wait()
            sleep = SHORTEST_SLEEP if done else min(sleep * 1.5, LONGEST_SLEEP)
            # A full batch means that more is waiting behind it.
            self._stop.wait(0 if done >= MESSAGES_A_ROUND else sleep)
        _seal_at_the_end()
        end_beat()

    def round(self) -> int:
        """Do what is due now; return how many jobs ran and messages left."""
        if time.monotonic() - self._beaten >= BEAT_EVERY:
            beat()
            self._beaten = time.monotonic()
        done = run_due_jobs()
        if self._stop.is_set():
            return done
        return done + deliver_waiting(MESSAGES_A_ROUND)

    def _round_or_wait(self) -> int:
        close_old_connections()
        try:
            return self.round()
        except DatabaseError:
            # The database restarts or fails over: the next round tries again on a new connection.
            log.exception("database unavailable")
            connection.close()
            return 0


def _seal_at_the_end() -> None:
    """Leave nothing unsealed behind; a database that is gone already is sealed by the next worker."""
    try:
        seal_journal()
    except (DatabaseError, OSError):
        log.exception("journal not sealed at the end")
