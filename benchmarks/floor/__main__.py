"""Makes the floor's table and fills it: `python -m benchmarks.floor`."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.floor.settings")
django.setup()

from django.db import connection  # noqa: E402 Django must be set up first
from django.utils import timezone  # noqa: E402

from benchmarks.floor.models import Row  # noqa: E402

with connection.schema_editor() as editor:
    editor.create_model(Row)
Row.objects.bulk_create(
    Row(number=f"SQ2026-{n:05d}", title=f"第{n}行", state="handling", due_at=timezone.now())
    for n in range(200)
)
