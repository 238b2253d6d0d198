"""Proving that an issued document is still what it was: the file whole, the data making it again."""

from dataclasses import dataclass

from lianqi.engines.officialdoc import ENGINE_VERSION, KINDS, same_content, write_document
from lianqi.kernel.crypto import sm3
from lianqi.kernel.files import stored_at
from lianqi.kernel.models import IssuedDocument


@dataclass(frozen=True)
class Proof:
    """What a proof found: the kept file by its digest, and the file recomputed from frozen data."""

    file_whole: bool
    same_data: bool
    same_engine: bool

    @property
    def unchanged(self) -> bool:
        """Whether file and data both are what went out."""
        return self.file_whole and self.same_data


def recompute(document: IssuedDocument) -> bytes:
    """Return the .docx that the frozen data makes today."""
    made = KINDS[document.kind].document(document.data, number=document.number)
    return write_document(made)


def prove(document: IssuedDocument) -> Proof:
    """Hold the kept file against its digest and against what the frozen data makes."""
    kept = stored_file(document)
    return Proof(
        file_whole=document.file is not None and sm3(kept) == document.file.sm3,
        same_data=same_content(kept, recompute(document)),
        same_engine=document.engine_version == ENGINE_VERSION,
    )


def is_unchanged(document: IssuedDocument) -> bool:
    """Whether the kept file is whole and the frozen data still makes it."""
    return prove(document).unchanged


def stored_file(document: IssuedDocument) -> bytes:
    """Return the kept file; empty if it is gone from the disk."""
    try:
        return stored_at(document.file).read_bytes() if document.file else b""
    except FileNotFoundError:
        return b""
