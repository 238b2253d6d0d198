"""Workbooks of appeals, for people who go on working in a spreadsheet."""

import tempfile
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import IO

import xlsxwriter

from lianqi.appeals.queries import AppealRow
from lianqi.kernel.clock import local
from lianqi.kernel.language import in_record_language

COLUMNS: dict[str, tuple[int, Callable[[AppealRow], object]]] = {
    "编号": (16, lambda row: row.appeal.number),
    "标题": (40, lambda row: row.appeal.title),
    "企业": (30, lambda row: row.identity.name),
    "联系人": (10, lambda row: row.identity.contact_name),
    "联系电话（掩码）": (16, lambda row: row.identity.contact_phone),
    "类别": (8, lambda row: row.appeal.get_kind_display()),
    "渠道": (8, lambda row: row.appeal.get_channel_display()),
    "紧急": (6, lambda row: "紧急" if row.appeal.urgent else ""),
    "状态": (14, lambda row: row.appeal.get_state_display()),
    "主办单位": (20, lambda row: row.unit_name),
    "下一步": (34, lambda row: row.next_step),
    "剩余或逾期": (22, lambda row: row.remaining_text),
    "提交时间": (17, lambda row: _moment(row.appeal.submitted_at)),
    "派单时间": (17, lambda row: _moment(row.appeal.dispatched_at)),
    "到期时间": (17, lambda row: _moment(row.due_at)),
    "答复时间": (17, lambda row: _moment(row.appeal.answered_at)),
    "办结时间": (17, lambda row: _moment(row.appeal.closed_at)),
    "办理结果": (16, lambda row: row.appeal.get_outcome_display()),
}


def appeal_workbook(rows: Iterable[AppealRow]) -> IO[bytes]:
    """Return an open temporary xlsx of the rows; memory stays constant however many there are.

    Every cell is a string, so that a title that begins with = + - or @ is never a formula, and a
    number keeps all its digits. Phones are masked as everywhere.
    """
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 the response closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with in_record_language(), xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet("诉求清单")
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 2)
        for column, (name, (width, _)) in enumerate(COLUMNS.items()):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, name, bold)
        for number, row in enumerate(rows, 1):
            for column, (_, value) in enumerate(COLUMNS.values()):
                sheet.write_string(number, column, str(value(row)))
    file.seek(0)
    return file


def _moment(moment: datetime | None) -> str:
    return f"{local(moment):%Y-%m-%d %H:%M}" if moment else ""
