"""What a fault needs done, or asked, inside a house: `python -m tests.faults.inside WORD …`."""

import json
import os
import sys
import time

import django


def write(count):
    """Put so many letters into the outbox, each to somebody else."""
    from lianqi.kernel.outbox import Channel, enqueue  # noqa: PLC0415 after setup

    for number in range(int(count)):
        enqueue(Channel.EMAIL, f"a{number}@example.org", title=f"第{number}封")


def outbox():
    """Return what became of the letters, and what somebody still holds."""
    from lianqi.kernel.models import JobState, OutboxMessage  # noqa: PLC0415

    letters = OutboxMessage.objects.filter(channel="email")
    states = list(letters.values_list("state", flat=True))
    held = OutboxMessage.objects.exclude(leased_until=None).count()
    stuck = [
        state.name
        for state in JobState.objects.exclude(leased_until=None)
        if state.began_at and state.ended_at and state.began_at < state.ended_at
    ]
    return {state: states.count(state) for state in set(states)} | {"held": held, "stuck": stuck}


def poison():
    """Let one worker after the other do a round until nothing is left to try; tell how it ended."""
    from django.db import connections  # noqa: PLC0415

    from lianqi.kernel.management.worker import Worker  # noqa: PLC0415
    from lianqi.kernel.models import JobState, OutboxMessage  # noqa: PLC0415
    from lianqi.kernel.outbox import Channel, enqueue  # noqa: PLC0415

    enqueue(Channel.SMS, "x", title="拖垮进程的消息")
    deaths = 0
    for _ in range(40):
        connections.close_all()
        child = os.fork()
        if not child:
            Worker().round()
            os._exit(0)
        deaths += os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0
        time.sleep(0.02)  # past the lease, which is none
    ours = JobState.objects.filter(name__in=["a.exits", "b.raises", "c.well"])
    message = OutboxMessage.objects.get(channel=Channel.SMS)
    return {
        "jobs": {
            state.name: [state.failures, state.parked_at is not None, outcome(state)]
            for state in ours
        },
        "message": [message.state, message.crashes, message.error],
        "letters": OutboxMessage.objects.filter(channel=Channel.EMAIL, state="sent").count(),
        "told": OutboxMessage.objects.filter(once__startswith="parked:").count(),
        "deaths": deaths,
    }


def outcome(state):
    return (state.error.strip().splitlines() or [state.result])[-1]


WORDS = {word.__name__: word for word in (write, outbox, poison)}


def main():
    django.setup()
    sys.stdout.write(json.dumps(WORDS[sys.argv[1]](*sys.argv[2:]), ensure_ascii=False))


if __name__ == "__main__":
    main()
