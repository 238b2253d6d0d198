"""Work plans in every form in use, from the annexes to a spreadsheet of another district."""

import io
from pathlib import Path

import docx
import pytest
import xlsxwriter
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from lianqi.engines.workplan import PlanReading, PlanUnreadable, read_plan

TASKS_OF_THE_ANNEXES = Path(__file__).parents[1] / "data" / "annex_tasks.txt"
KNOWN = {"税务局": [], "财政局": [], "综合监管和执法局": [], "市场监管领导小组": ["区市场监管局"]}


def plan(text: str, **more) -> PlanReading:
    """Read a plan given as text."""
    return read_plan("计划.txt", text.encode(), **more)


def who(reading: PlanReading) -> list[tuple[str, list[str]]]:
    """Return title and units of each task."""
    return [(task.title, list(task.units)) for task in reading.tasks]


def when(reading: PlanReading) -> list[list[str]]:
    """Return the days of each task."""
    return [[day.isoformat() for day in task.deadline.dates] for task in reading.tasks]


# --- the annexes themselves


def test_the_annexes_give_their_nineteen_tasks():
    reading = read_plan("附件.txt", TASKS_OF_THE_ANNEXES.read_bytes())

    dated = [len(task.deadline.dates) for task in reading.tasks]
    assert len(reading.tasks) == 19
    assert sum(dated) == 19
    assert [task.deadline.open_ended for task in reading.tasks].count(True) == 10
    assert reading.year == 2020


def test_a_task_of_the_annexes_knows_its_headings_units_and_cycle_years():
    reading = read_plan("附件.txt", TASKS_OF_THE_ANNEXES.read_bytes())

    task = reading.tasks[-1]
    assert task.as_json() == {
        "path": [
            "附件5 新乡高新区创先评优专班工作方案",
            "二、重点任务及分工",
            "（二）做好先进典型选树工作（2020-2022年）",
        ],
        "title": "开展颁授活动",
        "text": "开展颁授活动。组织有关人员参加省、市颁授活动；对先进典型予以通报表扬。",
        "lead_unit": "人力资源部",
        "units": ["人力资源部", "经济发展局"],
        "deadline_text": "次年1月底前",
        "dates": ["2021-01-31", "2022-01-31", "2023-01-31"],
        "recurs": None,
        "open_ended": False,
        "warnings": [],
    }


# --- units


@pytest.mark.parametrize(
    ("line", "units"),
    [
        ("责任单位：财政局、税务局", ["财政局", "税务局"]),
        ("责任单位: 财 政 局 、税务局。", ["财政局", "税务局"]),
        ("责 任 单 位：区税务局、财政局", ["税务局", "财政局"]),
        ("责任部门：区市场监管局", ["市场监管领导小组"]),
        ("责任单位：财政局和综合监管和执法局", ["财政局", "综合监管和执法局"]),
        ("责任单位：财政局，税务局牵头", ["税务局", "财政局"]),
        ("责任单位：财政局、税务局按职责分工负责", ["财政局", "税务局"]),
        ("牵头单位：税务局；配合单位：财政局", ["税务局", "财政局"]),
        ("责任单位：财政局  牵头单位：税务局", ["税务局", "财政局"]),
    ],
)
def test_units_are_named_in_many_ways_and_the_lead_unit_comes_first(line, units):
    reading = plan(f"一、工作\n1.做好减税。\n{line}\n完成时限：2021年6月底", known_units=KNOWN)

    assert who(reading) == [("做好减税", units)]
    assert when(reading) == [["2021-06-30"]]


def test_a_unit_broken_over_two_lines_is_put_together():
    reading = plan("1.做好执法。\n责任单位：财政局、综合监管和\n执法局\n完成时限：2021年底")

    assert who(reading) == [("做好执法", ["财政局", "综合监管和执法局"])]
    assert when(reading) == [["2021-12-31"]]


@pytest.mark.parametrize(
    ("units", "warning"),
    [
        ("法庭", "“法庭”没有在系统登记，保留原名。"),
        ("各有关单位", "“各有关单位”不是具体单位，请选定单位。"),
        ("财政局等单位", "“等”字后面还有哪些单位没有写明，请核对。"),
        ("老王", "“老王”不像单位名称，请核对。"),
        ("财政局牵头，税务局牵头", "写了2个牵头单位，按第一个（财政局）计。"),
    ],
)
def test_a_doubtful_unit_is_kept_and_marked(units, warning):
    reading = plan(f"1.做好减税。\n责任单位：{units}\n完成时限：2021年底", known_units=KNOWN)

    assert reading.tasks[0].warnings == (warning,)


