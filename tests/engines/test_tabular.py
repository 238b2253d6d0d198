"""Tables out of xlsx, csv and tsv files, and what is refused with which words."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Iterable

import pytest
import xlsxwriter

from lianqi.engines.tabular import (
    HeaderMatch,
    TableUnreadable,
    cell_text,
    clean_cell,
    decode_text,
    find_header,
    read_table,
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def workbook(fill: Callable[[xlsxwriter.Workbook], object]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"default_date_format": "yyyy-mm-dd"}) as book:
        fill(book)
    return file.getvalue()


def sheet_of(rows: Iterable[Iterable[object]]) -> bytes:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("名单")
        for index, row in enumerate(rows):
            sheet.write_row(index, 0, row)

    return workbook(fill)


def with_sheet_data(data: bytes) -> bytes:
    """A workbook whose cells are the given raw XML."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(sheet_of([["甲"]]))) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = re.sub(
                    rb"<sheetData>.*</sheetData>", b"<sheetData>%s</sheetData>" % data, part
                )
            new.writestr(name, part)
    return file.getvalue()


def zip_of(entries: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in entries.items():
            archive.writestr(name, part)
    return file.getvalue()


def refusal(name: str, content: bytes, **limits: int) -> str:
    with pytest.raises(TableUnreadable) as caught:
        read_table(name, content, **limits)
    return str(caught.value)


def test_xlsx_cells_come_as_the_text_a_clerk_sees():
    content = sheet_of(
        [
            ["手机", "编码", "日期", "时刻", "金额"],
            [
                13800138000,
                "012345678901234567",
                dt.date(2020, 8, 1),
                dt.datetime(2020, 8, 1, 9, 30),  # noqa: DTZ001 Excel knows no time zones
                2.5,
            ],
        ]
    )

    table = read_table("名单.xlsx", content)

    assert table.rows[1] == [
        "13800138000",
        "012345678901234567",
        "2020-08-01",
        "2020-08-01T09:30:00",
        "2.5",
    ]


def test_the_first_visible_sheet_with_content_is_read():
    def fill(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("封面")
        hidden = book.add_worksheet("旧")
        hidden.write(0, 0, "旧")
        hidden.hide()
        book.add_worksheet("名单").write(2, 1, "新")

    table = read_table("a.xlsx", workbook(fill))

    assert (table.kind, table.sheet, table.sheets) == ("xlsx", "名单", ("封面", "名单"))
    assert (table.rows, table.lines) == ([["", ""], ["", ""], ["", "新"]], [1, 2, 3])


def test_a_merged_cell_has_its_text_in_its_first_cell():
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 1, "领导")
        sheet.write_row(1, 0, ["姓名", "职务"])

    table = read_table("a.xlsx", workbook(fill))

    assert table.rows == [["领导", ""], ["姓名", "职务"]]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (-0.5, "-0.5"),
        (123456789012345.0, "123456789012345"),
        (123456789012345678.0, "1.2345678901234568E+17"),
        (True, "TRUE"),
        (False, "FALSE"),
        (dt.time(9, 30), "09:30:00"),
        (dt.timedelta(hours=36, seconds=5), "36:00:05"),
        ("00123", "00123"),
        ("", ""),
    ],
)
def test_each_kind_of_value_has_one_text(value: object, text: str):
    assert cell_text(value) == text


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str):
    text = "\n".join(delimiter.join(row) for row in [["单位", "领导"], ["财政局", "李某"]])

    table = read_table("a.csv", text.encode())

    assert (table.rows, table.delimiter) == ([["单位", "领导"], ["财政局", "李某"]], delimiter)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_is_read_in_each_encoding_of_the_office(encoding: str):
    table = read_table("a.csv", "单位,领导\r\n财政局,李某\r\n".encode(encoding))

    assert (table.rows, table.encoding) == ([["单位", "领导"], ["财政局", "李某"]], encoding)


