"""The workbook of the list."""

import zipfile
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from lianqi.appeals.queries.columns import APPEAL_LIST, COLUMNS
from lianqi.kernel.actions import choose_columns
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
    assert head == [column.heading for column in COLUMNS.values()]
    assert [row[0] for row in rows] == [waiting.number]


def test_all_pages_are_exported(scene, client):
    for _ in range(54):
        file_appeal(scene.rival)
    client.force_login(scene.office)

    _, sheet = sheet_of(client, "/appeals/export/")

    assert len(sheet.to_python()) == 1 + 55


@pytest.mark.parametrize(
    "title", ["=1+2+3", "+8613800138000", "-2+3", "@SUM(A1)", "=cmd|'/C'!A0", "＝1+1", "＠SUM"]
)
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


def test_the_workbook_has_the_columns_that_were_chosen_for_the_list(scene, client):
    choose_columns(APPEAL_LIST, actor=scene.office, columns=["title", "outcome", "round"])
    client.force_login(scene.office)

    _, sheet = sheet_of(client, "/appeals/export/")

    assert sheet.to_python() == [["标题", "办理结果", "办理轮次"], [scene.appeal.title, "", "1"]]


def test_what_looks_like_a_formula_carries_the_mark_of_a_typed_apostrophe(scene, client):
    file_appeal(scene.rival, title="＝1+1的问题")
    client.force_login(scene.office)

    content, _ = sheet_of(client, "/appeals/export/?state=submitted")

    with zipfile.ZipFile(BytesIO(content)) as book:
        assert book.read("xl/styles.xml").count(b'quotePrefix="1"') == 1


def test_a_search_is_exported_as_it_is_listed(scene, client):
    file_appeal(scene.rival, title="路灯不亮")
    client.force_login(scene.office)

    _, sheet = sheet_of(client, "/appeals/export/?q=路灯")

    assert [row[1] for row in sheet.to_python()] == ["标题", "路灯不亮"]
