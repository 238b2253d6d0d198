"""The register as a spreadsheet."""

from typing import Any

from django.db.models import QuerySet

from lianqi.enterprises.exports import sheet_bytes
from lianqi.kernel.clock import local
from lianqi.kernel.models import IssuedDocument

HEADINGS = ("文种", "文号", "标题", "发文机关", "发文时间", "经办人", "阅读范围")


def register_sheet(rows: QuerySet[IssuedDocument]) -> bytes:
    """Return exactly the register that was asked for, newest first."""
    ordered = rows.order_by("-issued_at", "-pk")
    return sheet_bytes(HEADINGS, (_cells(row) for row in ordered.iterator(chunk_size=1000)))


def _cells(row: IssuedDocument) -> list[Any]:
    return [
        row.get_kind_display(),
        row.number,
        row.title,
        row.issuer,
        f"{local(row.issued_at):%Y-%m-%d %H:%M}",
        row.issued_by.full_name if row.issued_by else "",
        row.get_access_display(),
    ]
