"""`lianqi check_document`: what it prints, and its exit code."""

import json
from datetime import date
from io import StringIO

import docx
import pytest
from django.core.management import CommandError, call_command

from lianqi.engines.officialdoc import OfficialDocument, Text, write_document

NOTICE = OfficialDocument(
    form="notice",
    title="关于开会的通知",
    blocks=(Text("请准时参加。"),),
    mark="新乡高新区管理委员会文件",
    number="新开〔2026〕1号",
    recipients="各部门",
    organs=("新乡高新区管委会",),
    dated=date(2026, 11, 4),
)


def run(*arguments):
    out = StringIO()
    code = 0
    try:
        call_command("check_document", *map(str, arguments), stdout=out)
    except SystemExit as ended:
        code = ended.code
    return code, out.getvalue()


def test_a_document_by_the_standard_passes(tmp_path):
    file = tmp_path / "通知.docx"
    file.write_bytes(write_document(NOTICE))

    assert run(file) == (0, "符合 GB/T 9704-2012\n")


def test_deviations_are_listed_with_their_clauses(tmp_path):
    file = tmp_path / "a.docx"
    word = docx.Document()
    word.add_paragraph("请准时参加。")
    word.save(file)

    code, told = run(file, "--json")

    assert code == 1
    assert json.loads(told)[0] == {
        "clause": "5.1",
        "place": "纸张",
        "found": "215.9×279.4毫米",
        "expected": "A4，210×297毫米",
    }


def test_people_read_a_line_for_each_deviation(tmp_path):
    file = tmp_path / "a.docx"
    word = docx.Document()
    word.add_paragraph("请准时参加。")
    word.save(file)

    code, told = run(file)

    assert code == 1
    assert told.splitlines()[0] == "5.1 纸张：215.9×279.4毫米；应为A4，210×297毫米"


def test_a_file_that_cannot_be_read_is_said(tmp_path):
    file = tmp_path / "a.docx"
    file.write_bytes(b"abc")

    with pytest.raises(CommandError) as refused:
        run(file)

    assert str(refused.value) == "不是 Word 文件（.docx），或已损坏。请另存为 .docx 再检查。"
