"""The roster of annex 3: the same 18 units out of every form in which an office sends it."""

import csv
import io
import json
from collections import Counter
from pathlib import Path

import pytest
import xlsxwriter

from lianqi.engines.roster import (
    RosterReading,
    RosterUnreadable,
    canonical_unit,
    is_section_head,
    parse_roster,
)

ANNEX = (Path(__file__).parents[1] / "data" / "annex3_roster.txt").read_text(encoding="utf-8")
PHONE = "13800138000"
HEADING = "入驻平台涉企部门责任领导及联络员名单"
ROSTER = [
    ("纪工委", "柴某", "副书记", "赵某", "科员"),
    ("人力资源部", "张某", "副部长", "陈某", "科员"),
    ("社会治理委员会", "王某", "副主任", "刘某", "科长"),
    ("经济发展局", "陈某某", "副局长", "孟某某", "科长"),
    ("科学技术局", "苏某某", "副局长", "李某", "科员"),
    ("服务业促进局", "季某", "副局长", "闫某某", "科长"),
    ("财政局", "李某", "副局长", "汤某某", "科长"),
    ("国土规划建设管理局", "李某", "副局长", "赵某", "科员"),
    ("综合监管和执法局", "陈某某", "副局长", "李某", "科员"),
    ("社会事务局", "杜某", "副局长", "魏某某", "科员"),
    ("行政服务中心", "周某", "副主任", "许某某", "科长"),
    ("高新投资发展有限公司", "刘某", "副总经理", "高某", "科员"),
    ("关堤乡", "张某某", "党委委员、常务副乡长", "刘某", "经发办主任"),
    ("振中街道办事处", "范某某", "副主任", "赵某某", "办公室主任"),
    ("公安分局", "高某某", "副局长", "刘某", "治安管理大队大队长"),
    ("税务局", "刘某某", "副局长", "卫某", "办公室主任"),
    ("市场监管领导小组", "马某某", "副局长", "常某", "科员"),
    ("消防救援大队", "李某", "大队长", "陈某", "文员"),
]
UNITS = {unit: () for unit, *_ in ROSTER}
HEADER = ["单位", "领导", "领导职务", "联络员", "联络员职务", "联系电话"]


def read_text(text: str, **known: dict[str, tuple[str, ...]]) -> RosterReading:
    return parse_roster("名单.txt", text.encode(), **known)


def read_csv(rows: list[list[str]], **known: dict[str, tuple[str, ...]]) -> RosterReading:
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return parse_roster("名单.csv", file.getvalue().encode("utf-8-sig"), **known)


def persons(reading: RosterReading) -> list[tuple[str, ...]]:
    return [(r.unit, r.leader, r.leader_title, r.liaison, r.liaison_title) for r in reading.rows]


def odd(reading: RosterReading) -> list[tuple[str, str, int]]:
    return [(w.code, w.unit, w.line) for w in reading.warnings]


def refusal(name: str, content: bytes) -> str:
    with pytest.raises(RosterUnreadable) as caught:
        parse_roster(name, content)
    return str(caught.value)


def assert_whole(reading: RosterReading) -> None:
    assert persons(reading) == ROSTER
    assert [row.seq for row in reading.rows] == list(range(1, 19))
    assert {row.phone for row in reading.rows} == {PHONE}
    assert Counter(w.code for w in reading.warnings) == {"liaison_not_section_head": 9}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_annex_text_gives_all_eighteen_units_in_order(encoding: str):
    reading = parse_roster("附件3.txt", ANNEX.encode(encoding), known_units=UNITS)

    assert_whole(reading)
    assert reading.source_kind == "annex_text"


def test_the_section_is_found_between_other_annexes():
    mention = f"成员单位报送（见《{HEADING}》）。"
    before = f"附件1\n\n{mention}\n\n附件3\n\n工作方案\n\n"
    after = "\n附件4\n\n单位 领导 职务 联络员 职务 13800138000\n"

    reading = read_text(before + ANNEX + after)

    assert_whole(reading)
    assert (reading.rows[0].line, reading.rows[8].line) == (21, 77)


def test_a_cell_broken_over_lines_becomes_one_unit():
    [row] = [row for row in read_text(ANNEX).rows if row.seq == 9]

    assert (row.unit, row.raw[0]) == ("综合监管和执法局", "综合监管和执法局")


