"""Reminding holders of what will be due soon: one mechanism for the duties of every room."""

from itertools import chain

from django.db import transaction

from lianqi.kernel.clock import now
from lianqi.kernel.models import Duty
from lianqi.kernel.models.duty import DutyState
from lianqi.kernel.models.outbox import Channel
from lianqi.kernel.outbox import enqueue


def remind_of_amber() -> int:
    """Tell holders, once, of each duty that has turned amber and is not late; return how many."""
    open_now = Duty.objects.filter(state=DutyState.OPEN, advisory=False)
    near = open_now.filter(reminded_at=None, amber_at__lte=now())
    # Apart, so that each is a range of the index by red_at; what is never red has none.
    return sum(
        remind_of(duty) for duty in chain(near.filter(red_at__gt=now()), near.filter(red_at=None))
    )


@transaction.atomic
def remind_of(duty: Duty) -> bool:
    """Tell the holder that the deadline is near, once; say whether it was told."""
    near = Duty.objects.filter(pk=duty.pk, state=DutyState.OPEN, reminded_at=None)
    told = bool(near.update(reminded_at=now()))
    if told:
        # What never turns red turns amber when its time is up.
        text = f"“{duty.label}”即将到期。" if duty.red_at else f"“{duty.label}”已到期，请尽快补上。"
        enqueue(
            Channel.DESK,
            duty.holder,
            title=f"临期提醒：{duty.matter}" if duty.red_at else f"到期提醒：{duty.matter}",
            text=text,
            url=duty.url,
        )
    return told
