"""Letting a periodic job run again that was set aside."""

from django.db import transaction

from lianqi.kernel.access import Actor, may
from lianqi.kernel.clock import now
from lianqi.kernel.errors import NotPermitted, StepUnfit
from lianqi.kernel.journal import write_line
from lianqi.kernel.models import JobState


@transaction.atomic
def release_job(state: JobState, *, actor: Actor) -> None:
    """Let a parked job run again at once, with all its tries.

    Raises:
        NotPermitted: the actor may not do so.
        StepUnfit: it is not parked, or somebody released it already.
    """
    if not may(actor, "kernel.release_job"):
        raise NotPermitted("重新启用定时任务由系统管理员办理。")
    parked = JobState.objects.filter(pk=state.pk).exclude(parked_at=None)
    if not parked.update(parked_at=None, failures=0, due_at=now(), leased_until=None):
        raise StepUnfit("这项任务没有停用，无须操作。")
    state.refresh_from_db()
    write_line(
        actor,
        actor=actor,
        verb="job.release",
        label="重新启用定时任务",
        text=f"{state.name}。上次失败：{state.error.strip().splitlines()[-1] if state.error else ''}",
    )