def test_windows_line_ends_control_characters_and_emoji_do_no_harm():
    text = (
        ANNEX.replace("\n", "\r\n")
        .replace("财政局", "财\x07政\u200b局")
        .replace("副书记", "副书记🙂")
    )

    reading = read_text(text)

    assert (reading.rows[6].unit, reading.rows[0].leader_title) == ("财政局", "副书记🙂")
    assert len(reading.rows) == 18


def test_the_annex_without_its_heading_is_told_by_its_header():
    assert_whole(read_text(ANNEX.split("\n", 1)[1]))


def test_the_annex_without_tabs_is_read_by_its_phone_numbers():
    assert_whole(read_text(ANNEX.replace("\t", "")))


def test_the_annex_without_tabs_and_blank_lines_is_read_by_its_phone_numbers():
    lines = [line for line in ANNEX.replace("\t", "").split("\n") if line]

    assert_whole(read_text("\n".join(lines).replace("综合监管和\n执法局", "综合监管和执法局")))


@pytest.mark.parametrize("mark", ["\t", "  ", "\u3000", " ", " | ", "、", "，"])
def test_text_of_one_row_a_line_is_cut_at_each_usual_mark(mark: str):
    lines = [mark.join([*row, PHONE]) for row in ROSTER]

    assert_whole(read_text("\n".join([HEADING, mark.join(HEADER), *lines])))


def test_names_spaced_out_and_serial_numbers_are_understood():
    text = f"{HEADING}\n序号  单  位  领导  职务  联络员  职务  手机\n" + "\n".join(
        f"{seq}  {unit}  {leader[0]}  {leader[1:]}  {held}  {liaison}  {title}  {PHONE}"
        for seq, (unit, leader, held, liaison, title) in enumerate(ROSTER, 1)
    )

    assert_whole(read_text(text))


def test_a_markdown_table_is_read():
    rows = [HEADER, ["---"] * 6, *([*row, PHONE] for row in ROSTER)]

    assert_whole(read_text("\n".join([HEADING, *(f"| {' | '.join(row)} |" for row in rows)])))


@pytest.mark.parametrize(
    "broken",
    [
        "综合监管和\n执法局 陈某某 副局长 李某 科员 13800138000",
        "综合监管和 陈某某 副局长 李某 科员 13800138000\n执法局",
        "综合监管和执法局 陈某某 副局长\n李某 科员 13800138000",
        "综合监管和执法局 陈某某 副局长 李某 科员\u3000\u300013800138000",
    ],
)
def test_a_row_broken_over_lines_is_put_together(broken: str):
    above = f"{HEADING}\n财政局 李某 副局长 汤某某 科长 {PHONE}\n"
    below = f"\n社会事务局 杜某 副局长 魏某某 科员 {PHONE}"
    text = above + broken + below

    assert persons(read_text(text)) == [ROSTER[6], ROSTER[8], ROSTER[9]]


def two_row_header_workbook() -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("名单")
        sheet.merge_range(0, 0, 0, 6, f"{HEADING}（2020年）")
        for column, text in ((0, "序号"), (1, "单  位")):
            sheet.merge_range(1, column, 2, column, text)
        sheet.merge_range(1, 2, 1, 3, "领导")
        sheet.merge_range(1, 4, 1, 6, "联络员")
        sheet.write_row(2, 2, ["姓名", "职务", "姓名", "职务", "手机"])
        for index, row in enumerate(ROSTER):
            sheet.write_row(3 + index, 0, [index + 1, *row, int(PHONE)])
    return file.getvalue()


def test_a_workbook_with_a_header_of_two_rows_is_read():
    reading = parse_roster("名单.xlsx", two_row_header_workbook(), known_units=UNITS)

    assert_whole(reading)
    assert (reading.source_kind, reading.year, reading.rows[0].line) == ("table", 2020, 4)


def test_csv_columns_may_stand_in_any_order():
    order = [5, 4, 2, 0, 3, 1]
    rows = [HEADER, *([*row, PHONE] for row in ROSTER)]

    assert_whole(read_csv([[row[column] for column in order] for row in rows]))


@pytest.mark.parametrize(
    "header",
    [
        ["部门", "分管领导", "职务", "联系人", "职务", "手机号码"],
        ["责任单位", "责任领导姓名", "责任领导职务", "联络员姓名", "职务", "电话"],
        ["单位名称", "姓名", "职务", "联络员", "职务", "联系方式（手机）"],
    ],
)
def test_headings_may_use_other_words(header: list[str]):
    assert_whole(read_csv([header, *([*row, PHONE] for row in ROSTER)]))