def test_quoted_line_breaks_stay_in_the_cell_and_lines_count_on():
    table = read_table("a.csv", '单位,领导\n"综合监管和\n执法局","陈""某"\n\n财政局\n\n'.encode())

    assert table.rows == [
        ["单位", "领导"],
        ["综合监管和\n执法局", '陈"某'],
        ["", ""],
        ["财政局", ""],
    ]
    assert table.lines == [1, 2, 4, 5]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", "文件是空的。请确认选对了文件，再重新上传。"),
        ("a.csv", b" \r\n\t", "文件是空的。请确认选对了文件，再重新上传。"),
        ("a.csv", b",,\n,,", "表格里没有任何内容。请确认选对了文件和工作表，再重新上传。"),
        (
            "a.xls",
            OLE,
            "这是旧版 Office 文件（.xls、.et、.doc）。请在 Excel 或 WPS 中另存为 .xlsx 后再上传。",
        ),
        (
            "a.xlsx",
            OLE + "EncryptedPackage".encode("utf-16-le"),
            "文件设了打开密码，无法读取。请在 Excel 或 WPS 中取消密码后再上传。",
        ),
        (
            "a.xlsx",
            "单位,领导".encode(),
            "文件名是 .xlsx，内容却不是 Excel 表格，可能已损坏或改过扩展名。"
            "请重新另存为 .xlsx 后再上传。",
        ),
        ("a.pdf", b"%PDF-1.7", "这是 PDF 文件，不是表格。请上传原来的 .xlsx 或 .csv 文件。"),
        (
            "a.xls",
            b"<html><table>",
            "这是网页格式的表格。请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。",
        ),
        ("a.csv", b"a,b\0c", "文件里有二进制内容，不是文本。请上传 .xlsx、.csv 或 .txt 文件。"),
        (
            "a.csv",
            b"\x01\x02a",
            "文件里大多是控制字符，不是文本。请上传 .xlsx、.csv 或 .txt 文件。",
        ),
        (
            "a.csv",
            '单位,领导\n财政局,"李某\n'.encode(),
            "第 2 行读不下去：双引号没有成对，或一格的文字过长。"
            "请在 Excel 或 WPS 中打开检查，另存为 .xlsx 后再上传。",
        ),
        (
            "a.xlsx",
            zip_of({"word/document.xml": b"<w/>"}),
            "这是 Word 文件。请把表格复制到 Excel 或 WPS 表格，存为 .xlsx 后再上传。",
        ),
        (
            "a.xlsx",
            zip_of({"a.txt": b"a"}),
            "这不是 .xlsx 表格。请在 Excel 或 WPS 中另存为 .xlsx 后再上传。",
        ),
        (
            "a.xlsx",
            workbook(lambda book: book.add_chartsheet()),
            "工作簿里没有可见的工作表。请取消隐藏或新建工作表后再上传。",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_in_plain_words(name: str, content: bytes, message: str):
    assert refusal(name, content) == message


def test_a_damaged_workbook_is_refused():
    whole = sheet_of([["甲"] * 50] * 50)
    damaged = "Excel 文件已损坏，无法读取。请用 Excel 或 WPS 打开，另存为新的 .xlsx 后再上传。"

    assert [
        refusal("a.xlsx", whole[: len(whole) // 2]),
        refusal("a.xlsx", b"PK\x03\x04" + b"x" * 100),
        refusal("a.xlsx", zip_of({"xl/workbook.xml": b"<workbook"})),
    ] == [damaged] * 3


def test_a_locked_archive_is_refused():
    locked = bytearray(sheet_of([["甲"]]))
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = locked.find(mark)
        locked[at + offset] |= 1

    message = refusal("a.xlsx", bytes(locked))

    assert message == "文件设了密码，无法读取。请取消密码后再上传。"


BOMB = "文件解压后超过 300 MB，已拒绝读取。请删去多余的内容，或分成几个文件上传。"


def test_an_archive_that_unpacks_beyond_measure_is_refused():
    bomb = zip_of({"xl/workbook.xml": b"<a/>", "xl/big.xml": b" " * (301 * 1024 * 1024)})

    assert (len(bomb) < 1024 * 1024, refusal("a.xlsx", bomb)) == (True, BOMB)


def test_an_archive_that_lies_about_its_size_is_refused():
    bomb = bytearray(zip_of({"xl/workbook.xml": b" " * (301 * 1024 * 1024)}))
    at = bomb.find(b"PK\x01\x02")
    bomb[at + 24 : at + 28] = (1000).to_bytes(4, "little")

    assert refusal("a.xlsx", bytes(bomb)) == BOMB


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
            "表格超过 100000 行。请分成几个文件上传，或删去末尾的多余行。",
        ),
        (
            b'<row r="1048576"><c><v>1</v></c></row>',
            "表格超过 100000 行。请分成几个文件上传，或删去末尾的多余行。",
        ),
        (
            b'<row r="1"><c r="XFD1"><v>1</v></c></row>',
            "表格超过 200 列。请删去用不到的列后再上传。",
        ),
        (
            b'<row r="1"><c r="GR1"><v>1</v></c></row>'
            b'<row r="100000"><c r="A100000"><v>1</v></c></row>',
            "表格有 100000 行 × 200 列，超过 5000000 格。请分成几个文件上传。",
        ),
    ],
)
def test_a_tiny_file_with_far_cells_is_refused_before_it_fills_the_memory(
    data: bytes, message: str
):
    assert refusal("a.xlsx", with_sheet_data(data)) == message


