"""Importing firms: what is read out of a table, and which files are refused."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lianqi.enterprises import actions
from lianqi.enterprises.forms.importing import MOST_ROWS
from lianqi.enterprises.models import Contact, Enterprise, FormerCode, ImportBatch
from lianqi.kernel.clock import today
from lianqi.kernel.phones import Phone
from tests.enterprises.samples import (
    HEADER,
    code,
    csv_file,
    firm_row,
    problems,
    upload,
    uploaded,
    xlsx,
)
from tests.factories import EnterpriseFactory

pytestmark = pytest.mark.django_db
URL = "/enterprises/imports/"


# --- reading


def test_a_table_is_shown_before_anything_is_entered(client, office):
    response = upload(client, xlsx([HEADER, firm_row(1), firm_row(2)]))

    batch = ImportBatch.objects.get()
    assert (response.status_code, response["Location"]) == (302, batch.get_absolute_url())
    page = client.get(batch.get_absolute_url())
    counts = page.context["counts"]
    assert (counts.added, counts.corrected, counts.same, counts.problems) == (2, 0, 0, 0)
    assert ("138****8000" in page.content.decode(), Enterprise.objects.count()) == (True, 0)


def test_numbers_to_call_are_kept_sealed(client, office):
    batch = uploaded(client, firm_row(1), firm_row(2, 联系电话="13800138999x"))

    kept = str([batch.rows, batch.errors])
    assert ("13800138000" in kept, "13800138999" in kept) == (False, False)
    assert Phone.from_stored(batch.rows[0]["contact_phone"]).reveal_plain() == "13800138000"


def test_other_headings_other_order_and_gb18030_are_read(client, office):
    rows = [
        ["新乡高新区企业信息汇总表", "", "", ""],
        ["序号", "单位名称", "信用代码", "营业收入(万元)"],
        ["1", "新乡示例机械有限公司", code(1), "1,200.5万元"],
    ]

    upload(client, csv_file(rows, "gb18030"))

    [row] = ImportBatch.objects.get().rows
    assert (row["line"], row["uscc"], row["facts"]) == (
        3,
        code(1),
        {"name": "新乡示例机械有限公司", "revenue_wan": "1200.5"},
    )


@pytest.mark.parametrize(
    ("cells", "column", "message"),
    [
        (
            {"统一社会信用代码": ""},
            "统一社会信用代码",
            "请填写统一社会信用代码（18位，见营业执照）。",
        ),
        (
            {"统一社会信用代码": "91410700"},
            "统一社会信用代码",
            "统一社会信用代码应为18位，现为8位，请对照营业执照核对是否漏填或多填。",
        ),
        (
            {"类别": "机关"},
            "类别",
            "“机关”不是可选类别，应为：企业、个体工商户、农民专业合作社、民营经济人士。",
        ),
        (
            {"行业代码": "98"},
            "行业代码",
            "行业大类 98 不存在，GB/T 4754-2017 的大类为 01 至 97。",
        ),
        (
            {"联系电话": "123"},
            "联系电话",
            "电话号码不正确，请填写11位手机号，或带区号的固定电话（区号-号码），不带分机号。",
        ),
        ({"联系人": ""}, "联系人", "填了联系电话，请一并填写联系人。"),
    ],
)
def test_a_wrong_cell_is_named_with_line_and_column(client, office, cells, column, message):
    batch = uploaded(client, firm_row(1), firm_row(2, **cells))

    assert (problems(batch), len(batch.rows)) == ([(3, column, message)], 1)


def test_all_that_is_wrong_in_a_row_is_said_at_once(client, office):
    batch = uploaded(client, firm_row(1, 从业人员="很多", 行业代码="ZZ", 企业名称=""))

    assert [column for _, column, _ in problems(batch)] == ["企业名称", "行业代码", "从业人员"]


def test_a_code_that_comes_twice_is_taken_once(client, office):
    batch = uploaded(client, firm_row(1), firm_row(2), firm_row(1, 企业名称="同码有限公司"))

    assert problems(batch) == [(4, "统一社会信用代码", "与第 2 行重复，只取先出现的一行。")]
    counts = client.get(batch.get_absolute_url()).context["counts"]
    assert (counts.added, counts.wrong, counts.repeated) == (2, 0, 1)


def test_a_known_firm_is_a_correction_with_old_and_new(client, office):
    firm = EnterpriseFactory(uscc=code(1), name="旧名有限公司", industry_code="C34", employees=9)
    Contact.objects.create(enterprise=firm, name="王某", phone="13800138000", main=True)

    batch = uploaded(client, firm_row(1))

    [row] = client.get(batch.get_absolute_url()).context["rows"]
    assert (row.action, row.told) == (
        "更正",
        [
            "名称：旧名有限公司 → 新乡第1机械有限公司",
            "从业人员：9 → 120",
            "营业收入（万元）：（空） → 5600",
            "地址：（空） → 示例路1号",
        ],
    )


def test_a_second_upload_of_what_was_entered_changes_nothing(client, office):
    batch = uploaded(client, firm_row(1))
    actions.enter_batch(batch, actor=office)

    upload(client, xlsx([HEADER, firm_row(1)]))

    assert ImportBatch.objects.first().rows[0]["action"] == "same"


@pytest.mark.parametrize("state", ["refused", "left"])
def test_a_firm_outside_the_directory_is_not_brought_back_by_a_table(client, office, state):
    EnterpriseFactory(uscc=code(1), state=state)

    batch = uploaded(client, firm_row(1))

    assert ([column for _, column, _ in problems(batch)], batch.rows) == (["统一社会信用代码"], [])


def test_a_former_code_names_its_firm(client, office):
    firm = EnterpriseFactory(uscc=code(2), name="新乡示例机械有限公司")
    FormerCode.objects.create(enterprise=firm, uscc=code(1), until=today(), reason="个转企")

    batch = uploaded(client, firm_row(1))

    assert problems(batch) == [
        (2, "统一社会信用代码", "这是“新乡示例机械有限公司”的曾用代码，请改用现用代码。")
    ]


# --- refused files


def refusal(client, file):
    response = upload(client, file)
    assert (response.status_code, ImportBatch.objects.count()) == (422, 0)
    [message] = response.context["form"].errors["file"]
    return message


def test_no_file_and_an_empty_file_are_refused(client, office):
    assert client.post(URL, {}).context["form"].errors["file"] == ["请选择要导入的文件。"]
    assert refusal(client, SimpleUploadedFile("a.csv", b"")) == (
        "文件是空的。请确认选对了文件，再重新上传。"
    )


def test_a_missing_column_is_named(client, office):
    message = refusal(client, xlsx([["信用代码", "电话"], [code(1), "13800138000"]]))

    assert message == (
        "缺少列：企业名称。请在前 20 行内放一行表头，列名照导入模板填写；其余列可以没有，顺序不限。"
    )


def test_a_table_without_header_says_what_is_needed(client, office):
    message = refusal(client, xlsx([["甲", "乙"], ["1", "2"]]))

    assert message.startswith("缺少列：统一社会信用代码、企业名称。")


def test_a_header_without_rows_is_refused(client, office):
    assert refusal(client, xlsx([HEADER])) == (
        "表头下面没有数据。请从表头的下一行起每行填写一家企业。"
    )


@pytest.mark.parametrize("unit", ["元", "千元", "亿元"])
def test_amounts_in_another_unit_are_not_taken_for_wan(client, office, unit):
    header = ["信用代码", "企业名称", f"营业收入（{unit}）"]

    message = refusal(client, xlsx([header, [code(1), "新乡示例机械有限公司", 56000000]]))

    assert message == (
        f"列“营业收入（{unit}）”的单位是{unit}，本系统按万元登记。"
        "请换算成万元，并把列名改为“营业收入（万元）”。"
    )


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (MOST_ROWS + 1, "表头下面有 10,001 行，一次最多导入 10,000 行。请分成几个文件上传。"),
        (100_001, "表格超过 100000 行。请分成几个文件上传，或删去末尾的多余行。"),
    ],
)
def test_too_many_rows_are_refused(client, office, number, message):
    rows = [["信用代码", "企业名称"], *([code(1), "甲厂"] for _ in range(number))]

    assert refusal(client, csv_file(rows)) == message


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b"PK\x03\x04" + b"\x00" * 100),
        ("a.xlsx", "信用代码,企业名称\n".encode()),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600),
        ("a.csv", b"\x00\x01\x02\xff\xfe" * 50),
        ("a.csv", b"<html><script>alert(1)</script>"),
        ("a.exe", b"MZ\x90"),
        ("机密名单.csv", "信用代码,企业名称\n".encode()),
    ],
)
def test_a_hostile_or_foreign_file_is_refused_in_words(client, office, name, content):
    message = refusal(client, SimpleUploadedFile(name, content))

    assert (len(message) > 10, message[-1]) == (True, "。")


def test_the_template_is_read_and_its_example_line_is_not_taken_for_a_firm(client, office):
    template = client.get(f"{URL}template.xlsx").content

    upload(client, SimpleUploadedFile("模板.xlsx", template))

    batch = ImportBatch.objects.get()
    assert (batch.rows, [line for line, _, _ in problems(batch)]) == ([], [3])


def test_uploading_the_same_file_twice_with_one_key_keeps_one_batch(client, office):
    rows = [HEADER, [str(cell) for cell in firm_row(1)]]

    first, second = (upload(client, csv_file(rows), "k") for _ in range(2))

    assert (first["Location"], ImportBatch.objects.count()) == (second["Location"], 1)