def test_the_leaders_phone_is_not_taken_for_the_liaisons():
    header = ["单位", "领导", "职务", "手机", "联络员", "职务", "手机"]
    row = ["财政局", "李某", "副局长", "13800138001", "汤某某", "科长", "13800138002"]

    assert read_csv([header, row]).rows[0].phone == "13800138002"


def test_the_year_is_read_from_the_title_of_the_text():
    assert read_text(ANNEX.replace("名单\n", "名单（2020年）\n", 1)).year == 2020


def test_the_year_is_read_from_the_file_name_where_the_title_has_none():
    content = "单位,领导,联络员\n财政局,李某,汤某某\n".encode()

    assert parse_roster("2021年名单.csv", content).year == 2021


GOOD = ["财政局", "李某", "副局长", "汤某某", "科长", PHONE]


def changed(column: int, value: str) -> list[str]:
    return [*GOOD[:column], value, *GOOD[column + 1 :]]


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        (GOOD, []),
        (changed(0, "园林局"), ["unknown_unit"]),
        (changed(1, ""), ["missing_leader"]),
        (changed(3, ""), ["missing_liaison"]),
        (changed(4, "副科长"), ["liaison_not_section_head"]),
        (changed(4, ""), ["liaison_not_section_head"]),
        (changed(5, ""), ["no_phone"]),
        (changed(5, "1380013800"), ["bad_phone"]),
        (changed(5, "1.38E+10"), ["bad_phone"]),
        (changed(5, "见通讯录"), ["bad_phone"]),
        (changed(5, "138 0013 8000"), []),
        (changed(5, "+86-13800138000"), []),
        (changed(1, PHONE), ["odd_name"]),
        (changed(0, ""), ["unread_text"]),
    ],
)
def test_each_oddity_of_a_row_is_named(row: list[str], codes: list[str]):
    reading = read_csv([HEADER, ["税务局", *GOOD[1:]], row], known_units=UNITS)

    assert [(w.code, w.line) for w in reading.warnings] == [(code, 3) for code in codes]


@pytest.mark.parametrize(
    ("cell", "phone"),
    [
        ("１３８００１３８０００", PHONE),
        ("138-0013-8000", PHONE),
        ("8613800138000", PHONE),
        ("13800138000/13800138001", PHONE),
        ("0373-1380013", "0373-1380013"),
        ("23800138000", None),
        ("", None),
    ],
)
def test_phones_are_read_with_hyphens_codes_and_full_width_digits(cell: str, phone: str | None):
    assert read_csv([HEADER, changed(5, cell)]).rows[0].phone == phone


def test_a_unit_given_twice_is_named_under_either_name():
    rows = [HEADER, ["税务局", *GOOD[1:]], GOOD, ["区税务局", *GOOD[1:]]]

    reading = read_csv(rows)

    assert odd(reading) == [("duplicate_unit", "区税务局", 4)]
    assert reading.warnings[0].message == "“区税务局”与第 2 行是同一单位，请只保留一行。"


def test_a_missing_phone_in_the_annex_text_shifts_nothing():
    text = ANNEX.replace(f"\t科长\n\t{PHONE}\n", "\t科长\n", 1)

    reading = read_text(text)

    assert persons(reading) == ROSTER
    assert [w.unit for w in reading.warnings if w.code == "no_phone"] == ["社会治理委员会"]


def test_a_missing_leader_in_spaced_text_shifts_nothing():
    text = f"{HEADING}\n财政局  副局长  汤某某  科长  {PHONE}\n"

    [row] = read_text(text).rows

    assert (row.leader, row.leader_title, row.liaison) == ("", "副局长", "汤某某")


def test_notes_below_the_table_are_named_and_not_read_as_units():
    text = ANNEX.rstrip() + "\n\n注：名单如有变动，请及时报送专班办公室备案。\n"

    reading = read_text(text)

    assert len(reading.rows) == 18
    assert odd(reading)[-1] == ("unread_text", "", 141)


def test_the_printed_form_masks_phones_even_in_a_wrong_column():
    reading = read_csv([HEADER, GOOD, ["税务局", PHONE, "副局长", "卫某", "科员", PHONE]])

    printed = reading.as_json()

    assert json.dumps(printed, ensure_ascii=False).count(PHONE) == 0
    assert printed == {
        "units": [
            {
                "seq": 1,
                "unit": "财政局",
                "leader": "李某",
                "leader_title": "副局长",
                "liaison": "汤某某",
                "liaison_title": "科长",
                "phone": "138****8000",
            },
            {
                "seq": 2,
                "unit": "税务局",
                "leader": "138****8000",
                "leader_title": "副局长",
                "liaison": "卫某",
                "liaison_title": "科员",
                "phone": "138****8000",
            },
        ],
        "warnings": [
            {
                "code": "odd_name",
                "unit": "税务局",
                "line": 3,
                "message": "税务局：姓名一栏不像姓名，可能串了列，请核对。",
            },
            {
                "code": "liaison_not_section_head",
                "unit": "税务局",
                "line": 3,
                "message": "税务局：联络员职务是“科员”，"
                "附件1第九条要求明确一名科室主要负责同志作为联络员，请核对。",
            },
        ],
        "count": 2,
    }