def test_styled_empty_cells_far_below_do_not_count():
    data = b'<row r="1"><c r="A1"><v>7</v></c></row><row r="900000"><c r="A900000" s="0"/></row>'

    table = read_table("a.xlsx", with_sheet_data(data))

    assert table.rows == [["7"]]


def test_limits_are_said_with_their_figures():
    csv_rows = b"a,b\n" * 4

    assert [
        refusal("a.csv", csv_rows, max_rows=3),
        refusal("a.csv", csv_rows, max_cols=1),
        refusal("a.xlsx", sheet_of([["a"]] * 4), max_rows=3),
        refusal("a.csv", b"a," * 1024 * 1024, max_bytes=1024 * 1024),
    ] == [
        "表格超过 3 行。请分成几个文件上传，或删去末尾的多余行。",
        "表格超过 1 列。请删去用不到的列后再上传。",
        "表格超过 3 行。请分成几个文件上传，或删去末尾的多余行。",
        "文件有 2.0 MB，超过上限 1 MB。请删去图片和多余的工作表，或分成几个文件上传。",
    ]


def test_text_in_no_known_encoding_is_refused():
    with pytest.raises(TableUnreadable, match="认不出文件的文字编码"):
        decode_text(b"\xff\xff\xff\x80abc")


def test_damaged_utf8_is_not_taken_for_gb18030():
    damaged = "统一社会信用代码与企业名称".encode()[:-1] + b"\xb3\xa4"

    with pytest.raises(TableUnreadable, match="像是 UTF-8 文本，但有 1 处字节损坏"):
        decode_text(damaged)


def test_cells_are_cleaned_of_wrapping_full_width_and_invisible_marks():
    assert [
        clean_cell(text)
        for text in (
            " 综合监管和\n执法局 ",
            "ＡＢＣ１２３　某",
            "某某（新乡）有限公司",
            "第一行\r\nsecond\nline",
            "财\x00政\u200b局\ufeff\x07",
            "好🙂的",
        )
    ] == [
        "综合监管和执法局",
        "ABC123 某",
        "某某（新乡）有限公司",
        "第一行 second line",
        "财政局",
        "好🙂的",
    ]


WANTED = {"name": ["企业名称", "单位名称"], "code": ["统一社会信用代码"], "phone": ["手机"]}


def test_the_header_is_found_in_any_row_and_order():
    rows = [
        ["企业名录", "", ""],
        ["", "", ""],
        ["手机（必填）", "统一社会\n信用代码*", "单 位 名 称"],
    ]

    assert find_header(rows, WANTED) == HeaderMatch(2, {"name": 2, "code": 1, "phone": 0}, [])


def test_missing_headings_are_named():
    assert find_header([["企业名称", "备注"]], WANTED) == HeaderMatch(
        0, {"name": 0}, ["code", "phone"]
    )


def test_no_header_within_twenty_rows_is_none():
    rows = [["甲"]] * 20 + [["企业名称"]]

    assert find_header(rows, WANTED) == HeaderMatch(None, {}, ["name", "code", "phone"])
