"""An application whose jobs always fail: one raises, one takes its process down; a third is well."""

import os
from datetime import timedelta

from django.apps import AppConfig

KILLED = 137


class PoisonConfig(AppConfig):
    name = "tests.faults.poison"
    label = "poison"

    def ready(self):
        from lianqi.kernel.jobs import job  # noqa: PLC0415 models are there from now on
        from lianqi.kernel.outbox import Channel, connect_gateway  # noqa: PLC0415

        always = timedelta(0)
        job(name="a.exits", every=always)(exits)
        job(name="b.raises", every=always)(raises)
        job(name="c.well", every=always)(lambda: "好")
        connect_gateway(Channel.SMS, exits)


def exits(*_):
    os._exit(KILLED)


def raises():
    raise ValueError("坏了")
