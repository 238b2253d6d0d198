"""An application whose jobs always fail: one raises, one takes its process down; a third is well."""

import os
from datetime import timedelta

from django.apps import AppConfig

from lianqi.kernel.jobs import job
from lianqi.kernel.models.outbox import Channel
from lianqi.kernel.outbox import connect_gateway

OFTEN = timedelta(seconds=1)
KILLED = 137


class PoisonConfig(AppConfig):
    name = "tests.faults.poison"
    label = "poison"

    def ready(self):
        job(name="a.exits", every=OFTEN)(exits)
        job(name="b.raises", every=OFTEN)(raises)
        job(name="c.well", every=OFTEN)(lambda: "好")
        connect_gateway(Channel.SMS, exits)


def exits(*_):
    os._exit(KILLED)


def raises():
    raise ValueError("坏了")
