"""Reads the first visible worksheet with content out of an xlsx file."""

import io

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from lianqi.engines.tabular.archive import damaged, inspect_archive
from lianqi.engines.tabular.cells import cell_text
from lianqi.engines.tabular.table import Table, TableUnreadable, refuse_large, without_blank_tail


def read_workbook(content: bytes, max_rows: int, max_cols: int) -> Table:
    """Read an xlsx file; hidden and empty sheets are passed over. Raises TableUnreadable."""
    inspect_archive(content, max_rows, max_cols)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        ]
        table = _first_sheet_with_content(workbook, names, max_rows, max_cols)
    except (TableUnreadable, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as problem:  # a panic of the Rust reader is no Exception
        raise damaged() from problem
    return table


def _first_sheet_with_content(
    workbook: CalamineWorkbook, names: list[str], max_rows: int, max_cols: int
) -> Table:
    if not names:
        raise TableUnreadable("工作簿里没有可见的工作表。请取消隐藏或新建工作表后再上传。")
    for name in names:
        sheet: CalamineSheet = workbook.get_sheet_by_name(name)
        last_row, last_col = sheet.end or (-1, -1)
        refuse_large(last_row + 1, last_col + 1, max_rows, max_cols)
        raw = sheet.to_python(skip_empty_area=False)
        rows = without_blank_tail([[cell_text(value) for value in row] for row in raw])
        if rows:
            lines = list(range(1, len(rows) + 1))
            return Table(rows, lines, "xlsx", sheet=name, sheets=tuple(names))
    return Table([], [], "xlsx", sheets=tuple(names))