def test_a_row_shown_in_a_log_carries_no_phone():
    assert repr(read_text(ANNEX).rows[0]).count(PHONE) == 0


NO_SECTION = (
    "文件里没有“责任领导及联络员名单”一节。"
    "请上传附件3（诉求响应专班工作方案）全文，或只含该名单的文件。"
)
NO_HEADER = "前 20 行里没有名单的表头。表头应有“单位”“领导”“联络员”等列，请补上后再上传。"
NO_UNIT = "名单里一个单位也没有。请确认表头下面有单位、领导和联络员，再重新上传。"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", "附件4\n\n培训方案\n\n一、课程安排\n".encode(), NO_SECTION),
        ("a.txt", ("为促进民营经济健康发展，制订本计划。\n" * 8000).encode(), NO_SECTION),
        ("a.txt", "🙂🙂🙂\n🙂".encode(), NO_SECTION),
        ("a.txt", b"", "文件是空的。请确认选对了文件，再重新上传。"),
        ("a.txt", f"{HEADING}\n\n附件4\n财政局 李某 副局长".encode(), NO_UNIT),
        ("a.txt", HEADING.encode(), NO_UNIT),
        ("a.txt", (HEADING + "\n为促进民营经济发展\n制订本计划" * 5000).encode(), NO_UNIT),
        ("a.csv", "课程,时间\n政策解读,8月\n".encode(), NO_HEADER),
        ("a.csv", "单位,领导,联络员\n".encode(), NO_UNIT),
        ("a.txt", b"\0\1\2", "文件里有二进制内容，不是文本。请上传 .xlsx、.csv 或 .txt 文件。"),
        ("a.xlsx", b"%PDF-1.7", "这是 PDF 文件，不是表格。请上传原来的 .xlsx 或 .csv 文件。"),
        (
            "a.csv",
            ("单位,领导,联络员\n" + "财政局,李某,汤某某\n" * 1001).encode(),
            "名单有 1001 行，超过 1000 行。请确认上传的是责任领导及联络员名单。",
        ),
    ],
)
def test_a_file_without_a_roster_is_refused_in_plain_words(name: str, content: bytes, message: str):
    assert refusal(name, content) == message


@pytest.mark.parametrize(
    "title",
    [
        "科长",
        "主任",
        "办公室主任",
        "经发办主任",
        "治安管理大队大队长",
        "所长",
        "股长",
        "部长",
        "队长",
        "站长",
        "综合科负责人",
        "副局长、办公室主任",
        "科长（兼）",
        "办 公 室 主 任",
        "副科长（主持工作）",
    ],
)
def test_principals_of_sections_fit_article_nine(title: str):
    assert is_section_head(title) is True


@pytest.mark.parametrize(
    "title",
    [
        "科员",
        "文员",
        "办事员",
        "干事",
        "工作人员",
        "副科长",
        "副主任",
        "办公室副主任",
        "治安管理大队副大队长",
        "副总经理",
        "四级主任科员",
        "主任助理",
        "党委委员、常务副乡长",
        "分管负责人",
        "",
    ],
)
def test_clerks_and_deputies_do_not_fit_article_nine(title: str):
    assert is_section_head(title) is False


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("税务局", "税务局"),
        ("区税务局", "税务局"),
        ("区市场监管领导小组", "市场监管领导小组"),
        ("振中街道", "振中街道办事处"),
        ("区振中街道办事处", "振中街道办事处"),
        ("综合监管和\n执法局", "综合监管和执法局"),
        ("财　政 局", "财政局"),
        ("区财政局", "财政局"),
        ("高投公司", "高新投资发展有限公司"),
        ("管委会办公室", None),
        ("法庭", None),
        ("", None),
        ("区", None),
    ],
)
def test_other_names_of_a_unit_lead_to_the_registered_one(name: str, unit: str | None):
    known = {**UNITS, "高新投资发展有限公司": ("高投公司",)}

    assert canonical_unit(name, known) == unit
