"""Defence against hostile or classified uploads: what passes here may be stored."""

from lianqi.kernel.uploads.inspection import inspect_upload, read_texts
from lianqi.kernel.uploads.marks import classification_mark, mark_in_name
from lianqi.kernel.uploads.names import clean_name
from lianqi.kernel.uploads.rules import (
    APPEAL_EVIDENCE,
    IMPORT_FILE,
    PLAN_FILE,
    ROSTER_FILE,
    CleanFile,
    UploadRefused,
    UploadRule,
)
from lianqi.kernel.uploads.stripping import without_makers

__all__ = [
    "APPEAL_EVIDENCE",
    "IMPORT_FILE",
    "PLAN_FILE",
    "ROSTER_FILE",
    "CleanFile",
    "UploadRefused",
    "UploadRule",
    "classification_mark",
    "clean_name",
    "inspect_upload",
    "mark_in_name",
    "read_texts",
    "without_makers",
]
