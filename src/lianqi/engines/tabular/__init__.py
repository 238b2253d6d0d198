"""Reads a table out of an uploaded file (xlsx, csv, tsv) into plain text cells.

Nothing is guessed about the meaning of the cells: numbers come as their digits, dates as ISO text,
a blank row stays a blank row, so that `Table.lines` always names the line a clerk sees in his file.
Which row is the header is asked separately (`find_header`). Every failure is a `TableUnreadable`
whose Chinese text can be shown to the clerk as it is.
"""

from lianqi.engines.tabular.cells import cell_text, clean_cell
from lianqi.engines.tabular.encoding import decode_text
from lianqi.engines.tabular.formulas import formula_cells
from lianqi.engines.tabular.header import HeaderMatch, find_header, heading_key
from lianqi.engines.tabular.reading import read_table
from lianqi.engines.tabular.table import Table, TableUnreadable

__all__ = [
    "HeaderMatch",
    "Table",
    "TableUnreadable",
    "cell_text",
    "clean_cell",
    "decode_text",
    "find_header",
    "formula_cells",
    "heading_key",
    "read_table",
]
