"""Periodic jobs: declared beside their room, claimed by one UPDATE, run by `lianqi worker`."""

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import DatabaseError, transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse

from lianqi.kernel.clock import now
from lianqi.kernel.leases import (
    LEASE,
    SLACK,
    holder,
    process_name,
    put_down,
    take_in_hand,
    unheld,
)
from lianqi.kernel.models import JobState, WorkerBeat
from lianqi.kernel.models.outbox import Channel
from lianqi.kernel.outages import outage_of
from lianqi.kernel.outbox import KEEPER, enqueue

log = logging.getLogger(__name__)
MOST_TRIES = 5
FIRST_PAUSE = timedelta(minutes=1)
TOOK_DOWN = "执行这项任务时后台进程意外退出。"


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
    _enter_new_jobs()
    return sum(run_job(each) for each in jobs() if _claim(each))


def _enter_new_jobs() -> None:
    known = set(JobState.objects.values_list("pk", flat=True))
    new = [JobState(pk=each.name, due_at=now()) for each in jobs() if each.name not in known]
    JobState.objects.bulk_create(new, ignore_conflicts=True)


def _free(each: Job) -> QuerySet[JobState]:
    """Return the job's row if it may be run now by anybody."""
    moment = now()
    # Due later than one period from now: that was written before the clock was set back.
    due = Q(due_at__lte=moment) | Q(due_at__gt=moment + each.every + SLACK)
    return JobState.objects.filter(due, unheld(moment), pk=each.name, parked_at=None)


def _claim(each: Job) -> bool:
    state = _free(each).first()
    if state is None:
        return False
    if state.leased_until:
        # Its last holder neither ended it nor kept its lease: it was killed, or this job did it.
        JobState.objects.filter(pk=each.name, error="").update(error=TOOK_DOWN)
    if state.failures >= MOST_TRIES:
        _park(each)
        return False
    return bool(
        _free(each).update(
            leased_until=now() + LEASE,
            leased_by=holder(),
            began_at=now(),
            failures=F("failures") + 1,
        )
    )


def run_job(each: Job) -> bool:
    """Run a claimed job and write down how it went; a failure never stops the other jobs."""
    take_in_hand()
    try:
        result = each.run()
    except Exception as problem:
        log.exception("job %s failed", each.name)
        _end_badly(each, problem)
        return False
    finally:
        put_down()
    _end(each, result=result[:300], error="", failures=0, due_at=now() + each.every)
    return True


def _end(each: Job, **told: object) -> None:
    # Only what this process still holds: after a lost lease another run is under way.
    mine = JobState.objects.filter(pk=each.name, leased_by=holder())
    mine.update(ended_at=now(), leased_until=None, leased_by="", **told)


def _end_badly(each: Job, problem: Exception) -> None:
    """Try again soon, twice as late each time; what the machine did is not held against the job."""
    error = traceback.format_exc()[-4000:]
    if isinstance(problem, DatabaseError | OSError) and outage_of(problem) is not None:
        retry_at = now() + min(FIRST_PAUSE, each.every)
        _end(each, error=error, failures=F("failures") - 1, due_at=retry_at)
        return
    failures = JobState.objects.values_list("failures", flat=True).get(pk=each.name)
    pause = min(FIRST_PAUSE * 2 ** (failures - 1), each.every)
    _end(each, error=error, due_at=now() + pause)
    if failures >= MOST_TRIES:
        _park(each)


@transaction.atomic
def _park(each: Job) -> None:
    """Set a job aside that failed every time, and tell who looks after the system."""
    moment = now()
    parked = JobState.objects.filter(pk=each.name, parked_at=None, failures__gte=MOST_TRIES)
    if parked.update(parked_at=moment, leased_until=None, leased_by=""):
        log.error("job %s parked after %s tries", each.name, MOST_TRIES)
        enqueue(
            Channel.DESK,
            KEEPER,
            title=f"定时任务“{each.title}”连续{MOST_TRIES}次没有办成，已停用",
            text="其他任务照常执行。请在后台任务页查看原因，处理后点“重新启用”。",
            url=reverse("kernel:jobs"),
            once=f"parked:{each.name}:{moment.isoformat()}",
        )


def beat() -> None:
    """Leave a sign of life of this process."""
    moment = now()
    WorkerBeat.objects.update_or_create(pk=process_name(), defaults={"beat_at": moment})
    # Also those from before the clock was set back, which would look alive for ever.
    old = Q(beat_at__lt=moment - timedelta(days=1)) | Q(beat_at__gt=moment + SLACK)
    WorkerBeat.objects.filter(old).delete()


def end_beat() -> None:
    """Take this process off the list of the living: it ends by its own will."""
    WorkerBeat.objects.filter(pk=process_name()).delete()