# --- brackets at the end of a paragraph


@pytest.mark.parametrize(
    ("bracket", "units", "days"),
    [
        (
            "（责任单位：财政局、税务局；完成时限：2021年6月底）",
            ["财政局", "税务局"],
            ["2021-06-30"],
        ),
        ("（财政局、税务局；6月底完成）", ["财政局", "税务局"], ["2021-06-30"]),
        ("（税务局牵头，财政局配合，9月底前）", ["税务局", "财政局"], ["2021-09-30"]),
        ("〔财政局、税务局按职责分工负责〕", ["财政局", "税务局"], []),
        ("(财政局，10月底前)。", ["财政局"], ["2021-10-31"]),
        ("（责任单位：财政局）（完成时限：年底前）", ["财政局"], ["2021-12-31"]),
        ("【财政局、税务局】", ["财政局", "税务局"], []),
        ("（责任单位：财政局，6月底完成）", ["财政局"], ["2021-06-30"]),
    ],
)
def test_units_and_deadline_may_stand_in_brackets(bracket, units, days):
    reading = plan(f"2021年工作要点\n一、减税\n（一）落实政策。{bracket}")

    assert who(reading) == [("落实政策", units)]
    assert when(reading) == [days]
    assert reading.tasks[0].text == "落实政策。"


def test_a_bracket_that_explains_a_word_is_no_unit():
    reading = plan(
        "2021年计划\n1.成立联席会议（以下简称“会议”）。\n责任单位：财政局\n"
        "2.建立名录（共20家）。\n责任单位：税务局"
    )

    assert [task.text for task in reading.tasks] == [
        "成立联席会议（以下简称“会议”）。",
        "建立名录（共20家）。",
    ]


# --- what is a task and what is not


def test_a_sub_point_without_a_unit_belongs_to_its_parents_text():
    reading = plan(
        "2021年计划\n1.建立台账。（财政局；每月10日前）\n⑴细化分工；\n⑵定期通报。\n2.宣传。（税务局）"
    )

    assert [task.text for task in reading.tasks] == [
        "建立台账。\n⑴细化分工；\n⑵定期通报。",
        "宣传。",
    ]
    assert reading.tasks[0].deadline.recurs == "monthly"


def test_a_unit_behind_several_sub_points_is_the_whole_paragraphs():
    reading = plan(
        "2021年计划\n（一）开展对接。\n1.银企对接。\n2.产销对接。\n责任单位：财政局\n完成时限：6月底"
    )

    assert who(reading) == [("开展对接", ["财政局"])]
    assert reading.tasks[0].warnings == ("责任单位写在几个要点之后，按整段计，请核对。",)


def test_unnumbered_paragraphs_with_units_are_tasks_below_their_heading():
    reading = plan(
        "2021年计划\n一、要素保障\n保障用地。\n责任单位：财政局\n保障用工。\n责任单位：税务局\n"
    )

    assert [(task.path, task.text) for task in reading.tasks] == [
        (("一、要素保障",), "保障用地。"),
        (("一、要素保障",), "保障用工。"),
    ]


def test_a_deadline_said_in_the_text_is_taken_and_marked():
    reading = plan("2021年计划\n1.清理欠款，6月底前完成摸排。\n责任单位：财政局")

    assert when(reading) == [["2021-06-30"]]
    assert reading.tasks[0].warnings == ("时限取自正文，请核对。",)


def test_a_task_without_any_deadline_says_so():
    reading = plan("2021年计划\n1.清理欠款。\n责任单位：财政局")

    assert reading.tasks[0].warnings == ("没有写完成时限。",)


def test_the_year_asked_for_goes_before_the_year_in_the_text():
    text = "2021年计划\n1.清理欠款。（财政局；6月底完成）"

    assert when(plan(text)) == [["2021-06-30"]]
    assert when(plan(text, plan_year=2022)) == [["2022-06-30"]]


def test_a_plan_without_a_year_says_so():
    reading = plan("1.清理欠款。（财政局；6月底完成）")

    assert reading.year is None
    assert reading.warnings == ("没有读出这是哪一年的计划，没写年份的时限请核对。",)


# --- tables


ROWS = [
    ["2021年重点任务分解表", "", "", "", ""],
    ["完成时限", "序号", "责任单位", "配合单位", "工作任务"],
    ["6月底", "1", "财政局", "税务局", "清理欠款"],
    ["长期", "2", "", "", "优化服务"],
]


