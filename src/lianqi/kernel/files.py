"""Attachments: inspected, stored under drawn names, read only through their record."""

import secrets
from collections.abc import Iterable
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
    drawn = secrets.token_hex(16)
    path = Path(settings.MEDIA_ROOT) / drawn[:2] / drawn
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as out:
        out.write(file.content)
    path.chmod(0o600)
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


def stored_at(attachment: Attachment) -> Path:
    """Return where an attachment's bytes lie."""
    return Path(settings.MEDIA_ROOT) / attachment.path
