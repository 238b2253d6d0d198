"""Reads csv and tsv: encoding, delimiter, quotes and line breaks inside quotes."""

import csv
import io

from lianqi.engines.tabular.encoding import decode_text
from lianqi.engines.tabular.table import Table, TableUnreadable, refuse_large, without_blank_tail

DELIMITERS = ",;\t|"
SNIFFED_ROWS = 20


def read_delimited(content: bytes, max_rows: int, max_cols: int) -> Table:
    """Read csv or tsv; short rows are filled up to the widest. Raises TableUnreadable."""
    text, encoding = decode_text(content)
    text = text.removeprefix("\ufeff")
    delimiter = _sniff(text)
    rows: list[list[str]] = []
    lines: list[int] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for row in reader:
            rows.append(row)
            lines.append(line)
            line = reader.line_num + 1
            refuse_large(len(rows), len(row), max_rows, max_cols)
    except csv.Error as problem:
        raise TableUnreadable(
            f"第 {line} 行读不下去：双引号没有成对，或一格的文字过长。"
            "请在 Excel 或 WPS 中打开检查，另存为 .xlsx 后再上传。"
        ) from problem
    rows = without_blank_tail(rows)
    width = max(map(len, rows), default=0)
    refuse_large(len(rows), width, max_rows, max_cols)
    squared = [row + [""] * (width - len(row)) for row in rows]
    return Table(squared, lines[: len(rows)], "csv", encoding=encoding, delimiter=delimiter)


def _sniff(text: str) -> str:
    """The delimiter that cuts most of the first rows into the same number of cells, two or more."""
    return max(DELIMITERS, key=lambda delimiter: _regularity(text[:65_536], delimiter))


def _regularity(head: str, delimiter: str) -> tuple[int, int]:
    widths: list[int] = []
    try:
        for row in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter):
            if any(row):
                widths.append(len(row))
            if len(widths) == SNIFFED_ROWS:
                break
    except csv.Error:
        return 0, 0
    several = [width for width in widths if width > 1]
    if not several:
        return 0, 0
    usual = max(several, key=several.count)
    return several.count(usual), usual
