"""The workbook of the list."""

import zipfile
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from lianqi.appeals.exports.listing import COLUMNS
from tests.factories import file_appeal


def sheet_of(client, address):
    answer = client.get(address)
    content = b"".join(answer.streaming_content)
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    return content, CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)


def test_the_workbook_holds_exactly_the_filtered_list(scene, client):
    waiting = file_appeal(scene.rival)
    client.force_login(scene.office)

    _, sheet = sheet_of(client, "/appeals/export/?state=submitted")

    head, *rows = sheet.to_python()
    assert head == list(COLUMNS)
    assert [row[0] for row in rows] == [waiting.number]


def test_all_pages_are_exported(scene, client):
    for _ in range(54):
        file_appeal(scene.rival)
    client.force_login(scene.office)

    _, sheet = sheet_of(client, "/appeals/export/")

    assert len(sheet.to_python()) == 1 + 55


@pytest.mark.parametrize("title", ["=1+2+3", "+8613800138000", "-2+3", "@SUM(A1)", "=cmd|'/C'!A0"])
def test_a_title_is_never_a_formula(scene, client, title):
    file_appeal(scene.rival, title=title)
    client.force_login(scene.office)

    content, sheet = sheet_of(client, "/appeals/export/?state=submitted")

    assert sheet.to_python()[1][1] == title
    assert formulas(content) == 0


def formulas(content):
    with zipfile.ZipFile(BytesIO(content)) as book:
        return book.read("xl/worksheets/sheet1.xml").count(b"<f>")


def test_phones_are_masked(scene, client):
    client.force_login(scene.office)

    content, sheet = sheet_of(client, "/appeals/export/")

    assert sheet.to_python()[1][4] == "138****8000"
    assert content.count(b"13800138000") == 0


@pytest.mark.parametrize(
    ("who", "rows"), [("liaison", 1), ("aide", 1), ("stranger", 0), ("discipline", 2)]
)
def test_everybody_exports_what_they_see(scene, client, who, rows):
    file_appeal(scene.rival)
    client.force_login(getattr(scene, who))

    _, sheet = sheet_of(client, "/appeals/export/")

    assert len(sheet.to_python()) == 1 + rows


@pytest.mark.parametrize("who", ["firm", "sysadmin", "secadmin", "auditor"])
def test_who_has_no_list_has_no_export(scene, client, who):
    client.force_login(getattr(scene, who))

    assert client.get("/appeals/export/").status_code == 403
