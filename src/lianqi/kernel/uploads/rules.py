"""What an upload may be, what a checked file is, and how a refusal is told."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024

CONTENT_TYPES = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "txt": "text/plain",
    "csv": "text/csv",
}
LABELS = {
    "jpeg": "JPG 图片",
    "png": "PNG 图片",
    "webp": "WebP 图片",
    "pdf": "PDF",
    "docx": "Word（docx）",
    "xlsx": "Excel（xlsx）",
    "txt": "文本（txt）",
    "csv": "CSV",
}


class UploadRefused(Exception):
    """A file is not taken. ``code`` is stable for tests and counters, ``message`` is for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def about(self, name: str) -> "UploadRefused":
        """The same refusal, naming the file it is about."""
        return UploadRefused(self.code, f"文件“{name}”：{self.message}")


@dataclass(frozen=True, slots=True)
class UploadRule:
    """What one feature takes: kinds, bytes per file, files at a time."""

    label: str
    types: frozenset[str]
    max_bytes: int
    max_files: int = 1

    def __post_init__(self) -> None:
        unknown = self.types - CONTENT_TYPES.keys()
        if unknown:
            raise ValueError(f"未知的文件类型：{'、'.join(sorted(unknown))}")

    @property
    def accepted(self) -> str:
        """The kinds in words, for forms and refusals."""
        return "、".join(label for kind, label in LABELS.items() if kind in self.types)

    def check_count(self, count: int) -> None:
        """Refuse more files than the rule takes at a time."""
        if count > self.max_files:
            raise UploadRefused(
                "too_many",
                f"{self.label}一次最多 {self.max_files} 个文件，现有 {count} 个，请删减后再提交。",
            )


@dataclass(frozen=True, slots=True)
class CleanFile:
    """A checked file, safe to store: pictures are re-encoded, all else is unchanged.

    ``name`` is for display and download only, never a storage path. ``sm3`` and ``size`` are of
    ``content``. ``notes`` tell (in Chinese) what was changed or could not be checked.
    ``encoding`` is set for txt and csv.
    """

    name: str
    content: bytes
    content_type: str
    size: int
    sm3: str
    notes: tuple[str, ...] = ()
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checker of one kind hands back: bytes to keep, texts to search for marks."""

    content: bytes
    texts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    encoding: str = ""


APPEAL_EVIDENCE = UploadRule(
    "诉求附件",
    frozenset({"jpeg", "png", "webp", "pdf", "docx", "xlsx", "txt"}),
    max_bytes=20 * MEGABYTE,
    max_files=9,
)
ROSTER_FILE = UploadRule("名册文件", frozenset({"xlsx", "csv", "txt"}), max_bytes=10 * MEGABYTE)
PLAN_FILE = UploadRule(
    "工作计划文件", frozenset({"docx", "xlsx", "txt", "csv"}), max_bytes=20 * MEGABYTE
)
IMPORT_FILE = UploadRule("导入文件", frozenset({"xlsx", "csv"}), max_bytes=20 * MEGABYTE)
