"""Fifty processes that file appeals on one SQLite file: `python -m tests.faults.writers N SECONDS`."""

import json
import os
import random
import sys
import time
import traceback

import django

THINK = 0.2  # seconds between an answer and the next appeal, on average


def main():
    django.setup()
    from django.db import connections  # noqa: PLC0415 after setup

    warm_up()
    connections.close_all()
    count, seconds = int(sys.argv[1]), float(sys.argv[2])
    receipts, gate = os.pipe(), time.time() + 1
    for number in range(count):
        if not os.fork():
            os.close(receipts[0])
            write(number, gate, gate + seconds, receipts[1])
            os._exit(0)
    os.close(receipts[1])
    with os.fdopen(receipts[0]) as lines:
        found = [json.loads(line) for line in lines]
    while count:
        os.wait()
        count -= 1
    sys.stdout.write(json.dumps(found, ensure_ascii=False))


def warm_up():
    """Load before the fork what the first appeal of a process loads: it is not what we try."""
    from django.db import transaction  # noqa: PLC0415

    from lianqi.organisation.models import User  # noqa: PLC0415
    from tests.factories import file_appeal  # noqa: PLC0415

    with transaction.atomic():
        file_appeal(User.objects.get(username="firm0"))
        transaction.set_rollback(True)


def write(number, begin, end, pipe):
    """File one appeal after the other; write a line for each, at once and whole."""
    from django.db import transaction  # noqa: PLC0415

    from lianqi.appeals.actions import submit_appeal  # noqa: PLC0415
    from lianqi.kernel.idempotency import once  # noqa: PLC0415
    from lianqi.organisation.models import User  # noqa: PLC0415
    from tests.faults.clients import told  # noqa: PLC0415

    firm = User.objects.get(username=f"firm{number % 8}")
    enterprise = firm.memberships.get().enterprise
    time.sleep(max(0, begin - time.time()))
    serial = 0
    while serial == 0 or time.time() < end:
        key, serial = f"{number}-{serial}", serial + 1
        began, error, made = time.monotonic(), "", None
        try:
            with transaction.atomic():
                facts = told(key)
                made, _ = once(
                    firm, key, facts, lambda f=facts: submit_appeal(enterprise, actor=firm, **f)
                )
        except Exception:  # noqa: BLE001 the test counts whatever went wrong
            error = traceback.format_exc()[-300:]
        line = [key, made.number if made else "", round(time.monotonic() - began, 3), error]
        os.write(pipe, json.dumps(line).encode() + b"\n")
        time.sleep(random.expovariate(1 / THINK))


if __name__ == "__main__":
    main()
