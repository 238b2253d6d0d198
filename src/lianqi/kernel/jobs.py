"""Periodic jobs: declared beside their room, claimed by one UPDATE, run by `lianqi worker`."""

import logging
import os
import socket
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q

from lianqi.kernel.clock import now
from lianqi.kernel.models import JobState, WorkerBeat

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=30)


@dataclass(frozen=True)
class Job:
    """A function to be run every so often; it returns one line for the jobs page."""

    name: str
    every: timedelta
    run: Callable[[], str]
    title: str = ""


_jobs: dict[str, Job] = {}


def job(
    *, name: str, every: timedelta, title: str = ""
) -> Callable[[Callable[[], str]], Callable[[], str]]:
    """Declare a periodic job; ``title`` is its name on the jobs page."""

    def register(run: Callable[[], str]) -> Callable[[], str]:
        _jobs[name] = Job(name, every, run, title or name)
        return run

    return register


def jobs() -> list[Job]:
    """Return all declared jobs by name."""
    return [_jobs[name] for name in sorted(_jobs)]


def run_due_jobs() -> int:
    """Run every job whose time has come and that nobody else holds; return how many ran."""
    return sum(run_job(each) for each in jobs() if _claim(each))


def _claim(each: Job) -> bool:
    moment = now()
    JobState.objects.bulk_create([JobState(pk=each.name, due_at=moment)], ignore_conflicts=True)
    free = JobState.objects.filter(
        Q(leased_until=None) | Q(leased_until__lt=moment), pk=each.name, due_at__lte=moment
    )
    return bool(free.update(leased_until=moment + LEASE, began_at=moment))


def run_job(each: Job) -> bool:
    """Run a claimed job and write down how it went; a failure never stops the other jobs."""
    state = JobState.objects.get(pk=each.name)
    try:
        state.result, state.error, state.failures = each.run()[:300], "", 0
    except Exception:
        log.exception("job %s failed", each.name)
        state.error, state.failures = traceback.format_exc()[-4000:], state.failures + 1
    state.ended_at, state.leased_until = now(), None
    state.due_at = now() + each.every
    state.save()
    return not state.error


def _worker() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


def beat() -> None:
    """Leave a sign of life of this process."""
    WorkerBeat.objects.update_or_create(pk=_worker(), defaults={"beat_at": now()})
    WorkerBeat.objects.filter(beat_at__lt=now() - timedelta(days=1)).delete()


def end_beat() -> None:
    """Take this process off the list of the living: it ends by its own will."""
    WorkerBeat.objects.filter(pk=_worker()).delete()
