"""Handing a document out: each time written down, a restricted one marked with its reader."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from lianqi.engines.officialdoc import watermark
from lianqi.engines.worktime.explanation import moment_text
from lianqi.kernel.clock import local, now
from lianqi.kernel.documents.proving import stored_file
from lianqi.kernel.errors import StepUnfit
from lianqi.kernel.language import in_record_language
from lianqi.kernel.models import DocumentReading, IssuedDocument
from lianqi.kernel.models.document import DocumentAccess


@dataclass(frozen=True)
class DocumentCopy:
    """What is handed out: the file's name, its type and its bytes."""

    name: str
    content_type: str
    content: bytes


@transaction.atomic
def hand_out(document: IssuedDocument, *, actor: Any) -> DocumentCopy:
    """Return the document for this reader, who may read it, and write the download down.

    Raises:
        StepUnfit: the kept file is gone from the store.
    """
    content, at = stored_file(document), now()
    if document.file is None or not content:
        raise StepUnfit("这份文件的存档找不到了，请联系系统管理员从备份恢复。")
    marked = document.access == DocumentAccess.RESTRICTED
    with in_record_language():
        signature = actor.signature()
    if marked:
        content = watermark(content, f"{actor} {moment_text(local(at))}")
    DocumentReading.objects.create(
        document=document, reader=actor, signature=signature[:120], marked=marked, at=at
    )
    return DocumentCopy(document.file.name, document.file.content_type, content)
