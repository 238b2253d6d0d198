"""The engine room: jobs, workers, outbox, and whether all of it is well."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _

import lianqi
from lianqi.kernel.clock import now
from lianqi.kernel.jobs import MOST_TRIES, jobs
from lianqi.kernel.leases import SLACK
from lianqi.kernel.models import JobState, OutboxMessage, WorkerBeat
from lianqi.kernel.models.outbox import OutboxState
from lianqi.kernel.queries.settings import missing_years
from lianqi.kernel.space import Volume, volumes

# A worker leaves a beat at least every 15 seconds; six missed ones mean that it is gone.
BEAT_AGE = timedelta(seconds=90)
OUTBOX_AGE = timedelta(hours=1)
MOST_DEAD = 50
_VOLUMES = {"database": "数据库", "files": "附件", "seals": "封存文件"}


@dataclass(frozen=True)
class JobLine:
    """A declared job and how its last run went; ``state`` is None before the first."""

    name: str
    title: str
    every: timedelta
    state: JobState | None

    @property
    def word(self) -> str:
        """Return how it stands, in a word."""
        if self.state is None or self.state.began_at is None:
            return _("未执行过")
        if self.state.parked_at:
            return _("已停用：连续失败 %d 次") % MOST_TRIES
        if self.is_running:
            return _("执行中")
        failed = self.state.failures
        return _("连续失败 %d 次") % failed if failed else _("正常")

    @property
    def tone(self) -> str:
        """Return the colour of the word."""
        if self.state is None or self.state.began_at is None:
            return "grey"
        return "red" if self.state.failures and not self.is_running else "green"

    @property
    def is_running(self) -> bool:
        """Whether some worker has it in hand."""
        held = self.state.leased_until if self.state else None
        return held is not None and held > now()

    @property
    def is_parked(self) -> bool:
        """Whether it waits for an administrator."""
        return self.state is not None and self.state.parked_at is not None

    @property
    def outcome(self) -> str:
        """Return the last result, or the last line of the traceback: what went wrong."""
        if self.state is None:
            return ""
        return [self.state.result, *self.state.error.strip().splitlines()][-1]


@dataclass(frozen=True)
class OutboxCounts:
    """How many messages wait, since when the oldest is due, how many are given up."""

    waiting: int
    dead: int
    oldest: datetime | None

    @property
    def oldest_seconds(self) -> int:
        """Return how long the oldest message that should have left has waited, in seconds."""
        return max(0, int((now() - self.oldest).total_seconds())) if self.oldest else 0


def job_lines() -> list[JobLine]:
    """Return every declared job with its last result."""
    states = JobState.objects.in_bulk()
    return [JobLine(each.name, each.title, each.every, states.get(each.name)) for each in jobs()]


def worker_beats() -> list[tuple[WorkerBeat, bool]]:
    """Return the workers of the last day and whether each is alive."""
    edge = now() - BEAT_AGE
    return [(beat, beat.beat_at >= edge) for beat in WorkerBeat.objects.order_by("-beat_at")]


def outbox_counts() -> OutboxCounts:
    """Count what waits and what is dead."""
    waiting = Q(state=OutboxState.WAITING)
    counted = OutboxMessage.objects.filter(
        state__in=[OutboxState.WAITING, OutboxState.DEAD]
    ).aggregate(
        waiting=Count("pk", filter=waiting),
        dead=Count("pk", filter=Q(state=OutboxState.DEAD)),
        # A message that is meant to leave later does not wait yet; one that failed does.
        oldest=Min("created_at", filter=waiting & (Q(attempts__gt=0) | Q(not_before__lte=now()))),
    )
    return OutboxCounts(**counted)


def volume_label(volume: Volume) -> str:
    """Return what lies on the volume, in Chinese words."""
    return "、".join(_VOLUMES[name] for name in volume.names)


def volume_lines() -> list[dict[str, Any]]:
    """Return how full each disk is, as the jobs page shows it."""
    words = {"ok": _("充足"), "scarce": _("紧张"), "full": _("已满，暂停提交")}
    tones = {"ok": "green", "scarce": "amber", "full": "red"}
    labels = {"database": _("数据库"), "files": _("附件"), "seals": _("封存文件")}
    return [
        {
            "word": words[volume.status],
            "tone": tones[volume.status],
            "names": "、".join(labels[name] for name in volume.names),
            "used": volume.used_percent,
            "free": volume.free,
        }
        for volume in volumes()
    ]


def dead_letters() -> list[OutboxMessage]:
    """Return the newest messages that were given up."""
    return list(OutboxMessage.objects.filter(state=OutboxState.DEAD).order_by("-pk")[:MOST_DEAD])


def health() -> dict[str, Any]:
    """Return how database, worker, outbox and calendar are; ``status`` sums them up.

    "down": the database does not answer. "degraded": people can work, but something waits for a
    person: no worker, a job parked, messages stuck or given up, a calendar year missing, a disk
    nearly full.
    """
    report: dict[str, Any] = {"status": "down", "database": "down", "version": lianqi.__version__}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
        parts = {
            "worker": _worker(),
            "jobs": _jobs(),
            "outbox": _outbox(),
            "calendar": _calendar(),
            "space": _space(),
        }
    except DatabaseError:
        return report
    well = all(part["status"] == "ok" for part in parts.values())
    return {**report, **parts, "database": "ok", "status": "ok" if well else "degraded"}


def _worker() -> dict[str, Any]:
    # A beat from before the clock was set back says nothing about now.
    possible = WorkerBeat.objects.filter(beat_at__lte=now() + SLACK)
    last = possible.order_by("-beat_at").values_list("beat_at", flat=True).first()
    if last is None:
        return {"status": "missing", "beat_age": None}
    age = now() - last
    return {
        "status": "ok" if age < BEAT_AGE else "late",
        "beat_age": int(age.total_seconds()),
    }


def _jobs() -> dict[str, Any]:
    parked = list(JobState.objects.exclude(parked_at=None).values_list("pk", flat=True))
    return {"status": "parked" if parked else "ok", "parked": parked}


def _space() -> dict[str, Any]:
    found = volumes()
    states = [volume.status for volume in found]
    worst = next((word for word in ("full", "scarce") if word in states), "ok")
    used = {"+".join(volume.names): volume.used_percent for volume in found}
    return {"status": worst, "used_percent": used}


def _outbox() -> dict[str, Any]:
    counts = outbox_counts()
    stuck = counts.dead or counts.oldest_seconds > OUTBOX_AGE.total_seconds()
    return {
        "status": "stuck" if stuck else "ok",
        "waiting": counts.waiting,
        "oldest_age": counts.oldest_seconds,
        "dead": counts.dead,
    }


def _calendar() -> dict[str, Any]:
    missing = missing_years()
    return {"status": "missing" if missing else "ok", "missing_years": missing}
