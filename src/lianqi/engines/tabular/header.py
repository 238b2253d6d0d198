"""Finds the header row of a table by the headings its columns may have."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lianqi.engines.tabular.cells import clean_cell

HEADER_ROWS = 20

_BRACKETED_REMARK = re.compile(r"[(\[（【].*?[)\]）】]")


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """Where the header is (`row_index` None: nowhere), each field's column, fields not found."""

    row_index: int | None
    columns: dict[str, int]
    missing: list[str]


def find_header(rows: Sequence[Sequence[str]], wanted: Mapping[str, Sequence[str]]) -> HeaderMatch:
    """Find the header among the first 20 rows: the one that names most of the wanted fields.

    `wanted` maps a field to the headings it may have. White space, letter case, full-width forms,
    a trailing “*” or “：” and, if nothing else fits, a remark in brackets do not matter; nor does
    the order of the columns. Of two columns with the same heading the first counts.
    """
    best = HeaderMatch(None, {}, list(wanted))
    for index, row in enumerate(rows[:HEADER_ROWS]):
        columns = _columns(row, wanted)
        if len(columns) > len(best.columns):
            best = HeaderMatch(index, columns, [field for field in wanted if field not in columns])
    return best


def heading_key(text: str) -> str:
    """The form in which headings are compared: NFKC, no white space, no trailing “*” or “：”."""
    plain = unicodedata.normalize("NFKC", clean_cell(text))
    return "".join(plain.split()).casefold().strip("*:")


def _columns(row: Sequence[str], wanted: Mapping[str, Sequence[str]]) -> dict[str, int]:
    found: dict[str, int] = {}
    full = [heading_key(cell) for cell in row]
    short = [heading_key(_BRACKETED_REMARK.sub("", cell)) for cell in row]
    for headings in (full, short):
        for field, aliases in wanted.items():
            names = {heading_key(alias) for alias in aliases}
            at = next(
                (i for i, h in enumerate(headings) if h in names and i not in found.values()), None
            )
            if field not in found and at is not None:
                found[field] = at
    return found
