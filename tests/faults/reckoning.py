"""Reads a database after the fault and prints, as JSON, what is in it and what is only half there."""

import json
import re
import sys

import django

KEY = re.compile(r"#(\S+)$")


def main():
    django.setup()
    from lianqi.kernel.journal import verify_journal  # noqa: PLC0415 after setup

    verdict = verify_journal()
    found = {"appeals": list(appeals()), "chain": verdict.broken, "lines": verdict.lines}
    found |= {"halves": list(halves()), "storage": storage(), "files": files()}
    sys.stdout.write(json.dumps(found, ensure_ascii=False))


def appeals():
    """Yield the key in each appeal's title, and its number."""
    from lianqi.appeals.models import Appeal  # noqa: PLC0415

    for title, number in Appeal.objects.order_by("pk").values_list("title", "number"):
        found = KEY.search(title)
        if found:
            yield found[1], number


def halves():
    """Yield what is not whole: an appeal without its line, duty, message or key, and the reverse."""
    from lianqi.appeals.models import Appeal  # noqa: PLC0415
    from lianqi.kernel.models import (  # noqa: PLC0415
        Duty,
        IdempotencyKey,
        JournalEntry,
        OutboxMessage,
    )

    numbers = dict(Appeal.objects.filter(title__contains="#").values_list("pk", "number"))
    about = {"subject_type": "appeals.appeal"}
    parts = {
        "line": JournalEntry.objects.filter(**about, verb="appeal.submit"),
        "duty": Duty.objects.filter(**about, key="accept"),
        "key": IdempotencyKey.objects.filter(**about),
    }
    for name, rows in parts.items():
        there = list(rows.values_list("subject_id", flat=True))
        for pk, number in numbers.items():
            if there.count(pk) != 1:
                yield f"{number}: {there.count(pk)} {name}"
        yield from (f"{name} of no appeal {pk}" for pk in set(there) - set(numbers))
    told = set(OutboxMessage.objects.values_list("url", flat=True))
    for number in numbers.values():
        if not any(number in url for url in told):
            yield f"{number}: no message"


def storage():
    """Return what the database says of its own file; PostgreSQL has no such question."""
    from django.db import connection  # noqa: PLC0415

    if connection.vendor != "sqlite":
        return "ok"
    with connection.cursor() as cursor:
        return cursor.execute("PRAGMA integrity_check").fetchone()[0]


def files():
    """Return how many attachments have no file, and how many files have no attachment."""
    from pathlib import Path  # noqa: PLC0415

    from django.conf import settings  # noqa: PLC0415

    from lianqi.kernel.models import Attachment  # noqa: PLC0415

    rows = dict(Attachment.objects.values_list("path", "size"))
    there = {
        f"{path.parent.name}/{path.name}": path.stat().st_size
        for path in Path(settings.MEDIA_ROOT).glob("??/*")
    }
    return {
        "rows": len(rows),
        "broken": [path for path, size in rows.items() if there.get(path) != size],
        "orphans": len(set(there) - set(rows)),
    }


if __name__ == "__main__":
    main()
