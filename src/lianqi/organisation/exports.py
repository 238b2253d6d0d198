"""The roster as a workbook; phones stay masked."""

from collections.abc import Sequence
from io import BytesIO

import xlsxwriter

from lianqi.kernel.language import in_record_language
from lianqi.organisation.queries.roster import RosterLine

HEADINGS = [
    ("序号", 6),
    ("单位", 24),
    ("分管领导", 12),
    ("职务", 22),
    ("联络员", 12),
    ("职务", 22),
    ("手机", 16),
    ("提示", 40),
]
TITLE = "入驻平台涉企部门责任领导及联络员名单"


def roster_workbook(lines: Sequence[RosterLine], *, as_of: str) -> bytes:
    """Return the roster as xlsx; every cell is text, so nothing in it can act as a formula."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("名册")
    plain = {"border": 1, "valign": "vcenter", "text_wrap": True}
    cell = book.add_format(plain)
    head = book.add_format({**plain, "bold": True, "align": "center", "bg_color": "#E8EEF6"})
    title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
    sheet.merge_range(0, 0, 0, len(HEADINGS) - 1, f"{TITLE}（{as_of}）", title)
    for column, (text, width) in enumerate(HEADINGS):
        sheet.set_column(column, column, width)
        sheet.write_string(1, column, text, head)
    with in_record_language():
        for row, line in enumerate(lines, 2):
            for column, text in enumerate(roster_cells(line)):
                sheet.write_string(row, column, text, cell)
    sheet.freeze_panes(2, 2)
    sheet.repeat_rows(0, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    book.close()
    return target.getvalue()


def roster_cells(line: RosterLine) -> list[str]:
    """Return one line of the roster as texts, in the order of the headings."""
    leader, liaison = line.leader, line.liaison
    return [
        str(line.number),
        line.unit.name,
        leader.user.full_name if leader else "",
        leader.title if leader else "",
        liaison.user.full_name if liaison else "",
        liaison.title if liaison else "",
        str(liaison.user.phone or "") if liaison else "",
        "；".join(line.warnings),
    ]
