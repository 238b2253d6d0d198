"""Official documents of any record: issued with a number, frozen, proved unchanged, handed out.

`issue_document` inside the transaction of the act that issues; `preview_document` before it;
`documents_about(subject)` and `readable_documents(user)` to show them; `is_unchanged(document)` to
prove that what was frozen still makes the file that went out.
"""

from lianqi.kernel.documents.handing import DocumentCopy, hand_out
from lianqi.kernel.documents.issuing import draft_name, issue_document, preview_document
from lianqi.kernel.documents.proving import Proof, is_unchanged, prove, recompute
from lianqi.kernel.documents.reach import (
    documents_about,
    may_see_readings,
    read_documents_through,
    readable_documents,
    visible_readings,
)

__all__ = [
    "DocumentCopy",
    "Proof",
    "documents_about",
    "draft_name",
    "hand_out",
    "is_unchanged",
    "issue_document",
    "may_see_readings",
    "preview_document",
    "prove",
    "read_documents_through",
    "readable_documents",
    "recompute",
    "visible_readings",
]
