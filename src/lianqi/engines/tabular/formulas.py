"""Which cells of a workbook are reckoned by a formula: their shown value may be stale or an error."""

import io
import re
import zipfile

_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*["']([^"']*)["']""")
_FORMULA = re.compile(
    rb"""<(?:\w+:)?c\b[^>]*?\sr\s*=\s*["']([A-Za-z]+)(\d+)["'][^>]*>\s*<(?:\w+:)?f\b"""
)
_LETTERS = 26


def formula_cells(content: bytes, sheet: str) -> frozenset[tuple[int, int]]:
    """Return (line, column) of the cells with a formula, both counted from 1, of one sheet of an xlsx.

    The archive has been inspected (``read_table``); what is no xlsx has none.
    """
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return frozenset()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        path = _path_of(archive, sheet)
        if path not in archive.namelist():
            return frozenset()
        xml = archive.read(path)
    return frozenset((int(line), _number(letters)) for letters, line in _FORMULA.findall(xml))


def _path_of(archive: zipfile.ZipFile, sheet: str) -> str:
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return ""
    sheets = [_attributes(tag) for tag in _SHEET.findall(archive.read("xl/workbook.xml"))]
    relation = next((one.get("r:id", "") for one in sheets if one.get("name") == sheet), "")
    tags = _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {one.get("Id", ""): one.get("Target", "") for one in map(_attributes, tags)}
    target = targets.get(relation, "")
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _attributes(tag: bytes) -> dict[str, str]:
    return {
        name.decode(): value.decode("utf-8", "replace") for name, value in _ATTRIBUTE.findall(tag)
    }


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * _LETTERS + letter - ord("A") + 1
    return number
