"""Spreadsheets of the enterprises room: the list as shown, the import's template and problems."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from lianqi.enterprises.forms.importing import COLUMNS, HEADINGS
from lianqi.enterprises.models import Enterprise, ImportBatch
from lianqi.enterprises.queries.directory import DirectoryRow, directory_row
from lianqi.enterprises.queries.imports import problem_rows
from lianqi.kernel.clock import local
from lianqi.kernel.language import in_record_language
from lianqi.kernel.uploads.rules import CONTENT_TYPES

LIST_HEADINGS = (
    "名称",
    "统一社会信用代码",
    "类别",
    "状态",
    "规模",
    "行业",
    "从业人员",
    "营业收入（万元）",
    "资产总额（万元）",
    "地址",
    "联系人",
    "联系电话（已遮盖）",
    "登记日期",
)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
CHUNK = 1000


def sheet_bytes(headings: Sequence[str], rows: Iterable[Sequence[Any]], *, note: str = "") -> bytes:
    """Return an xlsx of one sheet; text stays text, whatever it begins with."""
    out = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with in_record_language(), xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        # The mark Excel sets for a typed apostrophe: the cell stays text when edited or saved on.
        quoted = book.add_format({"quote_prefix": True})
        sheet.set_column(0, len(headings) - 1, 18)
        top = 0
        if note:
            sheet.write_string(0, 0, note)
            top = 1
        for column, heading in enumerate(headings):
            sheet.write_string(top, column, heading, bold)
        for number, row in enumerate(rows, top + 1):
            for column, value in enumerate(row):
                if isinstance(value, int | float):
                    sheet.write_number(number, column, value)
                elif value:
                    risky = str(value).startswith(FORMULA_STARTS)
                    sheet.write_string(number, column, str(value), quoted if risky else None)
    return out.getvalue()


def xlsx_response(name: str, content: bytes) -> HttpResponse:
    """Return the spreadsheet as a download."""
    response = HttpResponse(content, content_type=CONTENT_TYPES["xlsx"])
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "private, no-store"
    return response


def enterprise_sheet(rows: QuerySet[Enterprise]) -> bytes:
    """Return exactly the list that was asked for, newest first, phones masked."""
    firms = rows.order_by("-pk").iterator(chunk_size=CHUNK)
    return sheet_bytes(LIST_HEADINGS, (_cells(directory_row(firm)) for firm in firms))


def _cells(row: DirectoryRow) -> list[Any]:
    firm, contact = row.firm, row.contact
    return [
        firm.name,
        firm.uscc,
        firm.get_kind_display(),
        firm.get_state_display(),
        firm.get_size_display(),
        row.industry,
        firm.employees,
        None if firm.revenue_wan is None else float(firm.revenue_wan),
        None if firm.assets_wan is None else float(firm.assets_wan),
        firm.address,
        contact.name if contact else "",
        str(contact.phone) if contact else "",
        f"{local(firm.registered_at):%Y-%m-%d}",
    ]


def template_sheet() -> bytes:
    """Return the empty table for imports: headings, and a line that shows how to fill it."""
    headings = [f"{c.heading}*" if c.required else c.heading for c in COLUMNS]
    note = "带*的列必填；第 3 行是示例，填写前请删除。信用代码、电话请按文本填写。"
    return sheet_bytes(headings, [[c.example for c in COLUMNS]], note=note)


def problem_sheet(batch: ImportBatch) -> bytes:
    """Return the rows that were not taken, with what is wrong; numbers to call are masked."""
    told: dict[int, list[str]] = {}
    for problem in problem_rows(batch, most=None):
        told.setdefault(problem.line, []).append(f"{problem.column}：{problem.message}")
    names = list(HEADINGS)
    rows = (
        [row["line"], "；".join(told[row["line"]]), *(row["cells"].get(name, "") for name in names)]
        for row in batch.errors
    )
    note = "请按“原表行号”在原来的表里改正后重新上传；联系电话已遮盖，不要直接上传本表。"
    return sheet_bytes(["原表行号", "问题", *HEADINGS.values()], rows, note=note)
