"""The worker's loop: due jobs, waiting messages, a sign of life, a short sleep."""

import logging
import os
import signal
import threading
import time

from django.db import DatabaseError, close_old_connections, connection

from lianqi.kernel.jobs import beat, end_beat, run_due_jobs
from lianqi.kernel.leases import LEASE, renew_leases, seconds_in_hand
from lianqi.kernel.outbox import deliver_waiting
from lianqi.kernel.seals import seal_journal
from lianqi.kernel.space import is_full

log = logging.getLogger(__name__)
SHORTEST_SLEEP, LONGEST_SLEEP = 1.0, 4.0  # seconds
BEAT_EVERY = min(15.0, LEASE.total_seconds() / 4)  # seconds
LONGEST_PIECE = 1800.0  # seconds; nothing we do takes so long unless it hangs
HUNG = 70  # exit code: EX_SOFTWARE
# Small, so that a stop waits for a few messages at most.
MESSAGES_A_ROUND = 20


class Heartbeat:
    """A thread that says that this process lives, and keeps the leases of what it has in hand."""

    def __init__(self) -> None:
        """Make ready; it beats inside the ``with`` block."""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def __enter__(self) -> "Heartbeat":
        """Begin to beat."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End, before the process takes itself off the list of the living."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(BEAT_EVERY):
            if seconds_in_hand() > LONGEST_PIECE:
                # It hangs: the process ends, whoever serves starts another, the piece is counted.
                log.critical("one piece of work took more than %s s", LONGEST_PIECE)
                os._exit(HUNG)
            try:
                beat()
                renew_leases()
            except DatabaseError:
                log.warning("no heartbeat: the database does not answer")
                connection.close()
        connection.close()


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
        with Heartbeat():
            self._work()
        _seal_at_the_end()
        end_beat()

    def _work(self) -> None:
        sleep = SHORTEST_SLEEP
        while not self._stop.is_set():
            done = self._round_or_wait()
            sleep = SHORTEST_SLEEP if done else min(sleep * 1.5, LONGEST_SLEEP)
            # A full batch means that more is waiting behind it.
            self._stop.wait(0 if done >= MESSAGES_A_ROUND else sleep)

    def round(self) -> int:
        """Do what is due now; return how many jobs ran and messages left."""
        if time.monotonic() - self._beaten >= BEAT_EVERY:
            beat()
            self._beaten = time.monotonic()
        if is_full():
            # Jobs and messages wait; what is left of the disk is for people who sign in and read.
            log.warning("disk full: jobs and messages wait")
            return 0
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