def test_a_table_is_read_whatever_the_order_of_its_columns():
    book = io.BytesIO()
    with xlsxwriter.Workbook(book) as workbook:
        sheet = workbook.add_worksheet()
        for number, row in enumerate(ROWS):
            sheet.write_row(number, 0, row)

    reading = read_plan("分解表.xlsx", book.getvalue())

    assert who(reading) == [("清理欠款", ["财政局", "税务局"]), ("优化服务", ["财政局"])]
    assert when(reading) == [["2021-06-30"], []]
    assert reading.tasks[1].warnings == ("责任单位一格空白，按上一行的单位计，请核对。",)


def test_a_table_in_the_offices_own_encoding_is_read():
    text = "\n".join(",".join(row) for row in ROWS)

    reading = read_plan("分解表.csv", text.encode("gb18030"))

    assert [task.title for task in reading.tasks] == ["清理欠款", "优化服务"]


def test_a_table_in_a_word_file_stands_below_the_heading_before_it():
    document = docx.Document()
    document.add_paragraph("2021年工作计划")
    document.add_paragraph("一、减税降费")
    table = document.add_table(rows=2, cols=3)
    for row, cells in zip(
        table.rows,
        [("事项", "牵头单位", "完成时间"), ("清理欠款", "财政局", "9月30日前")],
        strict=True,
    ):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text

    reading = read_plan("计划.docx", saved(document))

    assert [(task.path, task.title) for task in reading.tasks] == [(("一、减税降费",), "清理欠款")]
    assert when(reading) == [["2021-09-30"]]


# --- Word


def saved(document) -> bytes:
    """Return a document as a file."""
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_numbers_that_word_writes_by_itself_are_counted_again():
    document = docx.Document()
    document.add_paragraph("2021年工作计划")
    numbering = document.part.numbering_part.element
    abstract = OxmlElement("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), "90")
    for level, (style, text) in enumerate(
        [("chineseCounting", "%1、"), ("chineseCounting", "（%2）")]
    ):
        entry = OxmlElement("w:lvl")
        entry.set(qn("w:ilvl"), str(level))
        for name, value in (("start", "1"), ("numFmt", style), ("lvlText", text)):
            child = OxmlElement(f"w:{name}")
            child.set(qn("w:val"), value)
            entry.append(child)
        abstract.append(entry)
    numbering.insert(0, abstract)
    num = OxmlElement("w:num")
    num.set(qn("w:numId"), "91")
    link = OxmlElement("w:abstractNumId")
    link.set(qn("w:val"), "90")
    num.append(link)
    numbering.append(num)
    for level, text in [
        (0, "优化环境"),
        (1, "减税。（财政局；6月底完成）"),
        (0, "要素"),
        (1, "用工。（税务局）"),
    ]:
        paragraph = document.add_paragraph(text)
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = level
        properties.get_or_add_numId().val = 91

    reading = read_plan("计划.docx", saved(document))

    assert [(task.path, task.title) for task in reading.tasks] == [
        (("一、优化环境",), "减税"),
        (("二、要素",), "用工"),
    ]


def test_headings_by_style_are_headings():
    document = docx.Document()
    document.add_paragraph("2021年工作计划")
    document.add_heading("优化环境", 1)
    document.add_paragraph("落实减税政策。（财政局；6月底完成）")

    reading = read_plan("计划.docx", saved(document))

    assert [(task.path, task.title) for task in reading.tasks] == [(("优化环境",), "落实减税政策")]


# --- bad input


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("a.txt", b" \n ", "文件是空的"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "旧版 Office 文件"),
        (
            "a.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "设了打开密码",
        ),
        ("a.docx", b"PK\x03\x04 not a zip", "已损坏"),
        ("a.pdf", b"%PDF-1.7", "PDF 文件"),
        ("a.txt", "没有任何单位的一段话。".encode(), "没有找到任务"),
        ("a.txt", b"\x00\x01\x02binary", "二进制"),
        ("a.txt", b"x" * (21 * 1024 * 1024), "超过上限"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_remedy(name, content, word):
    with pytest.raises(PlanUnreadable) as refused:
        read_plan(name, content)

    assert word in str(refused.value)


@settings(max_examples=200)
@given(
    st.lists(
        st.sampled_from(
            ["一、甲", "（一）乙。", "1.丙。", "责任单位：财政局", "配合单位：", "完成时限：6月底", "（税务局）", "丁",
             "（", "责任单位：", "附件1", "⑴", "完成时限：", "综合监管和", "执法局", "（2020-2022年）"]
        ),
        max_size=14,
    )
)  # fmt: skip
def test_no_order_of_lines_breaks_the_reading(lines):
    text = "\n".join(lines)
    try:
        reading = plan(text)
    except PlanUnreadable:
        return

    assert all(task.units and task.lead_unit == task.units[0] for task in reading.tasks)
