"""Writes a draft of the authorisation manifest as the product answers now, for review.

The draft is no proof of anything: read the diff line by line (docs/howto/authorisation.md).
"""

import csv
import logging
import os
import sys
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianqi.config.settings_test")
django.setup()

import time_machine  # noqa: E402 settings come first
from django.db import transaction  # noqa: E402
from django.test.runner import DiscoverRunner  # noqa: E402

from tests.authorisation.asking import HEAD, MANIFEST, Row, observed  # noqa: E402
from tests.authorisation.world import World  # noqa: E402
from tests.conftest import MONDAY_MORNING, fill_settings  # noqa: E402


def main() -> int:
    """Observe every address and write the table; exit 1 if anything answered 5xx."""
    logging.disable(logging.ERROR)
    runner = DiscoverRunner(verbosity=0, interactive=False)
    runner.setup_test_environment()
    databases = runner.setup_databases()
    try:
        with time_machine.travel(MONDAY_MORNING, tick=True), transaction.atomic():
            fill_settings()
            rows = list(observed(World(), sys.argv[1:]))
            transaction.set_rollback(True)
    finally:
        runner.teardown_databases(databases)
    if sys.argv[1:]:
        _write(sys.stdout, rows)
    else:
        with MANIFEST.open("w", encoding="utf-8", newline="") as file:
            _write(file, rows)
    broken = [row[:3] for row in rows if any(answer.startswith("5") for answer in row[3:])]
    sys.stderr.writelines(f"5xx: {' '.join(row)}\n" for row in broken)
    return 1 if broken else 0


def _write(file: object, rows: list[Row]) -> None:
    table = csv.writer(file, lineterminator="\n")  # type: ignore[arg-type]
    table.writerow(HEAD)
    table.writerows(rows)


if __name__ == "__main__":
    raise SystemExit(main())
