"""Attachments: inspected, stored under drawn names, read only through their record."""

import contextlib
import os
import secrets
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import models

from lianqi.kernel.access import Actor
from lianqi.kernel.clock import now
from lianqi.kernel.errors import RuleBroken
from lianqi.kernel.models import Attachment, JournalEntry
from lianqi.kernel.models.about import pointer
from lianqi.kernel.uploads import CleanFile, UploadRefused, UploadRule, inspect_upload

DRAWN_BYTES = 16
KEPT_WITHOUT_ROW = timedelta(days=1)


def inspect_all(files: Iterable[UploadedFile], *, rule: UploadRule) -> list[CleanFile]:
    """Inspect files before anything is written.

    Raises:
        RuleBroken: one is refused, or there are too many; the message names file and remedy.
    """
    given = list(files)
    if len(given) > rule.max_files:
        raise RuleBroken(
            f"一次最多上传{rule.max_files}个文件，您选了{len(given)}个，请分次上传。", field="files"
        )
    clean = []
    for file in given:
        try:
            clean.append(inspect_upload(file.name or "", file, accept=rule))
        except UploadRefused as refused:
            raise RuleBroken(refused.message, field="files") from refused
    return clean


def attach(
    subject: models.Model,
    files: Iterable[CleanFile],
    *,
    actor: Actor,
    audience: str,
    line: JournalEntry | None = None,
    sealed: bool = False,
) -> list[Attachment]:
    """Store inspected files with a record, and with the journal line they came with.

    ``sealed`` ones are handed out only to those who hold the room's ``see_sealed``.

    The bytes reach the disk before the row: a crash in between leaves an orphan file, never a row
    without its file.
    """
    seq = line.seq if line else 0
    return [_store(subject, file, actor, audience, seq, sealed) for file in files]


def _store(
    subject: models.Model, file: CleanFile, actor: Any, audience: str, line: int, sealed: bool
) -> Attachment:
    drawn = secrets.token_hex(DRAWN_BYTES)
    path = Path(settings.MEDIA_ROOT) / drawn[:2] / drawn
    path.parent.mkdir(parents=True, exist_ok=True)
    _write_whole(path, file.content)
    return Attachment.objects.create(
        **pointer(subject),
        name=file.name,
        path=f"{drawn[:2]}/{drawn}",
        content_type=file.content_type,
        size=file.size,
        sm3=file.sm3,
        audience=audience,
        sealed=sealed,
        line=line,
        uploaded_by_id=actor.pk,
        uploaded_at=now(),
        notes=list(file.notes),
    )


def _write_whole(path: Path, content: bytes) -> None:
    """Write the bytes through to the disk, or leave nothing; OSError if there is no room."""
    try:
        with path.open("xb") as out:
            path.chmod(0o600)
            out.write(content)
            out.flush()
            # The row is committed through to the disk; its file must not come after it.
            os.fsync(out.fileno())
    except OSError:
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def sweep_files() -> int:
    """Remove stored files that have had no row for a day; return how many.

    Such are left behind by a process that was killed, or a transaction that was rolled back,
    between writing the file and committing its row.
    """
    edge = now() - KEPT_WITHOUT_ROW
    swept = 0
    for folder in sorted(Path(settings.MEDIA_ROOT).glob("??")):
        paths = {f"{folder.name}/{path.name}" for path in _old_files(folder, edge)}
        known = Attachment.objects.filter(path__in=paths).values_list("path", flat=True)
        for orphan in sorted(paths - set(known)):
            (Path(settings.MEDIA_ROOT) / orphan).unlink(missing_ok=True)
            swept += 1
    return swept


def _old_files(folder: Path, edge: datetime) -> Iterator[Path]:
    for path in folder.iterdir():
        drawn = len(path.name) == 2 * DRAWN_BYTES and path.name.startswith(folder.name)
        if drawn and datetime.fromtimestamp(path.stat().st_mtime, UTC) < edge:
            yield path


def stored_at(attachment: Attachment) -> Path:
    """Return where an attachment's bytes lie."""
    return Path(settings.MEDIA_ROOT) / attachment.path
