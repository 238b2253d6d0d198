"""F2: the worker is killed while it delivers. F18: jobs and messages that fail or kill it."""

import json
import random
import time

import pytest

from tests.faults.houses import House, kill, program, until
from tests.faults.measure import record, rounds
from tests.faults.sinks import Sink

SMTP = {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_HOST": "127.0.0.1"}


@pytest.fixture
def sink():
    """Keep a mail server running."""
    open_sink = Sink()
    yield open_sink
    open_sink.end()


def inside(environment, *words):
    return json.loads(program(environment, "tests.faults.inside", *words))


def test_every_letter_arrives_though_the_worker_is_killed_again_and_again(seed, sink):
    kills, letters = rounds(2, 15), rounds(90, 400)
    environment = seed.copy() | SMTP | {"EMAIL_PORT": str(sink.port)}
    inside(environment, "write", str(letters))

    with House(environment) as house:
        for number in range(kills):
            goal = (number + 1) * letters // (kills + 1)
            until(lambda goal=goal: len(sink.letters) >= goal, every=0.01)
            time.sleep(random.uniform(0, 0.05))  # noqa: S311 no secret: at any moment
            [worker] = until(house.workers)
            kill(worker)
            until(lambda dead=worker: [pid for pid in house.workers() if pid != dead])
        until(lambda: len(set(sink.ids())) == letters)
        until(lambda: inside(environment, "outbox")["held"] == 0, every=1)

    found, repeats = inside(environment, "outbox"), len(sink.letters) - letters
    assert found == {"sent": letters, "held": 0, "stuck": []}
    # A repeated letter carries the same number, so that the receiver may drop it.
    assert (len(set(sink.ids())), repeats <= kills) == (letters, True)
    record("F2", "发送时杀掉后台进程", letters=letters, kills=kills, repeats=repeats, lost=0)


def test_what_fails_every_time_or_takes_its_worker_down_is_set_aside_and_the_rest_goes_on(
    seed, sink
):
    poisoned = SMTP | {"EMAIL_PORT": str(sink.port), "FAULT_POISON": "1"}
    environment = seed.copy() | poisoned | {"LIANQI_LEASE_SECONDS": "0"}
    inside(environment, "write", "3")

    found = inside(environment, "poison")

    assert found == {
        "jobs": {
            "a.exits": [5, True, "执行这项任务时后台进程意外退出。"],
            "b.raises": [5, True, "ValueError: 坏了"],
            "c.well": [0, False, "好"],
        },
        "message": ["dead", 5, "发送这条消息时后台进程意外退出。"],
        "letters": 3,
        "told": 2,
        "deaths": 10,
    }
    record("F18", "总是失败或拖垮进程的任务和消息", worker_deaths=found["deaths"], set_aside=3)
