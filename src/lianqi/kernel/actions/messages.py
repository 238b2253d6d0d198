"""Reading notices, and sending a given-up message once more."""

from typing import Any

from django.db import transaction

from lianqi.kernel.access import Actor, may
from lianqi.kernel.clock import now
from lianqi.kernel.errors import NotPermitted, StepUnfit
from lianqi.kernel.journal import write_line
from lianqi.kernel.models import Notice, OutboxMessage
from lianqi.kernel.models.outbox import OutboxState

# A press of the button must not lock the outbox for minutes; pressed again it takes the next ones.
MOST_AT_ONCE = 500


def read_notices(*, actor: Any, notice: Notice | None = None) -> int:
    """Mark one of the actor's own notices, or all of them, as read; return how many were not."""
    unread = Notice.objects.filter(user=actor, read_at=None)
    if notice is not None:
        unread = unread.filter(pk=notice.pk)
    return unread.update(read_at=now())


@transaction.atomic
def retry_message(message: OutboxMessage, *, actor: Actor) -> None:
    """Put a given-up message back into the queue with all its attempts.

    Raises:
        NotPermitted: the actor may not do so.
        StepUnfit: somebody did so already.
    """
    if not may(actor, "kernel.retry_message"):
        raise NotPermitted("重新发送由系统管理员办理。")
    dead = OutboxMessage.objects.filter(pk=message.pk, state=OutboxState.DEAD)
    if not dead.update(**_anew()):
        raise StepUnfit("这条消息已经重新排队，无须再次操作。")
    message.refresh_from_db()
    write_line(
        message,
        actor=actor,
        verb="outbox.retry",
        label="重新发送",
        text=f"{message.get_channel_display()}：{message.title}。上次失败：{message.error}",
    )


@transaction.atomic
def retry_all_messages(*, actor: Actor) -> int:
    """Put every given-up message back into the queue, with a line each; return how many.

    Raises:
        NotPermitted: the actor may not do so.
        StepUnfit: none is given up.
    """
    if not may(actor, "kernel.retry_message"):
        raise NotPermitted("重新发送由系统管理员办理。")
    dead = OutboxMessage.objects.filter(state=OutboxState.DEAD).order_by("pk")[:MOST_AT_ONCE]
    for message in dead:
        retry_message(message, actor=actor)
    if not dead:
        raise StepUnfit("没有发送失败的消息，无须操作。")
    return len(dead)


def _anew() -> dict[str, object]:
    return {
        "state": OutboxState.WAITING,
        "attempts": 0,
        "crashes": 0,
        "not_before": now(),
        "leased_until": None,
        "leased_by": "",
    }
